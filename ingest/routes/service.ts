import { ledgerSummary } from "../ledger/queries.ts";
import { type Answer, ok, type Request } from "../route.ts";

/** GET /.well-known/jwks.json: the keys that verify licenses. */
export async function jwks({ deps }: Request): Promise<Answer> {
  return ok({ keys: deps.publicKeys });
}

/** GET /healthz: that the ledger can be read. */
export async function healthz({ deps }: Request): Promise<Answer> {
  const { lastSeq } = ledgerSummary(deps.ledger.sql);
  return ok({ status: "ok", lastSeq });
}
