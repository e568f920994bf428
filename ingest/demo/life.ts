// Pure. The life of an order line: who uses it, until when, and what becomes of it.

import { atWork, DAY, HOUR, type Time } from "./calendar.ts";
import type { ModelId } from "./catalog.ts";
import { changesOf } from "./changes.ts";
import { firstAttempt } from "./habits.ts";
import { lifeOfSeat } from "./hosts.ts";
import { priceAs, priceOfRest } from "./offers.ts";
import type { Line, PlannedOrder } from "./orders.ts";
import type { Host } from "./platforms.ts";
import type { Random } from "./random.ts";
import { type Attempt, attemptsOf } from "./seats.ts";
import { shiftOf } from "./shifts.ts";
import { tellingsOf } from "./tellings.ts";
import { activation, changeStep, type OrderStep, type Scene, seatOf } from "./steps.ts";
import { termsOf } from "./terms.ts";

/** What people do with one line, until a while after its term, in no order. */
export function lifeOf(random: Random, order: PlannedOrder, line: Line): OrderStep[] {
  const wait = firstAttempt(random, line, order.channel);
  if (wait === null) return [];
  const wanted = order.customer.isCompany ? atWork(random, wait) : wait;
  // Most who bought ahead wait for the start; the others learn of it by a refusal.
  const firstAt = wanted < line.startsAt && random.chance(0.7) ? line.startsAt + HOUR : wanted;
  const { orderId, customer } = order;
  const right = String(line.lineNumber);
  const sold: Scene = { random, orderId, right, customer, line, tier: line.tier };
  const scene = asPool(sold, firstAt);
  const attempts = attemptsOf(random, customer, scene.line, firstAt);
  // What goes wrong with the first seat is at the same time, and comes before.
  const first = attempts.findLast(({ at }) => at === firstAt);
  if (!first) return [];
  const terms = termsOf(scene, first);
  const { inTime, late } = byTerm(random, attempts, terms.endsAt);
  const taken = new Set(attempts.map(({ host }) => host));
  const used = new Set(attempts.map(seatOf)).size;
  const use = useOf(scene, inTime, taken, terms.endsAt ?? Infinity);
  return [
    // Nobody has a seat yet: that is when the license model may change.
    ...(scene === sold
      ? []
      : [
          changeStep(scene, "upgrade", firstAt - HOUR / 2, {
            licenseModel: scene.line.offer.model,
            ...priceOfRest(
              customer.currency,
              (scene.line.unitAmount - line.unitAmount) * line.quantity,
              terms.leftAt(firstAt - HOUR / 2),
            ),
          }),
        ]),
    ...use,
    ...tellingsOf(scene, use, terms.endsAt ?? Infinity),
    ...late.map((attempt) => activation(scene, attempt)),
    ...terms.steps,
    ...changesOf({ scene, firstAt, taken, used, leftAt: terms.leftAt }),
  ];
}

const SHARE_POOLED = 0.05;

/** Some who bought a seat for each computer find out, before they begin, that a pool serves them better. */
function asPool(scene: Scene, firstAt: Time): Scene {
  const { random, line } = scene;
  const { offer, quantity, deliveredAt } = line;
  if (offer.model !== "annual-node" || offer.sku === "CAD-LT" || quantity < 3) return scene;
  if (firstAt < Math.max(deliveredAt, line.startsAt) + HOUR || !random.chance(SHARE_POOLED)) return scene;
  const pool = { ...offer, model: "annual-float" } as const;
  return { ...scene, line: { ...line, offer: pool, unitAmount: priceAs(line, pool) } };
}

const isFloating = (model: ModelId) => model === "annual-float" || model === "farm-float";
const isNodeLocked = (model: ModelId) =>
  model.endsWith("-node") || model === "trial-30" || model === "pass-7";

/** What comes of attempts within the term, by how the model binds. */
function useOf(scene: Scene, attempts: Attempt[], taken: Set<Host>, until: Time): OrderStep[] {
  const { model } = scene.line.offer;
  if (isFloating(model)) return attempts.flatMap((attempt) => shiftOf(scene, attempt));
  if (!isNodeLocked(model)) return attempts.map((attempt) => activation(scene, attempt));
  const bySeat = Map.groupBy(attempts, seatOf);
  return Array.from(bySeat.values()).flatMap((ofSeat) => {
    const inOrder = ofSeat.toSorted((a, b) => a.at - b.at);
    const seat = inOrder.find(({ isMistyped }) => !isMistyped);
    if (!seat) return inOrder.map((attempt) => activation(scene, attempt));
    const { steps, leavesAt } = lifeOfSeat(scene, seat, taken, until);
    // Who has moved asks from the new computer, not from the old one again.
    const stayed = inOrder.filter(({ at }) => at < leavesAt);
    return [...stayed.map((attempt) => activation(scene, attempt)), ...steps];
  });
}

/** Parts attempts at the end of the term. After it, one in three tries whether it still runs. */
function byTerm(random: Random, attempts: Attempt[], endsAt: Time | null) {
  if (endsAt === null) return { inTime: attempts, late: [] };
  const inTime = attempts.filter(({ at }) => at < endsAt);
  const late = attempts.filter(({ at }) => at >= endsAt).slice(0, random.chance(0.35) ? 2 : 0);
  const [first] = inTime;
  const returning =
    first && random.chance(0.2)
      ? [{ ...first, at: atWork(random, endsAt + random.integer(1, 20) * DAY) }]
      : [];
  return { inTime, late: [...late, ...returning] };
}
