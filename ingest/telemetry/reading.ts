// Pure. What reading telemetry depends on, and who does it by the thousand.

import type { Instant } from "../../licensing/index.ts";

/** When lines were told, and by whom. */
export interface Told {
  now: Instant;
  /** Whether the sender may tell of what was long ago. */
  mayTellHistory: boolean;
}

/** A clock may be in the wrong time zone, or set by hand: what it says is kept, up to here. */
const MAX_AHEAD = 24 * 3_600_000_000;
/** A computer may have been offline that long; what is older is a history, and needs its scope. */
const MAX_BEHIND = 366 * 24 * 3_600_000_000;

/** The latest time of an event that can be. */
export const latest = ({ now }: Told): Instant => now + MAX_AHEAD;
/** The earliest. */
export const earliest = ({ now, mayTellHistory }: Told): Instant =>
  mayTellHistory ? -Infinity : now - MAX_BEHIND;

/** What reading depends on beside the line. */
export interface Reading extends Told {
  hashId: (id: string) => string;
}
