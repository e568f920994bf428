// What is allowed, told a second time and as plainly as can be: a few numbers and lists, for commands that come in the
// order in which they happen. It knows nothing of events, and is compared with the rules command by command.

import {
  addDuration,
  type Allowance,
  type Duration,
  type Instant,
  type Metric,
  type Policy,
  type RefusalCode,
} from "../../licensing/index.ts";
import { type Command, overrideOf, upgradeOf } from "./commands.ts";
import { borrowFor, type Held, isByCode, renewalOf, temporaryKindOf } from "./world.ts";

export interface NaiveSeat {
  host: number;
  user: number | null;
  generation: number;
  isEnded: boolean;
  /** Of its license: when it was made, and when it ends. */
  issuedAt: Instant;
  end: Instant | null;
}

export interface Naive {
  orderedAt: Instant;
  startsAt: Instant;
  endsAt: Instant | null;
  isCancelled: boolean;
  isSuspended: boolean;
  /** Whether a seat was ever taken. */
  isBegun: boolean;
  quantity: number;
  metric: Metric;
  duration: Duration | null;
  consumptionPer: Duration | null;
  isFromFirstActivation: boolean;
  policy: Policy;
  /** What staff said for this one right, whatever its model. */
  overrides: Policy;
  /** Ends of the licenses that were left behind by releases. */
  left: Instant[];
  customer: string;
  sku: string;
  seats: Map<string, NaiveSeat>;
  uses: Record<Allowance, Instant[]>;
  /** Metered units, and when they were used. */
  units: { at: Instant; count: number }[];
}

export type Verdict = RefusalCode | "ok";

export const allowanceOf = {
  return: "returns",
  rehost: "rehosts",
  repair: "repairs",
  temporary: "temporary",
} as const;

export const live = ({ seats }: Naive): NaiveSeat[] =>
  Array.from(seats.values()).filter(({ isEnded }) => !isEnded);

/** Seats that may be taken at once. */
export function limitOf({ metric, quantity, policy }: Naive): number {
  if (metric === "site" || metric === "metered") return Infinity;
  const { overdraft = 0 } = policy;
  return (
    quantity +
    (typeof overdraft === "number" ? overdraft : Math.floor((quantity * parseInt(overdraft)) / 100))
  );
}

export const isLapsed = ({ metric }: Naive, { isEnded, end }: NaiveSeat, now: Instant): boolean =>
  metric === "floating" && !isEnded && end !== null && end <= now;

export function ownSeat(it: Naive, { host, user }: Command): [string, NaiveSeat] | undefined {
  return Array.from(it.seats).find(
    ([, seat]) => !seat.isEnded && (it.metric === "named-user" ? seat.user === user : seat.host === host),
  );
}

/** What is said of this command: the first thing that stands in its way, or "ok". */
export function verdictOf(it: Naive, command: Command, held: Held | null, now: Instant): Verdict {
  const seat = held ? it.seats.get(held.activationId) : undefined;
  const { kind, amount } = command;
  switch (kind) {
    case "activate":
    case "activate-offline":
    case "borrow":
      return mayUse(it, now) ?? mayActivate(it, command, now) ?? "ok";
    case "refresh":
      return (seat && held && holds(it, seat, held.generation, held.host, now)) ?? mayUse(it, now) ?? "ok";
    case "return":
    case "release":
      if (kind === "release" && it.metric !== "floating") return "not_floating";
      return (
        (seat && held && holds(it, seat, held.generation, held.host, now)) ??
        mayChange(it, now) ??
        (it.metric === "floating" ? seat && mayLeave(it, seat, now) : isUsedUp(it, "returns", now)) ??
        "ok"
      );
    case "rehost":
    case "repair": {
      const isThere = seat?.isEnded === false && seat.host === command.host;
      const shown = isThere || isByCode(amount) ? null : (held?.generation ?? null);
      const refusal = (seat && holds(it, seat, shown, null, now)) ?? mayUse(it, now);
      if (refusal !== null || isThere) return refusal ?? "ok";
      if (it.metric !== "named-user" && ownSeat(it, command)) return "host_has_seat";
      return isUsedUp(it, allowanceOf[kind], now) ?? "ok";
    }
    case "temporary":
      return (seat && held && mayBorrowTime(it, seat, held, amount, now)) ?? "ok";
    case "consume":
      return (
        (seat && held && holds(it, seat, held.generation, held.host, now)) ??
        mayUse(it, now) ??
        mayConsume(it, amount + 1, now) ??
        "ok"
      );
    case "revoke":
      return seat?.isEnded ? "ok" : (mayChange(it, now) ?? "ok");
    case "cancel":
      if (it.isCancelled) return "ok";
      return now < it.orderedAt ? "history_out_of_order" : "ok";
    case "suspend":
    case "reinstate":
    case "transfer":
    case "extend":
      return mayChange(it, now) ?? "ok";
    case "renew":
    case "upgrade":
    case "split":
    case "override":
      return mayChange(it, now) ?? mayAlter(it, kind, command, now) ?? "ok";
  }
}

function mayChange({ orderedAt, isCancelled }: Naive, now: Instant): RefusalCode | null {
  if (now < orderedAt) return "history_out_of_order";
  return isCancelled ? "entitlement_cancelled" : null;
}

function mayUse(it: Naive, now: Instant): RefusalCode | null {
  const refusal = mayChange(it, now);
  if (refusal) return refusal;
  if (it.isSuspended) return "entitlement_suspended";
  if (it.endsAt !== null && it.endsAt <= now) return "entitlement_expired";
  return now < it.startsAt ? "entitlement_not_started" : null;
}

function mayActivate(it: Naive, command: Command, now: Instant): RefusalCode | null {
  if (it.metric === "named-user" && command.user === null) return "user_required";
  if (command.kind === "activate-offline" && it.policy.offline === undefined) return "offline_not_allowed";
  if (command.kind === "borrow") {
    const { borrow } = it.policy;
    if (it.metric !== "floating" || borrow === undefined) return "borrow_not_allowed";
    if (addDuration(now, borrowFor(command.amount)) > addDuration(now, borrow)) return "borrow_not_allowed";
  }
  if (ownSeat(it, command)) return null;
  return live(it).filter((seat) => !isLapsed(it, seat, now)).length < limitOf(it) ? null : "no_seats_left";
}

/** Units of the period that an instant lies in. The periods follow one another from the start of the term. */
export function unitsUsed({ startsAt, consumptionPer, units }: Naive, now: Instant): number {
  if (consumptionPer === null) return units.reduce((sum, { count }) => sum + count, 0);
  let begin = startsAt;
  let end = addDuration(begin, consumptionPer);
  while (end <= now) [begin, end] = [end, addDuration(end, consumptionPer)];
  return units.filter(({ at }) => begin <= at && at < end).reduce((sum, { count }) => sum + count, 0);
}

function mayConsume(it: Naive, count: number, now: Instant): RefusalCode | null {
  if (it.metric !== "metered") return "not_metered";
  // Of units, as of seats, some are to be had beyond the quantity.
  return unitsUsed(it, now) + count > limitOf({ ...it, metric: "node-locked" })
    ? "consumption_used_up"
    : null;
}

/** Whoever shows a license from before the last move is a copy, whatever else is true. */
function holds(
  it: Naive,
  seat: NaiveSeat,
  generation: number | null,
  host: number | null,
  now: Instant,
): RefusalCode | null {
  if (generation !== null && generation < seat.generation) return "license_superseded";
  const refusal = mayChange(it, now);
  if (refusal) return refusal;
  if (seat.isEnded) return "seat_ended";
  return it.metric !== "named-user" && host !== null && host !== seat.host ? "wrong_host" : null;
}

function mayBorrowTime(
  it: Naive,
  seat: NaiveSeat,
  held: Held,
  amount: number,
  now: Instant,
): RefusalCode | null {
  const kind = temporaryKindOf(amount);
  if (held.generation < seat.generation) return "license_superseded";
  const refusal = mayChange(it, now);
  if (refusal !== null || kind === "vendor_mistake") return refusal;
  if (seat.isEnded) return "seat_ended";
  const stands = mayUse(it, now);
  const isOver = stands === "entitlement_expired";
  if (kind === "failure" && stands !== null) return stands;
  if (kind === "renewal_pending" && !isOver) return stands ?? "nothing_to_renew";
  return isUsedUp(it, "temporary", now);
}

/** At most as many licenses are left behind at a time as there are seats. */
function mayLeave(it: Naive, { end }: NaiveSeat, now: Instant): RefusalCode | null {
  if (end !== null && end <= now) return null;
  return it.left.filter((one) => one > now).length < limitOf(it) ? null : "releases_used_up";
}

/** So many in any period: those whose period is not over are counted. */
function isUsedUp({ policy, uses }: Naive, allowance: Allowance, now: Instant): RefusalCode | null {
  const limit = policy[allowance];
  const recent = limit ? uses[allowance].filter((at) => addDuration(at, limit.per) > now) : [];
  return limit && recent.length < limit.count ? null : (`${allowance}_used_up` as const);
}

function mayAlter(
  it: Naive,
  kind: "renew" | "upgrade" | "split" | "override",
  command: Command,
  now: Instant,
): RefusalCode | null {
  const { amount } = command;
  const isTooSmall = (change: Partial<Naive>) => live(it).length > limitOf({ ...it, ...change });
  switch (kind) {
    case "renew":
      return it.endsAt === null || (renewalOf(amount) ?? it.duration) === null ? "nothing_to_renew" : null;
    case "upgrade": {
      const { sku, licenseModel } = upgradeOf(it.metric, command);
      if (sku === "GONE") return "unknown_sku";
      if (licenseModel === undefined) return null;
      if (!licenseModel.endsWith(it.metric) && live(it).length > 0) return "seats_in_use";
      return isTooSmall({
        policy: { ...(licenseModel.startsWith("month") ? { overdraft: 1 } : {}), ...it.overrides },
      })
        ? "seats_in_use"
        : null;
    }
    case "split":
      if (it.isSuspended) return "entitlement_suspended";
      if (
        it.metric === "metered" &&
        it.quantity > amount + 1 &&
        unitsUsed(it, now) > it.quantity - amount - 1
      )
        return "consumption_used_up";
      return it.quantity <= amount + 1 || isTooSmall({ quantity: it.quantity - amount - 1 })
        ? "seats_in_use"
        : null;
    case "override":
      return isTooSmall({ policy: { ...it.policy, ...overrideOf(amount) } }) ? "seats_in_use" : null;
  }
}
