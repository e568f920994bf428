// Keyhouse on Node: `npm start`. Environment → what the app is given, and nothing else.

import { parseArgs } from "node:util";
import { addDuration, isDuration } from "../licensing/index.ts";
import { createApp } from "./app.ts";
import { systemClock } from "./clock.ts";
import { serveDocs } from "./docs.ts";
import { docsScript } from "./docs-script.ts";
import { setEnvironmentKey } from "./environment-key.ts";
import { homeOf, openLedger } from "./home.ts";
import { openKeys } from "./keys-file.ts";
import { listApiKeys } from "./ledger/api-keys.ts";
import { ledgerSummary } from "./ledger/queries.ts";
import { Ledgers } from "./ledgers.ts";
import { operationOf } from "./operation/node-operation.ts";
import { listen } from "./operation/node-server.ts";
import { startRefresh } from "./refresh.ts";
import { isReportsKey, NO_REPORTS_KEY } from "./reports-key.ts";
import { behindSegments } from "./segments/behind.ts";
import { bucketOf } from "./segments/bucket.ts";
import { folderStore } from "./segments/folder.ts";
import { type SiteDeps, serveSite } from "./site.ts";
import { folderFiles } from "./site-folder.ts";
import { secretsOf } from "./sources/stripe/secrets.ts";

const HELP = `npm start

Runs the service: the API, and the report site under /reports/, on one port.

KEYHOUSE_HOME           the folder of all data (./data)
HOST, PORT              where to listen (127.0.0.1, 8787)
KEYHOUSE_SECRET         encrypts the keys at rest; without it they are only as safe as the folder
KEYHOUSE_ADMIN_KEY      an API key of scope admin, kh_admin_ and 32 random characters or more; for where there is no shell
KEYHOUSE_REPORTS_KEY    asks readers of /reports/ for this password: kh_reports_ and 32 random characters or more
KEYHOUSE_ISSUER         "iss" of every license (keyhouse)
KEYHOUSE_SEGMENTS       s3://bucket/prefix, to keep segments there; its key is in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
                        its place in AWS_ENDPOINT_URL_S3, AWS_REGION
KEYHOUSE_LOAD_EVERY     pause between two refreshes of lake and reports, such as PT10M (the default), or "off"
KEYHOUSE_RATE_LIMITS    how often may be asked, such as "public=600/PT1M keyed=6000/PT1M guesses=20/PT10M", or "off"
KEYHOUSE_TRUSTED_PROXIES  addresses and networks whose X-Forwarded-For is believed (none)
KEYHOUSE_DRAIN          how long /readyz says no before a stop takes no more requests, such as PT10S (PT0S)
LOG_LEVEL               debug, info, warn, error or silent (info); the log is JSON on standard error
SHOPIFY_WEBHOOK_SECRET  what your Shopify store signs its webhooks with
STRIPE_WEBHOOK_SECRET   the signing secret of your Stripe endpoint; two, with a space between, while one is rolled

It stops on SIGTERM or Ctrl-C, after the requests at hand, and loses nothing.`;

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) return say(HELP);
  const { env } = process;
  const port = readPort(env["PORT"]);
  const everyMs = readInterval(env["KEYHOUSE_LOAD_EVERY"]);
  const readers = readersOf(env["KEYHOUSE_REPORTS_KEY"]);
  const host = env["HOST"] || "127.0.0.1";
  const home = homeOf(env);
  const segments = bucketOf(env) ?? folderStore(home.segments);

  const operation = operationOf(env, home.root);
  const { log } = operation;
  const { ledger, close } = openLedger(home, (group) => operation.metrics.committed(group));
  const behind = await behindSegments(ledger.sql, ledger.shard, segments);
  if (behind !== null) throw new Error(behind);
  operation.lookAfter(ledger);
  await setEnvironmentKey(ledger, env["KEYHOUSE_ADMIN_KEY"] || undefined);
  const keys = await openKeys(home.keys, env["KEYHOUSE_SECRET"] || undefined);
  const app = createApp({
    ledgers: new Ledgers([ledger]),
    keys: keys.current,
    clock: systemClock,
    issuer: env["KEYHOUSE_ISSUER"] || "keyhouse",
    shopifySecret: env["SHOPIFY_WEBHOOK_SECRET"] || undefined,
    stripeSecrets: secretsOf(env["STRIPE_WEBHOOK_SECRET"]),
    report: (error, id) => log.error({ id, error }, "a request failed here"),
    operation,
  });
  const around = { clock: systemClock, operation };
  serveSite(app, {
    ...around,
    files: folderFiles(home.site),
    readers,
  });
  serveDocs(app, { ...around, script: docsScript() });

  const server = await listen({ fetch: app.fetch, hostname: host, port });
  const address = `http://localhost:${server.port}`;
  const refresher = startRefresh({ ledger, segments, everyMs, say });
  const stop = async (): Promise<void> => {
    await operation.drain();
    await server.close();
    await refresher.stop();
    close();
    log.flush();
  };
  // Before anyone is told that it runs: who then stops it at once is heard.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  const { hasCatalog } = ledgerSummary(ledger.sql);
  const isUnused = !hasCatalog || listApiKeys(ledger.sql).length === 0;
  const greeting = [
    `Keyhouse listens on ${address}, reports on ${address}/reports/, the API to try on ${address}/docs. All data is in ${home.root}.`,
    ...(keys.isNew ? [`Made a signing key: ${keys.signer.kid}.`] : []),
    ...(keys.isDevelopment
      ? ["Set KEYHOUSE_SECRET before this holds anything real: the keys are not protected yet."]
      : []),
    ...(isUnused ? [firstSteps(address)] : []),
  ];
  say(greeting.join("\n"));
}

const firstSteps = (address: string) => `
There is nothing here yet. Make an API key:

  npm run -s keys -- api-key create --name first --scope admin

and publish what you sell, with that key:

  curl -X PUT ${address}/v1/catalog -H "Authorization: Bearer $KEY" -d '{
    "version": "1",
    "products": [{ "sku": "CAD-PRO", "name": "Atlas CAD Pro", "brand": "Atlas" }],
    "licenseModels": [{ "id": "perpetual", "name": "Perpetual", "term": { "kind": "perpetual" }, "metric": "node-locked" }]
  }'

The README goes on from there, to a first order and activation.
`;

function readersOf(key: string | undefined): SiteDeps["readers"] {
  if (!key) return "everybody";
  if (!isReportsKey(key)) throw new Error(NO_REPORTS_KEY);
  return { key };
}

function readPort(text: string | undefined): number {
  const port = Number(text || "8787");
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT is "${text}": give a number from 0 to 65535.`);
}

function readInterval(text: string | undefined): number | null {
  if (text === "off") return null;
  const duration = text || "PT10M";
  if (isDuration(duration)) return addDuration(0, duration) / 1000;
  throw new Error(`KEYHOUSE_LOAD_EVERY is "${text}": give an ISO 8601 duration such as PT10M, or "off".`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
