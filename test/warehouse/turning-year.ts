// One year in which every turn is taken once, for the promises of the marts about the life of an entitlement.

import type { Draft } from "../../ingest/event.ts";
import { bind, cancel, catalog, day, refuse, sale } from "./facts.ts";
import * as turn from "./turns.ts";

/** A host fails, and its seat moves: with a short license until then, and a copy that shows itself afterwards. */
const R = { orderId: "R" };
const failure: Draft[] = [
  ...sale({ ...R, orderedAt: day(1), quantity: 2, endsAt: day(300) }),
  ...bind(R, { at: day(2), activationId: "r1", host: "h1" }),
  turn.lend(R, { at: day(20), activationId: "r1", host: "h-spare", endsAt: day(34) }),
  ...bind(R, { at: day(22), activationId: "r1", host: "h2", generation: 2 }),
  turn.clone(R, { at: day(40), activationId: "r1", host: "h1", presented: 1, generation: 2 }),
  ...bind(R, { at: day(60), activationId: "r1", host: "h2b", generation: 3, reason: "repaired" }),
  ...bind(R, { at: day(61), activationId: "r2", host: "h3" }),
  turn.giveBack(R, { at: day(90), activationId: "r2", how: "returned" }),
  // Early: the term had twenty days to run.
  turn.renew(R, { at: day(280), startsAt: day(300), endsAt: day(665) }),
];

/** A term ends before its renewal. */
const L = { orderId: "L" };
const late: Draft[] = [
  ...sale({ ...L, orderedAt: day(1), customerId: "C-2", endsAt: day(100) }),
  ...bind(L, { at: day(3), activationId: "l1", customerId: "C-2", host: "h4" }),
  turn.lend(L, {
    at: day(101),
    customerId: "C-2",
    activationId: "l1",
    host: "h4",
    endsAt: day(108),
    kind: "renewal_pending",
  }),
  turn.renew(L, { at: day(130), customerId: "C-2", startsAt: day(100), endsAt: day(465) }),
];

/** An upgrade in the middle of the term, to a model without one, and seats bought after it. */
const U = { orderId: "U" };
const upgraded: Draft[] = [
  ...sale({ ...U, orderedAt: day(2), customerId: "C-2" }),
  turn.upgrade(U, { at: day(50), customerId: "C-2", sku: "CAD-MAX", model: "perp-float", endsAt: null }),
  turn.extend(U, { at: day(60), customerId: "C-2", sku: "CAD-MAX", added: 4, quantity: 5 }),
  ...bind(U, { at: day(65), activationId: "u1", customerId: "C-2", sku: "CAD-MAX", host: "h5" }),
];

/** Seats are bought, some are split off for a subsidiary, and that part is sold on. */
export const S = { orderId: "S" };
const whole = sale({ ...S, orderedAt: day(3), customerId: "C-3", quantity: 5 });
export const part = { orderId: "S", entitlementId: "ent-S-part" };
const bindPart = (at: number, activationId: string, customerId: string): Draft[] =>
  bind(S, { at: day(at), activationId, customerId, host: `host-${activationId}` }).map((draft) => ({
    ...draft,
    entitlement_id: part.entitlementId,
  }));
const divided: Draft[] = [
  ...whole,
  ...bind(S, { at: day(5), activationId: "s1", customerId: "C-3", host: "h6" }),
  turn.extend(S, { at: day(10), customerId: "C-3", added: 1, quantity: 6 }),
  ...turn.split(S, whole, {
    at: day(30),
    customerId: "C-3",
    moved: 2,
    quantity: 4,
    child: part.entitlementId,
    childCustomerId: "C-4",
  }),
  ...bindPart(35, "p1", "C-4"),
  turn.transfer(part, { at: day(40), from: "C-4", customerId: "C-5" }),
  ...bindPart(45, "p2", "C-5"),
];

/** One customer buys another: everything of the one becomes the other's. */
const M1 = { orderId: "M1" };
const M2 = { orderId: "M2" };
const merged: Draft[] = [
  ...sale({ ...M1, orderedAt: day(4), customerId: "C-6" }),
  ...bind(M1, { at: day(10), activationId: "m1", customerId: "C-6", host: "h7" }),
  ...sale({ ...M2, orderedAt: day(5), customerId: "C-6" }),
  ...sale({ orderId: "M3", orderedAt: day(6), customerId: "C-7" }),
  turn.transfer(M1, { at: day(70), from: "C-6", customerId: "C-7", reason: "merger" }),
  turn.transfer(M2, { at: day(70), from: "C-6", customerId: "C-7", reason: "merger" }),
  ...cancel(M2, day(75), 0, "C-7"),
];

/** A right rests twice; the second time its term ends meanwhile. */
export const P = { orderId: "P" };
const rested: Draft[] = [
  ...sale({ ...P, orderedAt: day(7), customerId: "C-8", endsAt: day(200) }),
  turn.suspend(P, { at: day(50), customerId: "C-8", reason: "unpaid" }),
  turn.reinstate(P, { at: day(80), customerId: "C-8", reason: "paid" }),
  turn.override(P, { at: day(85), customerId: "C-8" }),
  turn.suspend(P, { at: day(190), customerId: "C-8", reason: "unpaid" }),
];

/** A trial whose term begins with the first activation. */
const F = { orderId: "F" };
const begun: Draft[] = [
  ...sale({ ...F, orderedAt: day(8), customerId: "C-9", model: "trial", endsAt: null }),
  turn.start(F, { at: day(20), customerId: "C-9", endsAt: day(50) }),
  ...bind(F, { at: day(20), activationId: "f1", customerId: "C-9", host: "h8" }),
  ...refuse(F, day(51), "entitlement_expired").map((draft) => ({ ...draft, customer_id: "C-9" })),
];

export const turningYear: Draft[] = [
  ...catalog(day(0)),
  ...failure,
  ...late,
  ...upgraded,
  ...divided,
  ...merged,
  ...rested,
  ...begun,
];
