// Pure. The types of telemetry: what customers' software tells of itself, and what the ledger makes of it.

import { z } from "zod";
import { text } from "../../licensing/index.ts";

const count = z.int().min(1).max(1_000_000_000);

/**
 * What is particular to a type: `data` as it is sent, `detail` as it is kept. Fields that are not named here are kept as
 * they were sent, for customers' software may be newer than we are.
 */
export const telemetryDetail = {
  /** The product ran on its host for the first time. */
  "telemetry.first_run": z.looseObject({}),
  /** The product runs. */
  "telemetry.heartbeat": z.looseObject({}),
  "telemetry.feature_used": z.looseObject({ feature: text(200), count: count.optional() }),
  /** Units that the product counted by itself. They move no ledger: `…/consume` does that. */
  "telemetry.units_consumed": z.looseObject({ meter: text(200), units: count }),
  /** The product is of another version now: `app_version`. */
  "telemetry.version_changed": z.looseObject({ from: text(100).optional() }),
  /** The host has another system or processor now: `os_type`, `arch`. */
  "telemetry.platform_changed": z.looseObject({}),
} as const;

export type TelemetryType = keyof typeof telemetryDetail;

/** Whether a text names a type of telemetry. */
export const isTelemetryType = (type: string): type is TelemetryType => Object.hasOwn(telemetryDetail, type);

/** What the envelope of a type has to say beside its ID, its time and what it is about. */
export const envelopeNeeds: Partial<Record<TelemetryType, "app" | "platform">> = {
  "telemetry.version_changed": "app",
  "telemetry.platform_changed": "platform",
};

/** What every event of telemetry says beside its keys; null where its sender did not. */
const reported = {
  /** The sender's own ID of it. */
  client_event_id: z.string(),
  host_hash: z.string().nullable(),
  user_hash: z.string().nullable(),
  /** OpenTelemetry's names, or "other"; what was said stands beside them where that was something else. */
  os_type: z.string().nullable(),
  os_type_raw: z.string().nullable(),
  os_version: z.string().nullable(),
  arch: z.string().nullable(),
  arch_raw: z.string().nullable(),
  app_version: z.string().nullable(),
  /** Fields beside those that we know, as they were sent. */
  extra: z.record(z.string(), z.unknown()).optional(),
};

const dataOf = <T extends TelemetryType>(type: T) => z.object({ ...reported, detail: telemetryDetail[type] });

/** `data` of telemetry by type: a part of the event's contract. */
export const telemetryData = {
  "telemetry.first_run": dataOf("telemetry.first_run"),
  "telemetry.heartbeat": dataOf("telemetry.heartbeat"),
  "telemetry.feature_used": dataOf("telemetry.feature_used"),
  "telemetry.units_consumed": dataOf("telemetry.units_consumed"),
  "telemetry.version_changed": dataOf("telemetry.version_changed"),
  "telemetry.platform_changed": dataOf("telemetry.platform_changed"),
} as const satisfies Record<TelemetryType, z.ZodType>;

/** A fact that telemetry tells, ready for the outbox. */
export interface TelemetryFact {
  /** What it is known by: its sender's ID. */
  id: string;
  /** The activation that it is about, else the entitlement: its shard is the event's. */
  about: string;
  /** The event as it goes into the outbox, but for its ID, its place and its record time: the inside of a JSON object. */
  fact: string;
}
