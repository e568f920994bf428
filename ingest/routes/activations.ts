import {
  type Binding,
  claimsOf,
  type Entitlement,
  formatInstant,
  parseActivationCode,
  type Seat,
  signLicense,
} from "../../licensing/index.ts";
import { activationSchema } from "../api/requests.ts";
import type { Deps } from "../deps.ts";
import { occurredAt } from "../history.ts";
import { bindingOf, type StatedHost, statementOf } from "../host.ts";
import type { SeatOutcome } from "../ledger/commands/seats.ts";
import { type Problem, problem, problemOf } from "../problem.ts";
import { type Parsed, readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";

/** POST /v1/activations: gives a host its seat, and the license for it. The activation code is the credential. */
export async function activate({ c, deps, key }: Request): Promise<Answer> {
  const body = await readJson(c, activationSchema);
  if (!body.ok) return body;
  const when = occurredAt(body.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const { activationCode, borrowFor } = body.value;
  const special = borrowFor === undefined ? {} : { borrowFor };
  const outcome = await activateHost(deps, activationCode, body.value, when.value, special);
  if (!outcome.ok) return outcome;
  return ok(outcome.value.answer, outcome.value.isNew ? 201 : 200);
}

/** Activates a host under a code, and signs its license. */
export async function activateHost(
  deps: Deps,
  activationCode: string,
  stated: StatedHost,
  when: number | null,
  more: { isOffline?: boolean; borrowFor?: string },
): Promise<Parsed<{ isNew: boolean; answer: ActivationAnswer }>> {
  const code = readCode(activationCode);
  if (!code.ok) return code;
  const command = {
    entitlement: { activationCode: code.value },
    hostName: stated.host.name ?? null,
    occurredAt: when,
    source: "api",
    activate: { ...statementOf(deps, stated), ...more },
  };
  const binding = bindingOf(stated);
  // Signed while the disk writes, and sent when it has.
  let signing: Promise<ActivationAnswer> | undefined;
  const outcome = await deps.ledgers.ofCode(code.value).execute("activate", command, undefined, (decided) => {
    if (!decided.ok) return;
    signing = activationAnswer(deps, decided.value, binding);
    // Where the commit fails nobody waits for it.
    signing.catch(() => undefined);
  });
  if (!outcome.ok) return { ok: false, problem: problemOf(outcome.refusal) };
  const answer = await (signing ?? activationAnswer(deps, outcome.value, binding));
  return { ok: true, value: { isNew: outcome.isNew, answer } };
}

/** Reads an activation code, or says that it is none. */
export function readCode(typed: string): Parsed<string> {
  const code = parseActivationCode(typed);
  return code ? { ok: true, value: code.code } : { ok: false, problem: noCode };
}

const noCode: Problem = problem(
  "unknown_activation_code",
  "This is no activation code: a character is wrong, swapped or missing. Codes look like 00K3D-7TQ2M-9XH4V-A6BPR.",
  [{ field: "activationCode", message: "its check characters do not fit" }],
);

export interface ActivationAnswer {
  activation: ReturnType<typeof activationBody>;
  license: string;
}

/** A seat with the license for it, signed. */
export async function activationAnswer(
  deps: Deps,
  { entitlement, seat }: SeatOutcome,
  binding: Binding,
): Promise<ActivationAnswer> {
  const license = await signLicense(claimsOf(deps.issuer, entitlement, seat, binding), deps.signer);
  return { activation: activationBody(entitlement, seat), license };
}

/** A seat as it is answered. */
export function activationBody(entitlement: Entitlement, seat: Seat) {
  return {
    activationId: seat.activationId,
    entitlementId: entitlement.entitlementId,
    state: seat.endedAt === null ? "bound" : "ended",
    generation: seat.generation,
    boundAt: formatInstant(seat.boundAt),
    endedAt: seat.endedAt === null ? null : formatInstant(seat.endedAt),
    licenseId: seat.license?.licenseId ?? null,
    licenseExpiresAt:
      seat.license?.expiresAt === null || seat.license === null
        ? null
        : formatInstant(seat.license.expiresAt),
  };
}
