// Keyhouse on Cloudflare Workers: `npx wrangler dev`, `npx wrangler deploy`. Environment → what the app is given, and
// nothing else.

import type { DurableObjectState, R2Bucket } from "@cloudflare/workers-types";
import type { Hono } from "hono";
import { addDuration, isDuration } from "../licensing/index.ts";
import { createApp, respond } from "./app.ts";
import { systemClock } from "./clock.ts";
import { keyRing } from "./keys-ring.ts";
import { readSecrets, type Secrets } from "./keys-secrets.ts";
import { setEnvironmentKey } from "./ledger/api-keys.ts";
import { durableSql, shardName, shardOf } from "./ledger/durable-object.ts";
import { Ledger } from "./ledger/ledger.ts";
import { problem } from "./problem.ts";
import { ExportAlarm } from "./segments/alarm.ts";
import { exportSegments, hasUnexported } from "./segments/exporter.ts";
import { r2Store } from "./segments/r2.ts";

/** The bindings of `wrangler.toml`, and the secrets and variables of a deployment. */
interface Environment extends Secrets {
  LEDGER: { getByName(name: string): { fetch(request: Request): Promise<Response> } };
  SEGMENTS: R2Bucket;
  /** `iss` of every license (keyhouse). */
  KEYHOUSE_ISSUER?: string;
  /** From a write to its export, at most, such as PT1M (the default). */
  KEYHOUSE_EXPORT_EVERY?: string;
  /** What your Shopify store signs its webhooks with. */
  SHOPIFY_WEBHOOK_SECRET?: string;
}

export default {
  async fetch(request: Request, env: Environment): Promise<Response> {
    const keys = readSecrets(env, request.url);
    if (!keys.ok) return respond(problem("keys_missing", keys.detail));
    // There is one shard, and everything is in it.
    const shard = env.LEDGER.getByName(shardName(0));
    try {
      return await shard.fetch(request);
    } catch (error) {
      // The object was overloaded, moved to another machine, or could not store what it had answered.
      console.error(error);
      return respond(
        problem("storage_unavailable", "This may be on record or not: send the same again to find out."),
      );
    }
  },
};

/** One shard of the ledger, with the app in front of it. Its name says which. */
export class LedgerShard {
  #app: Hono | undefined;
  readonly #alarm: ExportAlarm;

  constructor(ctx: DurableObjectState, env: Environment) {
    const shard = shardOf(ctx.id.name);
    const sql = durableSql(ctx.storage);
    const alarm = new ExportAlarm({
      storage: ctx.storage,
      everyMs: readInterval(env.KEYHOUSE_EXPORT_EVERY),
      isBehind: () => hasUnexported(sql),
      exportAll: () => exportSegments(sql, shard, r2Store(env.SEGMENTS)),
      report: (error) => console.error(error),
    });
    this.#alarm = alarm;
    // Nothing comes in before this is done.
    void ctx.blockConcurrencyWhile(async () => {
      const keys = readSecrets(env);
      if (!keys.ok) throw new Error(keys.detail);
      const ledger = new Ledger({
        sql: {
          ...sql,
          transaction(work) {
            const result = sql.transaction(work);
            alarm.set();
            return result;
          },
        },
        shard,
        clock: systemClock,
        // Measured in workerd, 64 at once: some 1,900 activations a second, where setTimeout and microtasks made 1,300.
        defer: (callback) => void setImmediate(callback),
      });
      await setEnvironmentKey(sql, keys.value.adminKey, systemClock());
      await alarm.wake();
      const ring = keyRing(keys.value.signing, keys.value.hostKey);
      await ring;
      this.#app = createApp({
        ledger,
        keys: () => ring,
        clock: systemClock,
        issuer: env.KEYHOUSE_ISSUER || "keyhouse",
        shopifySecret: env.SHOPIFY_WEBHOOK_SECRET || undefined,
        report: (error) => console.error(error),
      });
    });
  }

  async fetch(request: Request): Promise<Response> {
    if (!this.#app) throw new TypeError("a request came before the ledger was open");
    return this.#app.fetch(request);
  }

  alarm(): Promise<void> {
    return this.#alarm.ring();
  }
}

function readInterval(text: string | undefined): number {
  const duration = text || "PT1M";
  if (isDuration(duration)) return addDuration(0, duration) / 1000;
  throw new Error(`KEYHOUSE_EXPORT_EVERY is "${text}": give an ISO 8601 duration such as PT1M.`);
}
