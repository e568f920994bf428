// What the ledger can be asked to do. Each command is plain data, decided and recorded in one transaction.

import {
  ACTIVATION_CODE_BYTES,
  type ActivateCommand,
  activationRefused,
  type Catalog,
  decideActivate,
  decideCancel,
  decideOrder,
  type Entitlement,
  evolve,
  formatInstant,
  type Instant,
  makeActivationCode,
  type Order,
  type OrderEvent,
  type Refusal,
  type Seat,
} from "../../licensing/index.ts";
import { newId } from "../ids.ts";
import {
  entitlementsOfOrder,
  type OrderSummary,
  type RecordedOrder,
  orderRow,
  recordedOrder,
} from "./queries.ts";
import type { Store } from "./store.ts";

/** Something that the ledger itself turns away, beside the refusals of the rules. */
export interface LedgerRefusal {
  code: "catalog_conflict" | "order_conflict" | "unknown_order" | "unknown_activation_code";
  detail: string;
}

/** What a command came to. `isNew` is false where everything had been recorded before. */
export type Outcome<T> =
  { ok: true; isNew: boolean; value: T } | { ok: false; refusal: Refusal | LedgerRefusal };

/** Everything that a handler has beside its command. */
export interface CommandContext {
  store: Store;
  shard: number;
}

/** Publishes a catalog version. The same version again is no news; with another content it is a conflict. */
export function publishCatalog(
  { store }: CommandContext,
  command: { catalog: Catalog; occurredAt: Instant | null; source: string },
): Outcome<{ version: string }> {
  const { version, products, licenseModels, priceBands } = command.catalog;
  const body = JSON.stringify(command.catalog);
  const known = store.catalogBody(version);
  if (known === body) return { ok: true, isNew: false, value: { version } };
  if (known !== undefined)
    return rejected(
      "catalog_conflict",
      `Catalog version ${version} was published with another content: publish yours under a new version.`,
    );
  store.insertCatalog(version, body);
  store.append({
    type: "catalog.published",
    source: command.source,
    occurred_at: formatInstant(command.occurredAt ?? store.now),
    data: { version, products, license_models: licenseModels, price_bands: priceBands },
  });
  return { ok: true, isNew: true, value: { version } };
}

/** Records an order and grants its lines. Its own ID is its key: the same order again is answered as before. */
export function recordOrder(
  { store, shard }: CommandContext,
  command: { order: Order; fingerprint: string; source: string },
): Outcome<RecordedOrder> {
  const { order, fingerprint, source } = command;
  const known = orderRow(store.sql, order.orderId);
  if (known?.status === "recorded") {
    if (known.fingerprint === fingerprint)
      return { ok: true, isNew: false, value: recordedOrder(store.sql, known) };
    return rejected(
      "order_conflict",
      `Order ${order.orderId} is on record with another content: cancel it, or send yours under another ID.`,
    );
  }
  const newest = store.newestCatalog();
  if (!newest) return refuseOrder(store, command, noCatalog);
  const decision = decideOrder(order, newest.catalog, () => newId("ent", shard));
  if (!decision.ok) return refuseOrder(store, command, decision.refusal);

  const row = {
    order_id: order.orderId,
    customer_id: order.customer.id,
    status: "recorded",
    fingerprint,
    body: summaryBody(order),
    cancelled_at: null,
  } as const;
  store.putOrder(row);
  store.putProfile(order.customer);
  for (const event of decision.events) {
    store.append({ ...event, source });
    if (event.type === "entitlement.granted")
      store.insertEntitlement(
        evolve(undefined, event).entitlement,
        makeActivationCode(shard, crypto.getRandomValues(new Uint8Array(ACTIVATION_CODE_BYTES))),
      );
  }
  return { ok: true, isNew: true, value: recordedOrder(store.sql, row) };
}

const noCatalog: Refusal = {
  code: "no_catalog",
  rule: "catalog",
  detail: "No catalog has been published: PUT /v1/catalog first, then send the order again.",
};

/** An order that came in withdrawn, voided or unpaid: it ends what is on record under its ID, and else is refused. */
export function withdrawOrder(
  context: CommandContext,
  command: { order: Order; fingerprint: string; refusal: Refusal; occurredAt: Instant; source: string },
): Outcome<{ orderId: string }> {
  const { order, refusal, occurredAt, source } = command;
  const known = orderRow(context.store.sql, order.orderId);
  if (known?.status === "recorded") {
    const outcome = cancelOrder(context, {
      orderId: order.orderId,
      reason: refusal.code,
      occurredAt,
      source,
    });
    return outcome.ok ? { ...outcome, value: { orderId: order.orderId } } : outcome;
  }
  return refuseOrder(context.store, command, refusal);
}

/** Puts the refusal of an order on record, once for the same order and reason however often it is sent. */
function refuseOrder(
  store: Store,
  { order, fingerprint, source }: { order: Order; fingerprint: string; source: string },
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
  command: { orderId: string; reason: string; occurredAt: Instant | null; source: string },
): Outcome<RecordedOrder> {
  const { orderId, reason, source } = command;
  const known = orderRow(store.sql, orderId);
  if (known?.status !== "recorded") return rejected("unknown_order", `There is no order ${orderId}.`);
  if (known.cancelled_at !== null) return { ok: true, isNew: false, value: recordedOrder(store.sql, known) };

  const now = command.occurredAt ?? store.now;
  const cancelled: OrderEvent = {
    type: "order.cancelled",
    order_id: orderId,
    customer_id: known.customer_id,
    occurred_at: formatInstant(now),
    data: { reason },
  };
  const decisions = entitlementsOfOrder(store.sql, orderId).map(({ entitlement }) => {
    const state = { entitlement, seats: new Map<string, Seat>() };
    return { state, decision: decideCancel(state, reason, now) };
  });
  // All of an order ends, or nothing of it.
  for (const { decision } of decisions) if (!decision.ok) return decision;
  store.append({ ...cancelled, source });
  for (const { state, decision } of decisions) if (decision.ok) store.record(state, decision.events, source);
  const row = { ...known, cancelled_at: now };
  store.putOrder(row);
  return { ok: true, isNew: true, value: recordedOrder(store.sql, row) };
}

/** Gives a host its seat. The same host again keeps its seat, and its license while that runs. */
export function activate(
  { store, shard }: CommandContext,
  command: {
    activationCode: string;
    activate: ActivateCommand;
    hostName: string | null;
    occurredAt: Instant | null;
    source: string;
  },
): Outcome<{ entitlement: Entitlement; seat: Seat }> {
  const now = command.occurredAt ?? store.now;
  const entitlement = store.entitlementByCode(command.activationCode);
  if (!entitlement)
    return rejected(
      "unknown_activation_code",
      "No entitlement has this activation code: check it against your order.",
    );
  const { hostHash, userHash } = command.activate;
  const binding = entitlement.model.metric === "named-user" ? (userHash ?? hostHash) : hostHash;
  const state = { entitlement, seats: store.seatsFor(entitlement, binding, now) };
  const ids = { activationId: newId("act", shard), licenseId: newId("lic", shard) };
  const decision = decideActivate(state, command.activate, now, ids);
  if (!decision.ok) {
    store.append({
      ...activationRefused(entitlement, command.activate, decision.refusal, now),
      source: command.source,
    });
    return decision;
  }
  const next = store.record(state, decision.events, command.source);
  const seat = next.seats.get(decision.activationId);
  if (!seat) throw new TypeError(`an activation that was granted left no seat: ${decision.activationId}`);
  const isNew = decision.activationId === ids.activationId;
  if (isNew && command.hostName !== null) store.nameHost(seat.activationId, command.hostName);
  return { ok: true, isNew, value: { entitlement: next.entitlement, seat } };
}

/** Keeps input that was not understood, with what was wrong, to be replayed after a fix. */
export function quarantine(
  { store, shard }: CommandContext,
  command: { source: string; stage: string; code: string; detail: string; input: string },
): Outcome<{ quarantineId: string }> {
  const quarantineId = newId("qtn", shard);
  store.insertQuarantined({
    quarantine_id: quarantineId,
    received_at: store.now,
    source: command.source,
    stage: command.stage,
    code: command.code,
    detail: command.detail,
    input: command.input,
  });
  store.append({
    type: "input.quarantined",
    source: command.source,
    occurred_at: formatInstant(store.now),
    data: {
      quarantine_id: quarantineId,
      stage: command.stage,
      code: command.code,
      detail: command.detail,
      size_bytes: new TextEncoder().encode(command.input).length,
    },
  });
  return { ok: true, isNew: true, value: { quarantineId } };
}

/** Notes that quarantined input went through after all. Again is no news. */
export function markReplayed(
  { store }: CommandContext,
  command: { quarantineId: string; source: string },
): Outcome<{ quarantineId: string }> {
  const { quarantineId, source } = command;
  if (!store.markReplayed(quarantineId)) return { ok: true, isNew: false, value: { quarantineId } };
  store.append({
    type: "input.replayed",
    source,
    occurred_at: formatInstant(store.now),
    data: { quarantine_id: quarantineId },
  });
  return { ok: true, isNew: true, value: { quarantineId } };
}

function summaryBody(order: Order): string {
  const summary: Omit<OrderSummary, "status"> = {
    orderId: order.orderId,
    customerId: order.customer.id,
    orderedAt: formatInstant(order.orderedAt),
    channel: order.channel,
    test: order.test,
  };
  return JSON.stringify(summary);
}

function rejected(code: LedgerRefusal["code"], detail: string): { ok: false; refusal: LedgerRefusal } {
  return { ok: false, refusal: { code, detail } };
}
