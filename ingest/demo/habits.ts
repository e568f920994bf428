// Pure. How long people wait before they activate, and how many never do: the figures behind the curves of the reports.

import type { ModelId, Sku } from "./catalog.ts";
import { DAY, type Time } from "./calendar.ts";
import type { Channel, Line } from "./orders.ts";
import type { Random } from "./random.ts";

/** Days until half of the buyers have activated, and the share who never will; online, mid-priced, product at par. */
const byModel: Record<ModelId, { medianDays: number; shelved: number }> = {
  "perpetual-node": { medianDays: 2.2, shelved: 0.12 },
  "annual-node": { medianDays: 1.2, shelved: 0.08 },
  "quarter-node": { medianDays: 0.8, shelved: 0.07 },
  "annual-float": { medianDays: 8, shelved: 0.06 },
  "annual-site": { medianDays: 12, shelved: 0.06 },
  "trial-30": { medianDays: 0.1, shelved: 0.22 },
  "user-annual": { medianDays: 0.9, shelved: 0.11 },
  "user-quarter": { medianDays: 0.5, shelved: 0.1 },
  "farm-float": { medianDays: 5, shelved: 0.06 },
  "pass-7": { medianDays: 0.15, shelved: 0.12 },
  "trial-14": { medianDays: 0.08, shelved: 0.2 },
};

const byProduct: Record<Sku, { slower: number; shelvedMore: number }> = {
  "CAD-PRO": { slower: 1, shelvedMore: 1 },
  "CAD-LT": { slower: 0.8, shelvedMore: 1 },
  CAM: { slower: 1.9, shelvedMore: 0.9 },
  VIEW: { slower: 0.7, shelvedMore: 1.35 },
  "LUM-STUDIO": { slower: 0.8, shelvedMore: 0.9 },
  "LUM-SKETCH": { slower: 0.4, shelvedMore: 1.2 },
  "LUM-FARM": { slower: 1.4, shelvedMore: 0.8 },
};

const byChannel: Record<Channel, { slower: number; shelvedMore: number }> = {
  online: { slower: 0.4, shelvedMore: 1 },
  direct: { slower: 1.3, shelvedMore: 0.85 },
  // What a reseller sells goes through a purchasing department before it reaches whoever will use it.
  reseller: { slower: 3, shelvedMore: 1.6 },
};

/** Large purchases are planned projects: slow to start, and rarely forgotten. Small ones are the other way round. */
function byValue(value: number): { slower: number; shelvedMore: number } {
  if (value >= 1_000_000) return { slower: 2.5, shelvedMore: 0.5 };
  return value < 20_000 ? { slower: 0.6, shelvedMore: 1.3 } : { slower: 1, shelvedMore: 1 };
}

/** One in six waits for a project, a colleague or a new computer: ten times as long. */
const SLOW_SHARE = 0.16;
const SLOW_FACTOR = 10;
const SPREAD = 1.25;

/**
 * When a buyer first tries to activate a line.
 * @returns null for shelfware, which nobody ever activates
 */
export function firstAttempt(random: Random, line: Line, channel: Channel): Time | null {
  const model = byModel[line.offer.model];
  const factors = [byProduct[line.offer.sku], byChannel[channel], byValue(line.value)];
  const shelved = factors.reduce((share, { shelvedMore }) => share * shelvedMore, model.shelved);
  if (random.chance(Math.min(0.6, shelved))) return null;
  const median = factors.reduce((days, { slower }) => days * slower, model.medianDays);
  const patience = random.chance(SLOW_SHARE) ? SLOW_FACTOR : 1;
  return line.deliveredAt + Math.ceil(random.lognormal(median * patience, SPREAD) * DAY);
}
