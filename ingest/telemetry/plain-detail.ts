// Pure. `data` of an event in bytes: whether it is plain, and within what `types.ts` says of its type.

import { endOfObject } from "./plain-json.ts";
import type { TelemetryType } from "./types.ts";

/** Fields that some type has a word on: texts first, then whole numbers. */
const FIELDS = ["feature", "meter", "from", "count", "units"] as const;
const [FEATURE, METER, FROM, COUNT, UNITS] = [0, 1, 2, 3, 4];
const MAX_NAME = 200;
const MAX_VERSION = 100;
const MAX_COUNT = 1_000_000_000;

/** By field: the length of a text, or the number; -1 where there is none, NaN where it is neither. */
const said = new Float64Array(FIELDS.length);
const ABSENT = -1;

const isWithin = (field: number, max: number): boolean =>
  (said[field] ?? 0) >= 1 && (said[field] ?? 0) <= max;
const isAbsent = (field: number): boolean => said[field] === ABSENT;

const fits: Record<TelemetryType, () => boolean> = {
  "telemetry.first_run": () => true,
  "telemetry.heartbeat": () => true,
  "telemetry.feature_used": () =>
    isWithin(FEATURE, MAX_NAME) && (isAbsent(COUNT) || isWithin(COUNT, MAX_COUNT)),
  "telemetry.units_consumed": () => isWithin(METER, MAX_NAME) && isWithin(UNITS, MAX_COUNT),
  "telemetry.version_changed": () => isAbsent(FROM) || isWithin(FROM, MAX_VERSION),
  "telemetry.platform_changed": () => true,
};

/** Where `data` ends that begins at a place; -1 where it is not plain. */
export function endOfDetail(bytes: Uint8Array, begin: number): number {
  said.fill(ABSENT);
  return endOfObject(bytes, begin, note);
}

/** Whether the `data` that was looked through last fits a type; none at all is like an empty one. */
export function fitsType(type: TelemetryType, isSent: boolean): boolean {
  if (!isSent) said.fill(ABSENT);
  return fits[type]();
}

const [QUOTE, ZERO, NINE] = [0x22, 0x30, 0x39];

function note(bytes: Uint8Array, name: number, nameEnd: number, value: number, valueEnd: number): void {
  const field = fieldAt(bytes, name, nameEnd - name);
  if (field < 0) return;
  const isText = bytes[value] === QUOTE;
  if (field < COUNT) said[field] = isText ? valueEnd - value - 2 : NaN;
  else said[field] = isText ? NaN : wholeNumber(bytes, value, valueEnd);
}

function fieldAt(bytes: Uint8Array, at: number, length: number): number {
  for (let field = 0; field < FIELDS.length; field++) {
    const name = FIELDS[field];
    if (name?.length !== length) continue;
    let i = 0;
    while (i < length && bytes[at + i] === name.charCodeAt(i)) i++;
    if (i === length) return field;
  }
  return -1;
}

function wholeNumber(bytes: Uint8Array, begin: number, end: number): number {
  let number = 0;
  for (let i = begin; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < ZERO || byte > NINE) return NaN;
    number = number * 10 + byte - ZERO;
  }
  return number;
}
