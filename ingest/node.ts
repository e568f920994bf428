// Keyhouse on Node: `npm start`. Environment → what the app is given, and nothing else.

import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { type ServerType, serve } from "@hono/node-server";
import { addDuration, isDuration } from "../licensing/index.ts";
import { createApp } from "./app.ts";
import { systemClock } from "./clock.ts";
import { serveDocs } from "./docs.ts";
import { homeOf, openLedger } from "./home.ts";
import { openKeys } from "./keys-file.ts";
import { listApiKeys, setEnvironmentKey } from "./ledger/api-keys.ts";
import { ledgerSummary } from "./ledger/queries.ts";
import { Ledgers } from "./ledgers.ts";
import { startRefresh } from "./refresh.ts";
import { bucketOf } from "./segments/bucket.ts";
import { folderStore } from "./segments/folder.ts";
import { serveSite } from "./site.ts";

const HELP = `npm start

Runs the service: the API, and the report site under /reports/, on one port.

KEYHOUSE_HOME           the folder of all data (./data)
HOST, PORT              where to listen (127.0.0.1, 8787)
KEYHOUSE_SECRET         encrypts the keys at rest; without it they are only as safe as the folder
KEYHOUSE_ADMIN_KEY      an API key of scope admin, kh_admin_ and 32 random characters or more; for where there is no shell
KEYHOUSE_ISSUER         "iss" of every license (keyhouse)
KEYHOUSE_SEGMENTS       s3://bucket/prefix, to keep segments there; its key is in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
                        its place in AWS_ENDPOINT_URL_S3, AWS_REGION
KEYHOUSE_LOAD_EVERY     pause between two refreshes of lake and reports, such as PT10M (the default), or "off"
SHOPIFY_WEBHOOK_SECRET  what your Shopify store signs its webhooks with

It stops on SIGTERM or Ctrl-C, after the requests at hand, and loses nothing.`;

const say = (line: string) => console.log(line);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: "boolean" } } });
  if (values.help) return say(HELP);
  const { env } = process;
  const port = readPort(env["PORT"]);
  const everyMs = readInterval(env["KEYHOUSE_LOAD_EVERY"]);
  const host = env["HOST"] || "127.0.0.1";
  const home = homeOf(env);
  const segments = bucketOf(env) ?? folderStore(home.segments);

  const { ledger, close } = openLedger(home);
  await setEnvironmentKey(ledger.sql, env["KEYHOUSE_ADMIN_KEY"] || undefined, systemClock());
  const keys = await openKeys(home.keys, env["KEYHOUSE_SECRET"] || undefined);
  const app = createApp({
    ledgers: new Ledgers([ledger]),
    keys: keys.current,
    clock: systemClock,
    issuer: env["KEYHOUSE_ISSUER"] || "keyhouse",
    shopifySecret: env["SHOPIFY_WEBHOOK_SECRET"] || undefined,
    report: (error) => console.error(error),
  });
  serveSite(app, home.site);
  serveDocs(app);

  const server = await listen({ fetch: app.fetch, hostname: host, port });
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const refresher = startRefresh({ ledger, segments, everyMs, say });
  const stop = async (): Promise<void> => {
    await closeServer(server);
    await refresher.stop();
    close();
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

function listen(options: Parameters<typeof serve>[0]): Promise<ServerType> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerType>();
  const server = serve(options, () => resolve(server));
  server.once("error", (error: NodeJS.ErrnoException) =>
    reject(
      error.code === "EADDRINUSE"
        ? new Error(`Port ${options.port} is taken: stop what listens there, or set PORT.`)
        : error,
    ),
  );
  return promise;
}

/** Takes no new request, and waits for those at hand. */
function closeServer(server: ServerType): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  return promise;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
