// Pure. A subscription of Stripe's → an order that follows it.

import {
  addDuration,
  formatInstant,
  type Instant,
  isDuration,
  orderSchema,
  refuse,
} from "../../../licensing/index.ts";
import type { Standing, ToldItem } from "../../ledger/told.ts";
import { invalid } from "../../problem.ts";
import type { StorefrontCommand } from "../command.ts";
import { minorOf } from "./amount.ts";
import type { Item, Price, Subscription } from "./objects.ts";
import { customerOf, cutShort, nameOf, notWhole, type Said, skuOf, SOURCE, unread } from "./said.ts";

/** Items that are made this long after their subscription came to it later: those that it began with follow within a second. */
const HOUR = 3_600_000_000;

export function readSubscription(told: Subscription, said: Said): StorefrontCommand {
  if (told.items.has_more) return cutShort(said, "items");
  const orderId = nameOf(told.id);
  const beginsAt = told.start_date ?? told.created;
  const lines = [];
  const items: ToldItem[] = [];
  for (const [index, item] of told.items.data.entries()) {
    // An item of no seats is none.
    if (item.quantity === 0) continue;
    const field = `items.data[${index}]`;
    const price = item.price ?? item.plan;
    if (!price) return unread(said, `${field}.price`, `The item ${item.id} has no price.`);
    const endsAt = item.current_period_end ?? told.current_period_end;
    if (!endsAt)
      return unread(
        said,
        `${field}.current_period_end`,
        `The item ${item.id} does not say until when it is paid.`,
      );
    const isLate = (item.created ?? 0) > beginsAt + HOUR;
    const startsAt = isLate ? (item.created ?? beginsAt) : beginsAt;
    const first = firstPeriod(told, price, beginsAt);
    const stated = isLate || first.isTrial ? 0 : first.isWhole ? statedPrice(price) : undefined;
    const amount = minorOf(stated ?? 0, price.currency);
    if (amount === undefined) return notWhole(said, `${field}.price.unit_amount`);
    const [sku, quantity] = [skuOf(price), item.quantity ?? 1];
    lines.push({
      lineNumber: index + 1,
      sku,
      quantity,
      unitPrice: { amount, currency: price.currency },
      startsAt: formatInstant(startsAt),
      endsAt: formatInstant(isLate ? endsAt : Math.min(endsAt, first.endsAt)),
    });
    items.push({
      name: nameOf(item.id),
      price: price.id,
      sku,
      quantity,
      time: { startsAt: item.current_period_start ?? told.current_period_start ?? startsAt, endsAt },
      isPriced: stated !== undefined && !isLate,
    });
  }
  const order = orderSchema.safeParse({
    orderId,
    orderedAt: formatInstant(told.created),
    channel: SOURCE,
    test: told.livemode === false,
    customer: customerOf(told.customer ?? told.customer_account, orderId),
    lines,
  });
  if (!order.success) return { kind: "quarantine", problem: invalid(order.error) };
  const at = said?.at ?? latestOf(told);
  const toldAt = at + placeOf(said);
  const standing = standingOf(told, said, at);
  return {
    kind: "follow",
    subscription: { order: order.data, items, standing, at, toldAt, source: SOURCE },
  };
}

/** What a seat costs in a period, where the price says it by itself: no tiers, no packages, nothing that is metered. */
function statedPrice(price: Price): number | undefined {
  const usage = price.recurring?.usage_type ?? price.usage_type ?? "licensed";
  const amount = price.unit_amount ?? price.amount;
  const isPlain =
    (price.billing_scheme ?? "per_unit") === "per_unit" &&
    usage === "licensed" &&
    !price.transform_quantity &&
    !price.transform_usage;
  return isPlain && amount !== null && amount !== undefined && amount >= 0 ? amount : undefined;
}

/** Its first period, by what it still says of it: a trial, a part up to the anchor of its cycle, or a whole one. */
function firstPeriod(told: Subscription, price: Price, startsAt: Instant) {
  const { trial_end: trialEnd, billing_cycle_anchor: anchor } = told;
  if (trialEnd && trialEnd > startsAt) return { endsAt: trialEnd, isTrial: true, isWhole: false };
  const interval = price.recurring?.interval ?? price.interval ?? "";
  const count = price.recurring?.interval_count ?? price.interval_count ?? 1;
  const letter = { day: "D", week: "W", month: "M", year: "Y" }[interval];
  const duration = `P${count}${letter ?? "?"}`;
  const endsAt = isDuration(duration) ? addDuration(startsAt, duration) : Infinity;
  const isWhole = !(anchor && anchor > startsAt && anchor < endsAt);
  return { endsAt: isWhole ? endsAt : (anchor ?? endsAt), isTrial: false, isWhole };
}

/** As of when an object is that came without an event: the latest of the times that it says have been. */
function latestOf({ items, ...told }: Subscription): Instant {
  const times = items.data.flatMap((item: Item) => [item.created ?? 0, item.current_period_start ?? 0]);
  const { created, current_period_start: period, ended_at: ended, canceled_at: canceled } = told;
  return Math.max(created, period ?? 0, ended ?? 0, canceled ?? 0, ...times);
}

/** In one second a subscription is made, paid for, and changed: what is told of its beginning comes before the rest. */
const placeOf = (said: Said): number =>
  said === null || said.type === "customer.subscription.created" ? 0 : 1;

function standingOf(told: Subscription, said: Said, at: Instant): Standing {
  const { status, ended_at: endedAt } = told;
  const says = `Stripe says that the subscription is ${status}.`;
  if (status === "incomplete") return { kind: "awaited", refusal: refuse("order_unpaid", says) };
  if (status === "incomplete_expired") return { kind: "void", refusal: refuse("order_voided", says) };
  if (endedAt || status === "canceled" || said?.type === "customer.subscription.deleted") {
    const why = told.cancellation_details?.reason;
    return { kind: "ended", at: endedAt ?? at, reason: why ? `canceled: ${why.slice(0, 100)}` : "canceled" };
  }
  return status === "active" || status === "trialing"
    ? { kind: "in_force" }
    : { kind: "at_rest", reason: says };
}
