// Pure. What reading telemetry depends on, and who does it by the thousand.

import type { Instant } from "../../licensing/index.ts";
import type { Parsed } from "../request.ts";
import type { TelemetryFact } from "./types.ts";

/** When lines were told, and by whom. */
export interface Told {
  now: Instant;
  /** Whether the sender may tell of what was long ago. */
  mayTellHistory: boolean;
}

/** Reads many lines, in order, each by itself. */
export type ReadLines = (lines: readonly string[], told: Told) => Promise<Parsed<TelemetryFact>[]>;

/** What reading depends on beside the line. */
export interface Reading extends Told {
  hashId: (id: string) => string;
}
