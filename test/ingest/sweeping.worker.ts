// The Worker as it is, with alarms that can be looked at, and taken away: Cloudflare gives one up after its sixth retry.

import type { ExecutionContext } from "@cloudflare/workers-types";
import { shardName } from "../../ingest/ledger/durable-object.ts";
import { LedgerShard as Shard } from "../../ingest/shard.ts";
import worker from "../../ingest/worker.ts";

export class LedgerShard extends Shard {
  /** When its alarm is due, if ever. */
  alarmAt(): Promise<number | null> {
    return this.ctx.storage.getAlarm();
  }

  loseAlarm(): Promise<void> {
    return this.ctx.storage.deleteAlarm();
  }
}

type Environment = Parameters<typeof worker.fetch>[1];

export default {
  ...worker,
  /** `GET /alarms` says when those of the shards are due, `DELETE /alarms` loses them; all else is the Worker's. */
  async fetch(request: Request, env: Environment, ctx: ExecutionContext): Promise<Response> {
    if (new URL(request.url).pathname !== "/alarms") return worker.fetch(request, env, ctx);
    const alarms = Array.from({ length: Number(env.KEYHOUSE_SHARDS) }, async (_, n) => {
      const shard = env.LEDGER.getByName(shardName(n)) as LedgerShard;
      if (request.method === "DELETE") await shard.loseAlarm();
      return shard.alarmAt();
    });
    return Response.json(await Promise.all(alarms));
  },
};
