import { type Answer, ok, type Request } from "../route.ts";

/** GET /.well-known/jwks.json: the keys that verify licenses. */
export async function jwks({ deps }: Request): Promise<Answer> {
  return ok({ keys: deps.publicKeys });
}

/** GET /healthz: that the ledger can be read: of several shards, the one that every order system needs. */
export async function healthz({ deps }: Request): Promise<Answer> {
  const { lastSeq } = await deps.ledgers.control.ask("summary");
  return ok({ status: "ok", lastSeq });
}
