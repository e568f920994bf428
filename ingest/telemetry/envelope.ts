// Pure. What every event of telemetry says beside its type and its data.

import { z } from "zod";
import { text } from "../../licensing/index.ts";
import { appSchema, hostSchema, platformSchema } from "../host.ts";
import { check, type Parsed } from "../request.ts";
import { type Moment, momentOf } from "./moment.ts";

const OWN_ID = { act: /^act_[0-9a-hjkmnp-tv-z]{28}$/, ent: /^ent_[0-9a-hjkmnp-tv-z]{28}$/ };
export const MAX_ID = 128;
const MAX_TIMESTAMP = 40;
export const MAX_USER = 300;

export const envelopeSchema = z.object({
  id: text(MAX_ID).describe(
    "The sender's own, unique for ever, such as a UUID: it is what the event is known by.",
  ),
  occurredAt: z
    .string()
    .max(MAX_TIMESTAMP)
    .transform((timestamp, context): Moment => {
      const moment = momentOf(timestamp);
      if (moment) return moment;
      context.addIssue({ code: "custom", message: "an RFC 3339 timestamp such as 2026-01-05T10:00:00Z" });
      return z.NEVER;
    })
    .meta({ format: "date-time", description: "By the sender's clock, such as 2026-01-05T10:00:00Z." }),
  activationId: z
    .string()
    .regex(OWN_ID.act)
    .optional()
    .describe("What it is about: this, `entitlementId`, or both."),
  entitlementId: z.string().regex(OWN_ID.ent).optional(),
  // A name may be its owner's: of a host, nothing but the hash of its ID is kept.
  host: hostSchema.pick({ id: true }).optional().describe("Kept as a keyed hash."),
  user: text(MAX_USER).optional().describe("Kept as a keyed hash."),
  platform: platformSchema.optional(),
  app: appSchema.optional(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** The fields of an envelope. */
export const envelopeFields: ReadonlySet<string> = new Set(Object.keys(envelopeSchema.shape));

/** Reads an envelope; what else the object holds is passed over. */
export function readEnvelope(json: object): Parsed<Envelope> {
  const plain = plainEnvelope(json);
  return plain ? { ok: true, value: plain } : check(json, envelopeSchema);
}

/**
 * Reads an envelope as most are: printable ASCII, nothing unusual. Whatever is not plain is the schema's to judge, and a
 * test holds that both read the same. Measured: a fifth of the schema's time, which was a third of reading an event.
 */
export function plainEnvelope(json: object): Envelope | undefined {
  const { id, occurredAt, activationId, entitlementId, host, user, platform, app } = json as Sent;
  if (!isPlain(id, MAX_ID) || !isPlain(occurredAt, MAX_TIMESTAMP)) return undefined;
  const moment = momentOf(occurredAt);
  if (!moment) return undefined;
  if (activationId !== undefined && !isOwn(activationId, OWN_ID.act)) return undefined;
  if (entitlementId !== undefined && !isOwn(entitlementId, OWN_ID.ent)) return undefined;
  if (host !== undefined && !isPlain(host?.id, 500)) return undefined;
  if (user !== undefined && !isPlain(user, MAX_USER)) return undefined;
  if (app !== undefined && !isPlain(app?.version, 100)) return undefined;
  if (platform !== undefined && !isPlainPlatform(platform)) return undefined;
  return { id, occurredAt: moment, activationId, entitlementId, host, user, platform, app } as Envelope;
}

/** A parsed line: any field may be anything. */
interface Sent {
  [field: string]: unknown;
  host?: { id?: unknown } | null;
  app?: { version?: unknown } | null;
  platform?: { os?: { type?: unknown; version?: unknown } | null; arch?: unknown } | null;
}

export function isPlainPlatform(platform: NonNullable<Sent["platform"]> | null): boolean {
  const os = platform?.os;
  return (
    isPlain(os?.type, 100) &&
    (os?.version === undefined || isPlain(os.version, 100)) &&
    (platform?.arch === undefined || isPlain(platform.arch, 100))
  );
}

const PRINTABLE = /^[\x20-\x7e]+$/;

const isPlain = (value: unknown, max: number): value is string =>
  typeof value === "string" && value.length <= max && PRINTABLE.test(value);

const isOwn = (value: unknown, form: RegExp): boolean => typeof value === "string" && form.test(value);
