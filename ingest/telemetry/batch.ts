// Pure. Telemetry by the thousand, as it was read: what passes between those who read a body and those who record it.

import type { PackedFacts } from "../ledger/pack.ts";
import type { Problem } from "../problem.ts";
import type { Told } from "./reading.ts";

/** Lines of telemetry as they were read: bytes side by side, for they go from thread to thread without a copy. */
export interface TelemetryBatch extends PackedFacts {
  /** The body as it came. */
  sent: Uint8Array<ArrayBuffer>;
  /** Where in it each line begins and ends (without its line break); blank lines are not among them. */
  begins: Uint32Array<ArrayBuffer>;
  ends: Uint32Array<ArrayBuffer>;
  /** The line's place among all lines of the body, blank ones too, from 1. */
  numbers: Uint32Array<ArrayBuffer>;
  /** Where each fact ends, unpacked, before its line break: of each line that could be read, in order. */
  factEnds: Uint32Array<ArrayBuffer>;
  /** By fact: a hash of the sender's ID, an integer of 52 bits, spread evenly. It decides nothing alone: IDs are compared. */
  names: Float64Array<ArrayBuffer>;
  /** By fact: the shard that the activation (else the entitlement) that it is about names; 65535 where it names none. */
  shards: Uint16Array<ArrayBuffer>;
  /** What could not be read, and why, by its index in `begins`. All other lines have a fact, in order. */
  problems: Map<number, Problem>;
}

/** Reads a body; it is the reader's from then on. The whole is refused where it has more lines than are allowed. */
export type ReadBody = (
  body: Uint8Array<ArrayBuffer>,
  told: Told,
) => Promise<TelemetryBatch | "too_many_lines">;
