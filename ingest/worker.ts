// Keyhouse on Cloudflare Workers: `npx wrangler dev`, `npx wrangler deploy`. Environment → what the app is given, and
// nothing else. The app runs in the Worker, wherever the request came in; the ledger's shards in Durable Objects.

import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import type { Hono } from "hono";
import { createApp } from "./app.ts";
import { systemClock } from "./clock.ts";
import { type Keys, keyRing } from "./keys-ring.ts";
import { readSecrets } from "./keys-secrets.ts";
import { remembering } from "./ledger/remember.ts";
import { Ledgers } from "./ledgers.ts";
import { consoleLog, readLogLevel } from "./operation/log.ts";
import { type OperationEnvironment, workerOperation } from "./operation/worker-operation.ts";
import { problem } from "./problem.ts";
import { respondBare } from "./respond.ts";
import { durablePorts, LedgerShard, type ShardEnvironment, sweepShards } from "./shard.ts";

// wrangler.toml names it.
export { LedgerShard };

/** The bindings of `wrangler.toml`, and the secrets and variables of a deployment. */
interface Environment extends ShardEnvironment, OperationEnvironment {
  /** `iss` of every license (keyhouse). */
  KEYHOUSE_ISSUER?: string;
  /** What your Shopify store signs its webhooks with. */
  SHOPIFY_WEBHOOK_SECRET?: string;
}

/** Made with the first request: an isolate has one environment, and serves many. */
let app: Hono | undefined;

export default {
  async fetch(request: Request, env: Environment, ctx: ExecutionContext): Promise<Response> {
    const keys = readSecrets(env, request.url);
    if (!keys.ok) return respondBare(problem("keys_missing", keys.detail));
    app ??= appOf(env, () => keyRing(keys.value.signing, keys.value.hostKey));
    return app.fetch(request, env, ctx);
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

function appOf(env: Environment, makeRing: () => Promise<Keys>): Hono {
  let ring: Keys | undefined;
  const operation = workerOperation(env);
  return createApp({
    ledgers: new Ledgers(durablePorts(env).map((port) => remembering(port, Date.now))),
    // Kept once it is there: a promise belongs to the request that made it, and others must not wait for it.
    keys: async () => (ring ??= await makeRing()),
    clock: systemClock,
    issuer: env.KEYHOUSE_ISSUER || "keyhouse",
    shopifySecret: env.SHOPIFY_WEBHOOK_SECRET || undefined,
    report: (error, id) => operation.log.error({ id, error }, "a request failed here"),
    operation,
  });
}
