// Pure. A line of telemetry → the fact that it tells, or why it is kept apart.

import { z } from "zod";
import type { Instant } from "../../licensing/index.ts";
import { type FaultCode, problem, type Problem } from "../problem.ts";
import { check, type Parsed } from "../request.ts";
import { faultOfValue } from "./bounds.ts";
import { holdsCode } from "./codes.ts";
import { type Envelope, envelopeFields, readEnvelope } from "./envelope.ts";
import { factHead, joints, platformKnown, platformSaid, quote } from "./fact.ts";
import { earliest, latest, type Reading } from "./reading.ts";
import {
  envelopeNeeds,
  isTelemetryType,
  telemetryDetail,
  type TelemetryFact,
  type TelemetryType,
} from "./types.ts";

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
  return readJson(json, reading);
}

function readJson(json: unknown, reading: Reading): Parsed<TelemetryFact> {
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

/** What the envelope of a type does not say, and has to. */
function missingOf(type: TelemetryType, envelope: Envelope) {
  if (envelope.activationId === undefined && envelope.entitlementId === undefined)
    return unfit("activationId", "say what this is about: an activationId or an entitlementId");
  const need = envelopeNeeds[type];
  if (need === undefined || envelope[need] !== undefined) return null;
  return unfit(need, `say which ${need === "app" ? "version" : need} it is now`);
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

function outOfRange(occurredAt: Instant, reading: Reading) {
  if (occurredAt > latest(reading))
    return misfit(
      "occurred_at_out_of_range",
      "This is more than a day ahead: check the clock.",
      "occurredAt",
    );
  if (occurredAt >= earliest(reading)) return null;
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
  const unknown = Object.keys(sent).filter((name) => !known.has(name));
  const extra = unknown.map((name): [string, unknown] => [name, (sent as Record<string, unknown>)[name]]);
  const fault = faultOfValue(data) ?? faultOfValue(extra);
  if (fault !== null) return unfit("data", `it, or a field that is not known, holds ${fault}`);
  const free =
    joints.id +
    quote(id) +
    platformSaid(platform) +
    joints.appVersion +
    quote(app?.version) +
    joints.detail +
    JSON.stringify(data) +
    (extra.length === 0 ? "" : `,"extra":${objectOf(extra)}`);
  if (holdsCode(free)) return codeSent;
  const hashes =
    joints.hostHash +
    quote(host && hashId(host.id)) +
    joints.userHash +
    quote(user === undefined ? user : hashId(user));
  const keys =
    (entitlementId === undefined ? "" : `${joints.entitlement}${entitlementId}"`) +
    (activationId === undefined ? "" : `${joints.activation}${activationId}"`);
  const fact = `${factHead(type)}${occurredAt.written}"${keys}${hashes}${platformKnown(platform)}${free}}`;
  return { ok: true, value: { id, about: activationId ?? entitlementId ?? "", fact } };
}

const codeSent = misfit(
  "activation_code_sent",
  "An activation code is a credential, and none is kept here: send the activationId or the entitlementId.",
);

/** Written by hand, for a field may have any name: `__proto__` as well. */
const objectOf = (entries: readonly [string, unknown][]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
