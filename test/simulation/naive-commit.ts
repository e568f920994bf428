// What becomes of a right when a command was allowed: the second half of the plain model.

import {
  addDuration,
  type Catalog,
  type Duration,
  type Instant,
  type Policy,
  resolvePolicy,
} from "../../licensing/index.ts";
import { catalog, type Command, overrideOf, type Setup, upgradeOf } from "./commands.ts";
import { allowanceOf, isLapsed, type Naive, type NaiveSeat, ownSeat } from "./naive.ts";
import { borrowFor, customerOf, type Held, renewalOf, temporaryKindOf } from "./world.ts";

type Term = Catalog["licenseModels"][number]["term"];
const durationOf = (term: Term) => (term.kind === "perpetual" ? null : term.duration);
const isFromFirstActivation = (term: Term) => term.kind !== "perpetual" && term.from === "first-activation";

export function naiveOf(
  { metric, policy, term, quantity, consumptionPer }: Setup,
  orderedAt: Instant,
  startsAt: Instant,
): Naive {
  const isOpen = term.kind === "perpetual" || term.from === "first-activation";
  return {
    orderedAt,
    startsAt,
    endsAt: isOpen ? null : addDuration(term.from === "order" ? orderedAt : startsAt, term.duration),
    isCancelled: false,
    isSuspended: false,
    isBegun: false,
    quantity,
    metric,
    duration: durationOf(term),
    isFromFirstActivation: isFromFirstActivation(term),
    policy,
    overrides: {},
    left: [],
    customer: "C-42",
    sku: "CAD-PRO",
    seats: new Map(),
    uses: { rehosts: [], returns: [], repairs: [], temporary: [] },
    units: [],
    consumptionPer,
  };
}

/**
 * Carries an allowed command out.
 * @returns the entitlement that a split made, if it was one
 */
export function commit(
  it: Naive,
  command: Command,
  held: Held | null,
  now: Instant,
  n: number,
): Naive | null {
  const seat = held ? it.seats.get(held.activationId) : undefined;
  const { kind, amount } = command;
  switch (kind) {
    case "activate":
      takeSeat(it, command, it.policy.lease, false, now, n);
      break;
    case "activate-offline":
      takeSeat(it, command, it.policy.offline, true, now, n);
      break;
    case "borrow":
      takeSeat(it, command, borrowFor(amount), true, now, n);
      break;
    case "refresh":
      if (seat && !(now <= seat.issuedAt && isRunning(seat, now))) give(it, seat, it.policy.lease, now);
      break;
    case "return":
    case "release":
    case "revoke":
      if (!seat || seat.isEnded) break;
      seat.isEnded = true;
      if (kind !== "revoke" && it.metric === "floating") it.left.push(seat.end ?? Infinity);
      else if (kind === "return") it.uses.returns.push(now);
      break;
    case "rehost":
    case "repair":
      if (!seat || seat.host === command.host) break;
      seat.host = command.host;
      seat.generation += 1;
      seat.end = null;
      seat.issuedAt = now;
      seat.end = endOf(it, it.policy.lease, now);
      it.uses[allowanceOf[kind]].push(now);
      break;
    case "temporary":
      if (temporaryKindOf(amount) !== "vendor_mistake") it.uses.temporary.push(now);
      break;
    case "consume":
      it.units.push({ at: now, count: amount + 1 });
      break;
    case "suspend":
      it.isSuspended = true;
      break;
    case "reinstate":
      it.isSuspended = false;
      break;
    case "cancel":
      it.isCancelled = true;
      for (const one of it.seats.values()) one.isEnded = true;
      break;
    case "renew":
      it.endsAt = addDuration(it.endsAt ?? now, renewalOf(amount) ?? it.duration ?? "P1D");
      break;
    case "upgrade":
      upgrade(it, command, now);
      break;
    case "extend":
      it.quantity += amount + 1;
      break;
    case "split":
      return split(it, amount, now);
    case "transfer":
      it.customer = customerOf(amount);
      break;
    case "override":
      it.overrides = { ...it.overrides, ...overrideOf(amount) };
      it.policy = { ...it.policy, ...overrideOf(amount) };
      break;
  }
  return null;
}

const isRunning = ({ end }: NaiveSeat, now: Instant) => end === null || end > now;

function endOf({ endsAt }: Naive, runs: Duration | undefined, now: Instant): Instant | null {
  const ends = [runs === undefined ? Infinity : addDuration(now, runs), endsAt ?? Infinity];
  const end = Math.min(...ends);
  return end === Infinity ? null : end;
}

/** The next license of a seat. A lent one is not shortened: its host could run the longer one, and the seat be another's. */
function give(it: Naive, seat: NaiveSeat, runs: Duration | undefined, now: Instant): void {
  const end = endOf(it, runs, now);
  const before = Math.min(seat.end ?? Infinity, it.endsAt ?? Infinity);
  seat.end = it.metric === "floating" && end !== null && before > end ? before : end;
  seat.issuedAt = now;
}

function takeSeat(
  it: Naive,
  command: Command,
  runs: Duration | undefined,
  isSpecial: boolean,
  now: Instant,
  n: number,
): void {
  const [, own] = ownSeat(it, command) ?? [];
  if (own) {
    if (isSpecial || !isRunning(own, now)) give(it, own, runs, now);
    return;
  }
  for (const one of it.seats.values()) if (isLapsed(it, one, now)) one.isEnded = true;
  if (it.isFromFirstActivation && !it.isBegun && it.endsAt === null && it.duration !== null) {
    it.startsAt = now;
    it.endsAt = addDuration(now, it.duration);
  }
  it.isBegun = true;
  const { host, user } = command;
  const isForUser = it.metric === "named-user";
  const end = endOf(it, runs, now);
  it.seats.set(`A-${n}`, {
    host,
    user: isForUser ? user : null,
    generation: 1,
    isEnded: false,
    issuedAt: now,
    end,
  });
}

/** The term goes on where the new one is as long; else the new one begins, at once or with the first activation. */
function upgrade(it: Naive, command: Command, now: Instant): void {
  const { sku, licenseModel } = upgradeOf(it.metric, command);
  it.sku = sku ?? it.sku;
  const model = catalog.licenseModels.find(({ id }) => id === licenseModel);
  if (!model) return;
  const duration = durationOf(model.term);
  const waits = isFromFirstActivation(model.term) && !it.isBegun;
  if (duration !== it.duration || it.endsAt === null)
    it.endsAt = duration === null || waits ? null : addDuration(now, duration);
  it.duration = duration;
  it.isFromFirstActivation = isFromFirstActivation(model.term);
  it.metric = model.metric;
  // Other periods begin another count.
  if (it.consumptionPer !== (model.consumptionPer ?? null)) it.units = [];
  it.consumptionPer = model.consumptionPer ?? null;
  it.policy = { ...resolvePolicy(model.metric, model.policy), ...it.overrides };
}

const withoutCounted = ({ overdraft, ...rest }: Policy): Policy =>
  typeof overdraft === "string" ? { ...rest, overdraft } : rest;

/** Seats that are counted one by one stay with the parent, or there would be more of them. */
function split(it: Naive, amount: number, now: Instant): Naive {
  it.quantity -= amount + 1;
  return {
    ...it,
    orderedAt: now,
    quantity: amount + 1,
    customer: customerOf(amount),
    policy: withoutCounted(it.policy),
    overrides: withoutCounted(it.overrides),
    left: [],
    isSuspended: false,
    isBegun: false,
    seats: new Map(),
    // A part begins with what is left.
    uses: structuredClone(it.uses),
    units: [],
  };
}
