// Pure. How a fact of telemetry is written, for those who write it in text and those who write it in bytes.

import { EVENT_SCHEMA } from "../event.ts";
import { type Normalized, normalizeArch, normalizeOs } from "../platform.ts";
import type { Envelope } from "./envelope.ts";
import type { TelemetryType } from "./types.ts";

/** What stands between the values of a fact, in order. */
export const joints = {
  entitlement: `,"entitlement_id":"`,
  activation: `,"activation_id":"`,
  hostHash: `,"data":{"host_hash":`,
  userHash: `,"user_hash":`,
  id: `,"client_event_id":`,
  appVersion: `,"app_version":`,
  detail: `,"detail":`,
} as const;

/** How a fact of a type begins, up to when it happened. */
export const factHead = (type: TelemetryType): string =>
  `"type":"${type}","schema":${EVENT_SCHEMA},"source":"api","occurred_at":"`;

type Platform = Envelope["platform"];

/** A platform in the registries' terms. */
export function platformKnown(platform: Platform): string {
  const { os, arch } = normalized(platform);
  return `,"os_type":${quote(os.value)},"arch":${quote(arch.value)}`;
}

/** The same as it was said, where that was something else. */
export function platformSaid(platform: Platform): string {
  const { os, arch } = normalized(platform);
  return `,"os_type_raw":${quote(os.raw)},"os_version":${quote(platform?.os.version)},"arch_raw":${quote(arch.raw)}`;
}

const unsaid: { [K in keyof Normalized]: Normalized[K] | null } = { value: null, raw: null };

const normalized = (platform: Platform) => ({
  os: platform ? normalizeOs(platform.os.type) : unsaid,
  arch: platform?.arch === undefined ? unsaid : normalizeArch(platform.arch),
});

/** A text as JSON. It was checked to have no control characters, so most need no escape. */
export function quote(value: string | null | undefined): string {
  if (value === null || value === undefined) return "null";
  return value.includes('"') || value.includes("\\") ? JSON.stringify(value) : `"${value}"`;
}
