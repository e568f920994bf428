// Orders: recorded once, refused with a reason, cancelled as a whole.

import {
  decideCancel,
  decideOrder,
  formatInstant,
  type Instant,
  type EntitlementGranted,
  type Order,
  type OrderEvent,
  type Refusal,
  type Seat,
} from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import { paidOf, rightOf, summaryBody } from "../granted.ts";
import { notePaid } from "../money-rows.ts";
import { type Bill, putBill } from "../reference-rows.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";
import {
  entitlementsOfOrder,
  newestCatalog,
  orderRow,
  recordedOrder,
  type RecordedOrder,
} from "../queries.ts";
import type { OrderRow } from "../rows.ts";
import type { Store } from "../store.ts";

/** An order as it was told. */
export interface ToldOrder {
  order: Order;
  fingerprint: string;
  /** As of when its storefront says so; absent where the order comes once, and then changes no more. */
  toldAt?: Instant | null;
  source: string;
  /** The import that brings it in, if one does. */
  importId?: string | undefined;
  /** What it was paid with, where its storefront said so. */
  bill?: Bill | undefined;
}

/** Whether something newer is on record: messages overtake one another, and may be sent again on purpose. */
const isSuperseded = (known: OrderRow | undefined, { toldAt }: ToldOrder): boolean =>
  (toldAt ?? Infinity) < (known?.told_at ?? -Infinity);

export const superseded = (orderId: string) =>
  rejected(
    "order_superseded",
    `A newer state of order ${orderId} is on record: this one came late, or again.`,
  );

/** An order whose ID its storefront gave: what comes again under it would be taken for what was taken back. */
export const takenBack = (orderId: string) =>
  rejected(
    "order_conflict",
    `Order ${orderId} was brought in by an import that was taken back: record it by POST /v1/orders under another ID.`,
  );

/** Records an order and grants its lines. Its own ID is its key: the same order again is answered as before. */
export function recordOrder(context: CommandContext, command: ToldOrder): Outcome<RecordedOrder> {
  const { order, fingerprint } = command;
  const { store } = context;
  const known = orderRow(store.sql, order.orderId);
  if (known && known.taken_back_at !== null) return takenBack(order.orderId);
  if (known?.status === "recorded" && known.fingerprint === fingerprint)
    return { ok: true, isNew: false, value: recordedOrder(store.sql, known) };
  if (isSuperseded(known, command)) return superseded(order.orderId);
  if (known?.status === "recorded")
    return rejected(
      "order_conflict",
      `Order ${order.orderId} is on record with another content: cancel it, or send yours under another ID.`,
    );
  return grantOrder(context, command);
}

/** Grants what nothing is on record of; what the catalog does not have is refused, and that is put on record. */
export function grantOrder({ store, shard }: CommandContext, command: ToldOrder): Outcome<RecordedOrder> {
  const { order } = command;
  const newest = newestCatalog(store.sql);
  if (!newest) return refuseOrder(store, command, noCatalog);
  const decision = decideOrder(order, newest.catalog, () => newId("ent", shard));
  if (!decision.ok) return refuseOrder(store, command, decision.refusal);

  const row = recordGranted({ store, shard }, command, decision.events);
  return { ok: true, isNew: true, value: recordedOrder(store.sql, row) };
}

/** Puts what was decided of an order on record: its events, its money, and a right for each of its lines. */
export function recordGranted(
  { store, shard }: CommandContext,
  { order, fingerprint, toldAt, source, importId, bill }: ToldOrder,
  events: readonly (OrderEvent | EntitlementGranted)[],
): OrderRow {
  const row = {
    order_id: order.orderId,
    customer_id: order.customer.id,
    status: "recorded",
    fingerprint,
    body: summaryBody(order),
    cancelled_at: null,
    told_at: toldAt ?? null,
    import_id: importId ?? null,
    taken_back_at: null,
  } as const;
  store.putOrder(row);
  for (const event of events) {
    store.append({ ...event, source });
    if (event.type !== "entitlement.granted") continue;
    notePaid(store.sql, paidOf(event, order));
    store.insertEntitlement(rightOf(event, shard));
  }
  store.tellProfile(order.customer);
  if (bill) putBill(store.sql, order.orderId, bill);
  return row;
}

const noCatalog: Refusal = {
  code: "no_catalog",
  rule: "catalog",
  detail: "No catalog has been published: PUT /v1/catalog first, then send the order again.",
};

/** An order that came in withdrawn, voided or unpaid: it ends what is on record under its ID, and else is refused. */
export function withdrawOrder(
  context: CommandContext,
  command: ToldOrder & { refusal: Refusal; occurredAt: Instant },
): Outcome<{ orderId: string }> {
  const { order, refusal, occurredAt, source } = command;
  const known = orderRow(context.store.sql, order.orderId);
  if (isSuperseded(known, command)) return superseded(order.orderId);
  if (known?.status === "recorded") {
    const outcome = cancelOrder(context, {
      orderId: order.orderId,
      reason: refusal.code,
      toldAt: command.toldAt ?? null,
      occurredAt,
      source,
    });
    return outcome.ok ? { ...outcome, value: { orderId: order.orderId } } : outcome;
  }
  return refuseOrder(context.store, command, refusal);
}

/** Puts the refusal of an order on record, once for the same order and reason however often it is sent. */
export function refuseOrder(
  store: Store,
  { order, fingerprint, toldAt, source }: ToldOrder,
  refusal: Refusal,
): { ok: false; refusal: Refusal } {
  const reason = `${refusal.code} ${fingerprint}`;
  if (orderRow(store.sql, order.orderId)?.fingerprint !== reason) {
    store.putOrder({
      order_id: order.orderId,
      customer_id: order.customer.id,
      status: "refused",
      fingerprint: reason,
      body: summaryBody(order),
      cancelled_at: null,
      told_at: toldAt ?? null,
      import_id: null,
      taken_back_at: null,
    });
    store.append({
      type: "order.refused",
      order_id: order.orderId,
      customer_id: order.customer.id,
      source,
      occurred_at: formatInstant(order.orderedAt),
      data: {
        code: refusal.code,
        rule: refusal.rule,
        detail: refusal.detail,
        channel: order.channel,
        is_test: order.test,
      },
    });
  }
  return { ok: false, refusal };
}

/** Cancels an order: its entitlements end, with all their seats and licenses. Again is no news. */
export function cancelOrder(
  { store }: CommandContext,
  command: {
    orderId: string;
    reason: string;
    by?: string;
    toldAt?: Instant | null;
    occurredAt: Instant | null;
    source: string;
  },
): Outcome<RecordedOrder> {
  const { orderId, reason, source } = command;
  const known = orderRow(store.sql, orderId);
  if (known?.status !== "recorded") return rejected("unknown_order", `There is no order ${orderId}.`);
  if (known.cancelled_at !== null) return { ok: true, isNew: false, value: recordedOrder(store.sql, known) };

  const now = command.occurredAt ?? store.now;
  const cancelled = {
    type: "order.cancelled" as const,
    order_id: orderId,
    customer_id: known.customer_id,
    occurred_at: formatInstant(now),
    data: { reason, by: command.by },
  };
  const decisions = entitlementsOfOrder(store.sql, orderId).map(({ entitlement }) => {
    const state = { entitlement, seats: new Map<string, Seat>() };
    return { state, decision: decideCancel(state, reason, now) };
  });
  // All of an order ends, or nothing of it.
  for (const { decision } of decisions) if (!decision.ok) return decision;
  store.append({ ...cancelled, source });
  for (const { state, decision } of decisions) if (decision.ok) store.record(state, decision.events, source);
  const row = { ...known, cancelled_at: now, told_at: command.toldAt ?? known.told_at };
  store.putOrder(row);
  return { ok: true, isNew: true, value: recordedOrder(store.sql, row) };
}
