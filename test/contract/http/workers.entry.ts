// The Worker as it is deployed, with one door more: there is no shell on Workers, and the contract needs keys of every
// scope. All else goes where it always goes.

import type { DurableObjectState } from "@cloudflare/workers-types";
import { createApiKey } from "../../../ingest/ledger/api-keys.ts";
import { durableSql, shardName } from "../../../ingest/ledger/durable-object.ts";
import type { Scope } from "../../../ingest/scope.ts";
import { MAKE_KEY } from "./runtime.ts";
import worker, { LedgerShard as Shard } from "../../../ingest/worker.ts";

type Environment = ConstructorParameters<typeof Shard>[1];

const isForKey = (request: Request) => new URL(request.url).pathname === MAKE_KEY;

export default {
  fetch: (request: Request, env: Environment): Promise<Response> =>
    isForKey(request) ? env.LEDGER.getByName(shardName(0)).fetch(request) : worker.fetch(request, env),
};

export class LedgerShard extends Shard {
  readonly #storage: DurableObjectState["storage"];

  constructor(ctx: DurableObjectState, env: Environment) {
    super(ctx, env);
    this.#storage = ctx.storage;
  }

  override async fetch(request: Request): Promise<Response> {
    if (!isForKey(request)) return super.fetch(request);
    const scopes = (await request.json()) as Scope[];
    const key = { name: "contract", scopes, now: Date.now() * 1000 };
    return new Response(await createApiKey(durableSql(this.#storage), key));
  }
}
