import { formatInstant, signRevocations, toNumericDate } from "../../licensing/index.ts";
import { problemOf } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { byOf } from "../scope.ts";
import { activationBody } from "./activations.ts";

/** POST /v1/licenses/{licenseId}/revoke: the seat ends, and its license is listed until it would have ended. */
export async function revokeLicense({ c, deps, key }: Request): Promise<Answer> {
  const licenseId = c.req.param("licenseId") ?? "";
  const outcome = await deps.ledgers.ofId(licenseId).execute("revokeLicense", {
    licenseId,
    by: byOf(key),
    occurredAt: null,
    source: "api",
  });
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  return ok({ activation: activationBody(outcome.value.entitlement, outcome.value.seat) });
}

/** GET /v1/revocations: the signed list of what must not run any more, though it would. */
export async function revocations({ deps }: Request): Promise<Answer> {
  const now = deps.clock();
  const parts = await Promise.all(deps.ledgers.all.map((ledger) => ledger.ask("revoked", now)));
  // Each shard's number only rises, and so does their sum. A key that was compromised changes the list too, and none is
  // ever trusted again: their count only rises as well.
  const number = parts.reduce((sum, part) => sum + part.number, deps.compromised.length);
  const list = await signRevocations(
    {
      iss: deps.issuer,
      iat: toNumericDate(now),
      number,
      licenses: parts.flatMap((part) => part.licenses),
      activations: parts.flatMap((part) => part.activations),
      entitlements: parts.flatMap((part) => part.entitlements),
      keys: [...deps.compromised],
    },
    deps.signer,
  );
  return ok({ number, issuedAt: formatInstant(now), list });
}
