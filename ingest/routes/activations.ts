import { z } from "zod";
import {
  type Binding,
  claimsOf,
  type Entitlement,
  formatInstant,
  hostDigest,
  instantSchema,
  parseActivationCode,
  type Seat,
  signLicense,
  text,
} from "../../licensing/index.ts";
import { occurredAt } from "../history.ts";
import { normalizeArch, normalizeOs } from "../platform.ts";
import { problem, problemOf } from "../problem.ts";
import { readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";

// What customers' software may add of its own is passed over, not refused: it may be newer than we are.
const activationSchema = z.object({
  activationCode: z.string().max(100),
  host: z.object({ id: text(500), name: text(200).optional() }),
  user: text(300).optional(),
  platform: z.object({
    os: z.object({ type: text(100), version: text(100).optional() }),
    arch: text(100).optional(),
  }),
  app: z.object({ version: text(100) }).optional(),
  occurredAt: instantSchema.optional(),
});

/** POST /v1/activations: gives a host its seat, and the license for it. The activation code is the credential. */
export async function activate({ c, deps, key }: Request): Promise<Answer> {
  const body = await readJson(c, activationSchema);
  if (!body.ok) return body;
  const { host, user, platform, app } = body.value;
  const when = occurredAt(body.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const code = parseActivationCode(body.value.activationCode);
  if (!code)
    return {
      problem: problem(
        "unknown_activation_code",
        "This is no activation code: a character is wrong, swapped or missing. Codes look like 00K3D-7TQ2M-9XH4V-A6BPR.",
        [{ field: "activationCode", message: "its check characters do not fit" }],
      ),
    };
  const os = normalizeOs(platform.os.type);
  const arch = normalizeArch(platform.arch);
  const outcome = await deps.ledger.execute("activate", {
    entitlement: { activationCode: code.code },
    hostName: host.name ?? null,
    occurredAt: when.value,
    source: "api",
    activate: {
      hostHash: await deps.hashId(host.id),
      userHash: user === undefined ? null : await deps.hashId(user),
      platform: {
        osType: os.value,
        osTypeRaw: os.raw,
        osVersion: platform.os.version ?? null,
        arch: arch.value,
        archRaw: arch.raw,
        appVersion: app?.version ?? null,
      },
    },
  });
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  const { entitlement, seat } = outcome.value;
  const binding: Binding = {
    host: await hostDigest(host.id),
    ...(user === undefined ? {} : { user: await hostDigest(user) }),
  };
  const license = await signLicense(claimsOf(deps.issuer, entitlement, seat, binding), deps.signer);
  return ok({ activation: activationBody(entitlement, seat), license }, outcome.isNew ? 201 : 200);
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
