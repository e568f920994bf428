// Pure. A line of telemetry → the fact that it tells, or why it is kept apart.

import { z } from "zod";
import type { Instant } from "../../licensing/index.ts";
import { EVENT_SCHEMA } from "../event.ts";
import { type Normalized, normalizeArch, normalizeOs } from "../platform.ts";
import { type FaultCode, problem, type Problem } from "../problem.ts";
import { check, type Parsed } from "../request.ts";
import { faultOfValue } from "./bounds.ts";
import { holdsCode } from "./codes.ts";
import { type Envelope, envelopeFields, readEnvelope } from "./envelope.ts";
import { isTelemetryType, telemetryDetail, type TelemetryFact, type TelemetryType } from "./types.ts";

/** What reading depends on beside the line. */
export interface Reading {
  now: Instant;
  /** Whether the sender may tell of what was long ago. */
  mayTellHistory: boolean;
  hashId: (id: string) => string;
}

/** A clock may be in the wrong time zone, or set by hand: what it says is kept, up to here. */
const MAX_AHEAD = 24 * 3_600_000_000;
/** A computer may have been offline that long; what is older is a history, and needs its scope. */
const MAX_BEHIND = 366 * 24 * 3_600_000_000;

const known = new Set([...envelopeFields, "type", "data"]);

/** `data` of each type, as a field. Where nothing of it is required it may be left out. */
const dataSchemas = Object.fromEntries(
  Object.entries(telemetryDetail).map(([type, detail]: [string, z.ZodType]) => [
    type,
    { isOptional: detail.safeParse({}).success, schema: z.object({ data: detail }) },
  ]),
) as unknown as Record<TelemetryType, { isOptional: boolean; schema: z.ZodType<{ data: unknown }> }>;

/** Reads a line as it was sent. Its problem quotes nothing of it: what a line holds is nobody's but the ledger's. */
export function readLine(line: string, reading: Reading): Parsed<TelemetryFact> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return misfit("malformed_json", "This line is no JSON.");
  }
  return readEvent(json, reading);
}

/** Reads what a line holds. */
export function readEvent(json: unknown, reading: Reading): Parsed<TelemetryFact> {
  const type = (json as { type?: unknown } | null)?.type;
  if (typeof type !== "string") return noType;
  if (!isTelemetryType(type))
    return misfit("unknown_event_type", `Known are ${Object.keys(telemetryDetail).join(", ")}.`);
  const envelope = readEnvelope(json as object);
  if (!envelope.ok) return envelope;
  const fault = missingOf(type, envelope.value) ?? outOfRange(envelope.value.occurredAt.at, reading);
  if (fault) return fault;
  const { data } = json as { data?: unknown };
  const { isOptional, schema } = dataSchemas[type];
  if (data !== undefined || !isOptional) {
    const checked = check({ data }, schema);
    if (!checked.ok) return checked;
  }
  return factOf(type, envelope.value, json as object, reading);
}

/** What the envelope of a type has to say beside its ID and its time. */
function missingOf(type: TelemetryType, { activationId, entitlementId, app, platform }: Envelope) {
  if (activationId === undefined && entitlementId === undefined)
    return unfit("activationId", "say what this is about: an activationId or an entitlementId");
  if (type === "telemetry.version_changed" && app === undefined)
    return unfit("app", "say which version it is now");
  if (type === "telemetry.platform_changed" && platform === undefined)
    return unfit("platform", "say which platform it is now");
  return null;
}

/** A field that does not fit. */
const unfit = (field: string, message: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem("invalid_request", `These fields do not fit: ${field}.`, [{ field, message }]),
});

const misfit = (code: FaultCode, detail: string, field?: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem(code, detail, field === undefined ? undefined : [{ field, message: detail }]),
});

const noType = misfit(
  "invalid_request",
  "This is no object with a type, such as telemetry.heartbeat.",
  "type",
);

function outOfRange(occurredAt: Instant, { now, mayTellHistory }: Reading) {
  if (occurredAt > now + MAX_AHEAD)
    return misfit(
      "occurred_at_out_of_range",
      "This is more than a day ahead: check the clock.",
      "occurredAt",
    );
  if (occurredAt >= now - MAX_BEHIND || mayTellHistory) return null;
  const detail =
    "This is more than a year ago: check the clock, or send it with a key of scope history:write.";
  return misfit("occurred_at_out_of_range", detail, "occurredAt");
}

/** @param sent what was checked: a checked object has lost its fields of the name `__proto__`, and those not known */
function factOf(
  type: TelemetryType,
  envelope: Envelope,
  sent: object,
  { hashId }: Reading,
): Parsed<TelemetryFact> {
  const { id, occurredAt, activationId, entitlementId, host, user, platform, app } = envelope;
  const { data = {} } = sent as { data?: unknown };
  const extra = Object.entries(sent).filter(([name]) => !known.has(name));
  const fault = faultOfValue(data) ?? faultOfValue(extra);
  if (fault !== null) return unfit("data", `it, or a field that is not known, holds ${fault}`);
  const os = platform ? normalizeOs(platform.os.type) : unsaid;
  const arch = platform?.arch === undefined ? unsaid : normalizeArch(platform.arch);
  const free =
    `"client_event_id":${quote(id)},"os_type_raw":${quote(os.raw)},"os_version":${quote(platform?.os.version)}` +
    `,"arch_raw":${quote(arch.raw)},"app_version":${quote(app?.version)},"detail":${JSON.stringify(data)}` +
    (extra.length === 0 ? "" : `,"extra":${objectOf(extra)}`);
  if (holdsCode(free)) return codeSent;
  const hashes = `"host_hash":${quote(host && hashId(host.id))},"user_hash":${quote(user === undefined ? user : hashId(user))}`;
  const keys =
    (entitlementId === undefined ? "" : `,"entitlement_id":"${entitlementId}"`) +
    (activationId === undefined ? "" : `,"activation_id":"${activationId}"`);
  const head = `"type":"${type}","schema":${EVENT_SCHEMA},"source":"api","occurred_at":"${occurredAt.written}"${keys}`;
  const fact = `${head},"data":{${hashes},"os_type":${quote(os.value)},"arch":${quote(arch.value)},${free}}`;
  return {
    ok: true,
    value: { clientEventId: id, occurredAt: occurredAt.at, about: activationId ?? entitlementId ?? "", fact },
  };
}

const codeSent = misfit(
  "activation_code_sent",
  "An activation code is a credential, and none is kept here: send the activationId or the entitlementId.",
);

const unsaid: { [K in keyof Normalized]: Normalized[K] | null } = { value: null, raw: null };

/** A text as JSON. It was checked to have no control characters, so most need no escape. */
function quote(value: string | null | undefined): string {
  if (value === null || value === undefined) return "null";
  return value.includes('"') || value.includes("\\") ? JSON.stringify(value) : `"${value}"`;
}

/** Written by hand, for a field may have any name: `__proto__` as well. */
const objectOf = (entries: readonly [string, unknown][]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
