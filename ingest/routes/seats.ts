import type { z } from "zod";
import {
  claimsOf,
  consumptionAt,
  type Entitlement,
  formatInstant,
  parseInstant,
  signLicense,
} from "../../licensing/index.ts";
import { consumptionSchema, lentSeatSchema, movedSeatSchema, seatSchema } from "../api/requests.ts";
import type { Deps } from "../deps.ts";
import { occurredAt } from "../history.ts";
import { bindingOf, statementOf } from "../host.ts";
import type { SeatCommand, SeatOutcome } from "../ledger/commands/seats.ts";
import { presentedLicense } from "../presented.ts";
import { type Problem, problem, problemOf } from "../problem.ts";
import { type Parsed, readJson } from "../request.ts";
import { onceOf } from "../once.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { missingScope } from "../scope.ts";
import { activationAnswer, activationBody, readCode } from "./activations.ts";

/** What each request about a seat is checked with. */
const schemas = {
  refresh: seatSchema,
  return: seatSchema,
  release: seatSchema,
  rehost: movedSeatSchema,
  repair: movedSeatSchema,
  temporary: lentSeatSchema,
  consume: consumptionSchema,
} as const satisfies Record<SeatCommand["request"], z.ZodType>;
type SeatBody = z.infer<typeof seatSchema> &
  Partial<Pick<z.infer<typeof lentSeatSchema>, "reason">> &
  Partial<Pick<z.infer<typeof consumptionSchema>, "units">>;

type SeatRoute = (request: Request) => Promise<Answer>;

/** POST /v1/activations/{activationId}/refresh: the next license for a host that holds its seat. */
export const refresh: SeatRoute = (request) => useSeat(request, "refresh");

/** POST …/return: the customer gives the seat back from a working host. */
export const giveBack: SeatRoute = (request) => useSeat(request, "return");

/** POST …/release: a floating seat goes back to the pool. */
export const release: SeatRoute = (request) => useSeat(request, "release");

/** POST …/rehost: the seat moves to the host of this request, from one that may be dead. */
export const rehost: SeatRoute = (request) => useSeat(request, "rehost");

/** POST …/repair: the host of this request is the same, but its fingerprint changed. */
export const repair: SeatRoute = (request) => useSeat(request, "repair");

/** POST …/temporary: a short license beside the seat, for the host of this request. */
export const temporary: SeatRoute = (request) => useSeat(request, "temporary");

/** POST …/consume: so many units of a metered right are used. */
export const consume: SeatRoute = (request) => useSeat(request, "consume");

async function useSeat({ c, deps, key }: Request, request: SeatCommand["request"]): Promise<Answer> {
  const parsed = await readJson<SeatBody>(c, schemas[request]);
  if (!parsed.ok) return parsed;
  const body = parsed.value;
  const when = occurredAt(body.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const activationId = c.req.param("activationId") ?? "";
  const credential = await credentialOf(deps, body, activationId, () => missingScope(key, "licenses:write"));
  if (!credential.ok) return credential;
  if (request === "temporary" && body.reason === "vendor_mistake") {
    const denied = missingScope(key, "licenses:write");
    if (denied) return { problem: denied };
  }
  const stated = body.host && { host: body.host, user: body.user, platform: body.platform, app: body.app };
  const command = {
    request,
    activationId,
    credential: credential.value.credential,
    host: stated ? statementOf(deps, stated) : null,
    hostName: body.host?.name ?? null,
    kind: body.reason ?? "failure",
    units: body.units ?? 0,
    occurredAt: when.value,
    source: "api",
  };
  const once = await onceOf({ c, deps, key }, command);
  const outcome = await deps.ledgers.ofId(activationId).execute("useSeat", command, once);
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  const { entitlement, seat } = outcome.value;
  if (request === "return" || request === "release")
    return ok({ activation: activationBody(entitlement, seat) });

  if (request === "consume") return ok(consumptionAnswer(entitlement, when.value ?? deps.clock()));

  const binding = stated ? bindingOf(stated) : credential.value.binding;
  // A named user's license is for the user, whoever asks for it.
  const user = binding?.user ?? credential.value.binding?.user;
  if (!binding || (entitlement.model.metric === "named-user" && user === undefined))
    return { problem: missing("host", "the computer that asks, and the user of a named user's license") };
  const whole = { ...binding, ...(user === undefined ? {} : { user }) };
  if (request === "temporary") return ok(await lentAnswer(deps, outcome.value, whole), 201);
  return ok(await activationAnswer(deps, outcome.value, whole));
}

function consumptionAnswer(entitlement: Entitlement, now: number) {
  const { periodStartsAt, periodEndsAt, used } = consumptionAt(entitlement, now);
  return {
    entitlementId: entitlement.entitlementId,
    used,
    quantity: entitlement.quantity,
    periodStartsAt: formatInstant(periodStartsAt),
    periodEndsAt: periodEndsAt === null ? null : formatInstant(periodEndsAt),
  };
}

interface Presented {
  credential: SeatCommand["credential"];
  /** Whom the presented license is bound to. */
  binding: { host: string; user?: string } | null;
}

/** What a caller shows for a seat: a license of it, a code, or the vendor's key. */
async function credentialOf(
  deps: Deps,
  { license, activationCode }: SeatBody,
  activationId: string,
  vendorLacks: () => Problem | null,
): Promise<Parsed<Presented>> {
  if (license !== undefined) {
    const claims = await presentedLicense(license, deps.publicKeys);
    if (!claims.ok) return claims;
    if (claims.value.activation !== activationId)
      return { ok: false, problem: problem("invalid_license", "This license is of another activation.") };
    const { generation, host, user } = claims.value;
    const binding =
      host === undefined && user === undefined ? null : { host: host ?? "", ...(user ? { user } : {}) };
    return { ok: true, value: { credential: { generation }, binding } };
  }
  if (activationCode !== undefined) {
    const code = readCode(activationCode);
    return code.ok
      ? { ok: true, value: { credential: { activationCode: code.value }, binding: null } }
      : code;
  }
  if (!vendorLacks()) return { ok: true, value: { credential: "vendor", binding: null } };
  return {
    ok: false,
    problem: missing("license", "the license of the seat, or activationCode"),
  };
}

function missing(field: string, what: string): Problem {
  return problem("invalid_request", `These fields do not fit: ${field}.`, [
    { field, message: `say ${what}` },
  ]);
}

/** A temporary license, signed: the same statement as of a seat, of a kind and a length of its own. */
async function lentAnswer(
  deps: Deps,
  { entitlement, seat, lent }: SeatOutcome,
  binding: { host: string; user?: string },
) {
  if (!lent) throw new TypeError("a temporary license was granted, and none was lent");
  const { not_before: notBefore, expires_at: expiresAt, kind, generation } = lent.data;
  const time = (written: string) => parseInstant(written) ?? 0;
  const license = {
    licenseId: lent.license_id,
    issuedAt: time(lent.occurred_at),
    notBefore: time(notBefore),
    expiresAt: time(expiresAt),
  };
  const claims = claimsOf(deps.issuer, entitlement, { ...seat, generation, license }, binding);
  const token = await signLicense({ ...claims, model: { ...claims.model, term: "temporary" } }, deps.signer);
  return {
    activation: activationBody(entitlement, seat),
    temporary: { licenseId: lent.license_id, kind, expiresAt },
    license: token,
  };
}
