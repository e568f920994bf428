// Pure. What becomes of a right beside its use: more seats, a better product, a rest for who does not pay, a new owner.

import { atWork, DAY, HOUR, type Time } from "./calendar.ts";
import type { Sku } from "./catalog.ts";
import { userOf } from "./customers.ts";
import { chooseHost, type Host } from "./platforms.ts";
import { priceAs, priceOfRest } from "./offers.ts";
import { type Attempt, delay } from "./seats.ts";
import type { Terms } from "./terms.ts";
import { activation, changeStep, type OrderStep, PART, type Scene } from "./steps.ts";

/** What each change is played with. */
interface Use {
  scene: Scene;
  /** When the right was first used; before, nobody changes it. */
  firstAt: Time;
  /** Computers that have this right. */
  taken: Set<Host>;
  /** How many of its seats are in use at the most. */
  used: number;
  leftAt: Terms["leftAt"];
}

/** All changes of one right that is in use, in no order. */
export function changesOf(use: Use): OrderStep[] {
  const { offer } = use.scene.line;
  if (offer.listPrice === 0 || offer.model === "pass-7") return [];
  const { random } = use.scene;
  return changes.flatMap(({ likelihood, play }) => (random.chance(likelihood(use)) ? play(use) : []));
}

const BETTER: Partial<Record<Sku, Sku>> = { "CAD-LT": "CAD-PRO", "LUM-SKETCH": "LUM-STUDIO" };

const changes: { likelihood: (use: Use) => number; play: (use: Use) => OrderStep[] }[] = [
  { likelihood: ({ scene }) => (BETTER[scene.line.offer.sku] ? 0.05 : 0), play: upgraded },
  {
    likelihood: ({ scene: { customer, line } }) =>
      customer.isCompany && line.offer.model !== "annual-site" ? 0.05 : 0,
    play: extended,
  },
  { likelihood: ({ scene }) => (scene.tier === "high-volume" ? 0.004 : 0.016), play: suspended },
  { likelihood: ({ scene }) => (scene.tier === "high-touch" ? 0.03 : 0.004), play: overridden },
  { likelihood: ({ scene }) => (scene.customer.sister ? 0.07 : 0), play: transferred },
  {
    likelihood: ({ scene: { customer, line }, used }) =>
      customer.sister && line.offer.model !== "annual-site" && used < line.quantity ? 0.35 : 0,
    play: split,
  },
];

/** Some weeks after the first use, at work. */
function later({ scene: { random }, firstAt }: Use, medianDays: number): Time {
  return atWork(random, firstAt + HOUR + delay(random, medianDays * DAY));
}

function upgraded(use: Use): OrderStep[] {
  const { scene } = use;
  const { line } = scene;
  const sku = BETTER[line.offer.sku];
  const at = later(use, 60);
  // The difference of the prices, for what is left of the term.
  const better = sku === undefined ? line.unitAmount : priceAs(line, { ...line.offer, sku });
  const price = priceOf(use, at, (better - line.unitAmount) * line.quantity);
  return [changeStep(scene, "upgrade", at, { sku, reason: "needs more of the product", ...price })];
}

/** What is paid for what is left of a term; nothing where it is over, and the customer hopes for a renewal. */
function priceOf({ scene, leftAt }: Use, at: Time, amount: number): { price?: object } {
  return priceOfRest(scene.customer.currency, amount, leftAt(at));
}

function extended(use: Use): OrderStep[] {
  const { scene, taken } = use;
  const { random, customer, line } = scene;
  const at = later(use, 50);
  const added = random.integer(1, Math.max(1, Math.ceil(line.quantity / 2)));
  // Who buys more seats has people waiting for them.
  const newcomers = Array.from({ length: Math.min(added, 5) }, (_, index): Attempt => {
    const seatedAt = at + delay(random, DAY);
    const host = freeHost(scene, seatedAt, taken);
    const user = { user: userOf(customer, line.quantity + 3 + index) };
    return { line, at: seatedAt, host, ...(line.offer.model.startsWith("user-") ? user : {}) };
  });
  return [
    changeStep(scene, "extend", at, {
      added,
      reason: "more people",
      ...priceOf(use, at, line.unitAmount * added),
    }),
    ...newcomers.map((newcomer) => activation(scene, newcomer)),
  ];
}

/** The invoice was not paid. Most pay within weeks; the others never come back. */
function suspended(use: Use): OrderStep[] {
  const { scene } = use;
  const { random } = scene;
  const at = later(use, 35);
  const paidAt = atWork(random, at + random.integer(2, 25) * DAY);
  return [
    changeStep(scene, "suspend", at, { reason: "invoice overdue" }),
    ...(random.chance(0.8) ? [changeStep(scene, "reinstate", paidAt, { reason: "invoice paid" })] : []),
  ];
}

/** Staff allow one customer what the others are not. */
function overridden(use: Use): OrderStep[] {
  const { scene } = use;
  const { random } = scene;
  const chosen = random.pick([
    { policy: { rehosts: { count: 50, per: "P1Y" } }, reason: "a laboratory of old machines" },
    { policy: { offline: "P1Y" }, reason: "a site without a network" },
    {
      policy: { temporary: { count: 12, per: "P1Y", duration: "P14D" } },
      reason: "agreed with their account manager",
    },
  ]);
  return [changeStep(scene, "policy", later(use, 30), chosen)];
}

function transferred(use: Use): OrderStep[] {
  const { scene } = use;
  const customerId = scene.customer.sister?.id;
  return [changeStep(scene, "transfer", later(use, 80), { customerId, reason: "moved within the group" })];
}

/** Seats that nobody needs here go to a company of the same group, which has use for them. */
function split(use: Use): OrderStep[] {
  const { scene, used } = use;
  const { random, customer, line } = scene;
  const { sister } = customer;
  if (!sister) return [];
  const at = later(use, 70);
  const quantity = random.integer(1, line.quantity - used);
  const child: Scene = { ...scene, right: `${scene.right}${PART}`, customer: sister };
  const seats = Array.from({ length: Math.min(quantity, 4) }, (_, index): Attempt => {
    const seatedAt = atWork(random, at + delay(random, 3 * DAY));
    const host = freeHost(child, seatedAt, new Set());
    const user = { user: userOf(sister, index) };
    return { line, at: seatedAt, host, ...(line.offer.model.startsWith("user-") ? user : {}) };
  });
  return [
    changeStep(scene, "split", at, { quantity, customerId: sister.id, reason: "shared within the group" }),
    ...seats.map((seat) => activation(child, seat)),
  ];
}

function freeHost({ customer, line }: Scene, at: Time, taken: Set<Host>): Host {
  const host = chooseHost(customer.fleet, line.offer.sku, at, taken);
  taken.add(host);
  return host;
}
