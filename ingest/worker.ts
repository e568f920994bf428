// Keyhouse on Cloudflare Workers: `npx wrangler dev`, `npx wrangler deploy`. Environment → what the app is given, and
// nothing else. The app runs in the Worker, wherever the request came in; the ledger's shards in Durable Objects.

import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import type { Hono, MiddlewareHandler } from "hono";
import { createApp } from "./app.ts";
import { assetAt, assetFiles, type Assets } from "./assets.ts";
import { systemClock } from "./clock.ts";
import { serveDocs } from "./docs.ts";
import { type Keys, keyRing } from "./keys-ring.ts";
import { type DeploymentKeys, isOnThisMachine, type MoreSecrets, readSecrets } from "./keys-secrets.ts";
import { remembering } from "./ledger/remember.ts";
import { Ledgers } from "./ledgers.ts";
import { consoleLog, readLogLevel } from "./operation/log.ts";
import { type OperationEnvironment, workerOperation } from "./operation/worker-operation.ts";
import { problem } from "./problem.ts";
import { respondBare } from "./respond.ts";
import { durablePorts, LedgerShard, type ShardEnvironment, sweepShards } from "./shard.ts";
import { serveSite } from "./site.ts";
import { secretsOf } from "./sources/stripe/secrets.ts";

// wrangler.toml names it.
export { LedgerShard };

/** The bindings of `wrangler.toml`, and the secrets and variables of a deployment. */
interface Environment extends ShardEnvironment, OperationEnvironment, MoreSecrets {
  ASSETS: Assets;
  /** `iss` of every license (keyhouse). */
  KEYHOUSE_ISSUER?: string;
  /** What your Shopify store signs its webhooks with. */
  SHOPIFY_WEBHOOK_SECRET?: string;
  /** The signing secret of your Stripe endpoint; two, with a space between, while one is rolled. */
  STRIPE_WEBHOOK_SECRET?: string;
}

/** Made with the first request: an isolate has one environment, and serves many. */
let made: Hono | undefined;

export default {
  async fetch(request: Request, env: Environment, ctx: ExecutionContext): Promise<Response> {
    const keys = readSecrets(env, request.url);
    if (!keys.ok) return respondBare(problem("keys_missing", keys.detail));
    made ??= appOf(env, keys.value);
    return made.fetch(request, env, ctx);
  },

  // As often as `wrangler.toml` says.
  async scheduled(_controller: ScheduledController, env: Environment): Promise<void> {
    const log = consoleLog(readLogLevel(env.LOG_LEVEL));
    const failed = await sweepShards(env, (error, shard) =>
      log.error({ shard, error }, "a shard did not answer the sweep"),
    );
    log.info({ failed }, "swept");
  },
};

function appOf(env: Environment, { signing, hostKey, reportsKey }: DeploymentKeys): Hono {
  let ring: Keys | undefined;
  const operation = workerOperation(env);
  const app = createApp({
    ledgers: new Ledgers(durablePorts(env).map((port) => remembering(port, Date.now))),
    // Kept once it is there: a promise belongs to the request that made it, and others must not wait for it.
    keys: async () => (ring ??= await keyRing(signing, hostKey)),
    clock: systemClock,
    issuer: env.KEYHOUSE_ISSUER || "keyhouse",
    shopifySecret: env.SHOPIFY_WEBHOOK_SECRET || undefined,
    stripeSecrets: secretsOf(env.STRIPE_WEBHOOK_SECRET),
    report: (error, id) => operation.log.error({ id, error }, "a request failed here"),
    operation,
  });
  const around = { clock: systemClock, operation };
  const readers = reportsKey === null ? "nobody" : { key: reportsKey };
  app.use("/reports/*", overTls);
  serveSite(app, { ...around, files: assetFiles(env.ASSETS), readers });
  serveDocs(app, { ...around, script: (c) => assetAt(env.ASSETS, c, "/docs/scalar.js") });
  return app;
}

/** A browser is asked for a password where nobody listens, and so never sends it where somebody may. */
const overTls: MiddlewareHandler = async (c, next) => {
  if (!c.req.url.startsWith("http:") || isOnThisMachine(c.req.url)) return next();
  return c.redirect(c.req.url.replace("http:", "https:"), 308);
};
