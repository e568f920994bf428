// One shard of the ledger on Workers: a Durable Object whose name says which, and the port to it.

import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState, R2Bucket } from "@cloudflare/workers-types";
import { addDuration, isDuration } from "../licensing/index.ts";
import { systemClock } from "./clock.ts";
import { setEnvironmentKey } from "./environment-key.ts";
import { readSecrets, type Secrets } from "./keys-secrets.ts";
import { ShardAlarm } from "./ledger/alarm.ts";
import { Courier } from "./ledger/courier.ts";
import { durableSql, shardName, shardOf } from "./ledger/durable-object.ts";
import { Ledger } from "./ledger/ledger.ts";
import type { RequestName } from "./ledger/once.ts";
import { MAX_SHARDS } from "./ledger/placement.ts";
import type { LedgerPort } from "./ledger/port.ts";
import { remotePort, type RemoteShard, type Reply, replyOf } from "./ledger/remote.ts";
import { sweep } from "./ledger/sweep.ts";
import { consoleLog, type Log, readLogLevel } from "./operation/log.ts";
import { tidyUp } from "./operation/tidy-up.ts";
import { exportSegments, hasUnexported } from "./segments/exporter.ts";
import { r2Store } from "./segments/r2.ts";

export interface ShardEnvironment extends Secrets {
  LEDGER: { getByName(name: string): RemoteShard };
  SEGMENTS: R2Bucket;
  /** How many shards there are, 1 to 1024; the same for ever once anything is on record. */
  KEYHOUSE_SHARDS: string;
  /** From a write to its export, at most, such as PT1M (the default). */
  KEYHOUSE_EXPORT_EVERY?: string;
  /** debug, info (the default), warn, error or silent. */
  LOG_LEVEL?: string;
}

/** Asks every shard whether something waits there that no alarm will see to. @returns how many did not answer */
export function sweepShards(
  { LEDGER, KEYHOUSE_SHARDS }: ShardEnvironment,
  report: (error: unknown, shard: number) => void,
): Promise<number> {
  return sweep(
    readShards(KEYHOUSE_SHARDS),
    (shard) => LEDGER.getByName(shardName(shard)).lookAfter(),
    report,
  );
}

/** The port to each shard, in the order of their numbers. */
export function durablePorts({ LEDGER, KEYHOUSE_SHARDS }: ShardEnvironment): LedgerPort[] {
  // A stub is made for each call: it belongs to the request that made it, and one that broke stays broken.
  return Array.from({ length: readShards(KEYHOUSE_SHARDS) }, (_, shard) =>
    remotePort(() => LEDGER.getByName(shardName(shard))),
  );
}

export class LedgerShard extends DurableObject<ShardEnvironment> implements RemoteShard {
  readonly #alarm: ShardAlarm;
  readonly #log: Log;
  readonly #shard: number;
  #ledger: Ledger | undefined;

  constructor(ctx: DurableObjectState, env: ShardEnvironment) {
    super(ctx, env);
    const shard = shardOf(ctx.id.name);
    this.#shard = shard;
    const ports = durablePorts(env);
    const sql = durableSql(ctx.storage);
    this.#log = consoleLog(readLogLevel(env.LOG_LEVEL));
    const report = (error: unknown): void => this.#report(error);
    const courier = new Courier({
      sql,
      send: async (to, news) => ports[to]?.execute("takeNews", { news }),
      report,
    });
    const alarm = new ShardAlarm({
      storage: ctx.storage,
      everyMs: readInterval(env.KEYHOUSE_EXPORT_EVERY),
      isBehind: () => hasUnexported(sql) || courier.hasMessages(),
      catchUp: async () => {
        await courier.deliver();
        await tidyUp(this.#open());
        await exportSegments(sql, shard, r2Store(env.SEGMENTS));
      },
      report,
    });
    this.#alarm = alarm;
    // Nothing comes in before this is done.
    void ctx.blockConcurrencyWhile(async () => {
      this.#ledger = new Ledger({
        sql: {
          ...sql,
          transaction(work) {
            const result = sql.transaction(work);
            alarm.set();
            return result;
          },
        },
        shard,
        shards: ports.length,
        clock: systemClock,
        // Measured in workerd, 64 at once: some 1,900 activations a second, where setTimeout and microtasks made 1,300.
        defer: (callback) => void setImmediate(callback),
        // At once; what fails goes again with the alarm, which the same transaction has set.
        onMessages: () => void courier.deliver().catch(report),
      });
      // The API keys are on shard 0.
      if (shard === 0) {
        const keys = readSecrets(env);
        if (!keys.ok) throw new Error(keys.detail);
        await setEnvironmentKey(this.#ledger, keys.value.adminKey);
      }
      await alarm.wake();
    });
  }

  execute(name: string, command: unknown, once?: RequestName): Promise<Reply> {
    return replyOf(
      () => this.#open().execute(name as never, command as never, once),
      (error) => this.#report(error),
    );
  }

  ask(name: string, args: unknown[]): Promise<Reply> {
    return replyOf(
      () => this.#open().ask(name as never, ...(args as [never])),
      (error) => this.#report(error),
    );
  }

  alarm(): Promise<void> {
    return this.#alarm.ring();
  }

  // One that slept has done this already, as it woke; one that is awake takes its alarm for set.
  lookAfter(): Promise<void> {
    return this.#alarm.wake();
  }

  #report(error: unknown): void {
    this.#log.error({ shard: this.#shard, error }, "a shard's work failed");
  }

  #open(): Ledger {
    if (!this.#ledger) throw new TypeError("a call came before the ledger was open");
    return this.#ledger;
  }
}

function readShards(text: string): number {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 1 && shards <= MAX_SHARDS) return shards;
  throw new Error(`KEYHOUSE_SHARDS is "${text}": give a whole number, 1 to ${MAX_SHARDS}.`);
}

function readInterval(text: string | undefined): number {
  const duration = text || "PT1M";
  if (isDuration(duration)) return addDuration(0, duration) / 1000;
  throw new Error(`KEYHOUSE_EXPORT_EVERY is "${text}": give an ISO 8601 duration such as PT1M.`);
}
