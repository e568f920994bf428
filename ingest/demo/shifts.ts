// Pure. Floating seats: taken for a shift and given back, kept alive in between, or taken along.

import { DAY, HOUR } from "./calendar.ts";
import type { ModelId } from "./catalog.ts";
import type { Attempt } from "./seats.ts";
import { activation, type OrderStep, type Scene, seatStep } from "./steps.ts";

/** How long a shift is, and when in it the client asks for its next license. */
const shifts: Partial<Record<ModelId, { hours: number; heartbeat: number }>> = {
  "farm-float": { hours: 10, heartbeat: 6 * HOUR },
  "annual-float": { hours: 9, heartbeat: 4 * HOUR },
};

// A pool of ten thousand seats beats like one of ten: a share of the shifts is played in full, the others by their start.
const SHARE_RELEASED = 0.3;
const SHARE_BEATING = 0.25;
const SHARE_BORROWED = 0.03;

/** One session at a floating seat. */
export function shiftOf(scene: Scene, attempt: Attempt): OrderStep[] {
  const { random, line } = scene;
  const shift = shifts[line.offer.model];
  if (!shift) return [activation(scene, attempt)];
  // To a customer's site, or home for a week.
  if (random.chance(SHARE_BORROWED))
    return [activation(scene, { ...attempt, borrowFor: `P${random.integer(2, 7)}D` })];
  const taken = activation(scene, attempt);
  if (!random.chance(SHARE_RELEASED)) return [taken];
  const endsAt = attempt.at + shift.hours * HOUR - random.integer(0, 90) * 60_000;
  const { host } = attempt;
  return [
    taken,
    ...(random.chance(SHARE_BEATING)
      ? [seatStep(scene, attempt, "refresh", attempt.at + shift.heartbeat, { host })]
      : []),
    seatStep(scene, attempt, "release", Math.min(endsAt, attempt.at + DAY)),
  ];
}
