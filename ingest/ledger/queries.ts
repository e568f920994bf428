// What the ledger can be asked: bounded reads of what is committed.

import type { Catalog, Entitlement, RevocationClaims, Seat } from "../../licensing/index.ts";
import type { Event } from "../event.ts";
import type { Sql } from "./sql.ts";
import { type OrderRow, type QuarantineRow, type SeatRow, seatOf } from "./rows.ts";

/** What one page of a history holds at most. Events are usually a kilobyte; an edge has 128 MB for all that it does. */
export const HISTORY_PAGE: HistoryBounds = { events: 1000, bytes: 8 * 1024 * 1024 };
/** Seats that an entitlement's answer lists; `seatsBound` says how many there are. */
const MAX_SEATS_LISTED = 1000;

/** An order as it is answered: without the customer's profile. */
export interface OrderSummary {
  orderId: string;
  customerId: string;
  orderedAt: string;
  channel: string;
  test: boolean;
  status: "recorded" | "cancelled";
}

/** An order with what it granted, and the codes that open it. */
export interface RecordedOrder {
  order: OrderSummary;
  entitlements: { entitlement: Entitlement; activationCode: string }[];
}

/** The catalog that orders are decided by. */
export function newestCatalog(sql: Sql): { version: string; body: string; catalog: Catalog } | undefined {
  const row = sql.get<{ version: string; body: string }>(
    "select version, body from catalog order by number desc limit 1",
  );
  return row && { ...row, catalog: JSON.parse(row.body) as Catalog };
}

/** What is on record under an order's ID, granted or refused. */
export function orderRow(sql: Sql, orderId: string): OrderRow | undefined {
  return sql.get<OrderRow>("select * from orders where order_id = ?", orderId);
}

/** An order that was granted, by its ID. */
export function findOrder(sql: Sql, orderId: string): RecordedOrder | undefined {
  const row = orderRow(sql, orderId);
  return row?.status === "recorded" ? recordedOrder(sql, row) : undefined;
}

/** What a granted order came to. */
export function recordedOrder(sql: Sql, row: OrderRow): RecordedOrder {
  const summary = JSON.parse(row.body) as Omit<OrderSummary, "status">;
  return {
    order: { ...summary, status: row.cancelled_at === null ? "recorded" : "cancelled" },
    entitlements: entitlementsOfOrder(sql, row.order_id),
  };
}

/** The entitlements of an order, in the order of its lines, each with its activation code. */
export function entitlementsOfOrder(sql: Sql, orderId: string): RecordedOrder["entitlements"] {
  return sql
    .all<{ state: string; activation_code: string }>(
      "select state, activation_code from entitlement where order_id = ? order by rowid",
      orderId,
    )
    .map((row) => ({
      entitlement: JSON.parse(row.state) as Entitlement,
      activationCode: row.activation_code,
    }));
}

/** An entitlement with its newest seats. */
export interface EntitlementView {
  entitlement: Entitlement;
  seats: (Seat & { hostName: string | null })[];
}

/** An entitlement by its ID, with its newest seats. */
export function findEntitlement(sql: Sql, entitlementId: string): EntitlementView | undefined {
  const row = sql.get<{ state: string }>(
    "select state from entitlement where entitlement_id = ?",
    entitlementId,
  );
  if (!row) return undefined;
  const seats = sql.all<SeatRow & { host_name: string | null }>(
    "select * from seat where entitlement_id = ? order by rowid desc limit ?",
    entitlementId,
    MAX_SEATS_LISTED,
  );
  return {
    entitlement: JSON.parse(row.state) as Entitlement,
    seats: seats.map((seat) => ({ ...seatOf(seat), hostName: seat.host_name })),
  };
}

/** Those of a list that a customer has: the list may be outdated, this is not. */
export function entitlementsOfCustomer(
  sql: Sql,
  customerId: string,
  entitlementIds: readonly string[],
): Entitlement[] {
  return sql
    .all<{ state: string }>(
      "select state from entitlement where customer_id = ? and entitlement_id in (select value from json_each(?))",
      customerId,
      JSON.stringify(entitlementIds),
    )
    .map((row) => JSON.parse(row.state) as Entitlement);
}

/** How much of a history is asked for: both bounds hold, but one event is always given. */
export interface HistoryBounds {
  events: number;
  /** An order's event alone may have a hundred kilobytes. */
  bytes: number;
}

/** Some events of a customer, in the order in which they were recorded. */
export interface HistoryPart {
  events: Event[];
  /** Whether there are more. */
  hasMore: boolean;
}

/** A customer's events after a place in the ledger. */
export function historyOfCustomer(
  sql: Sql,
  customerId: string,
  afterSeq: number,
  bounds: HistoryBounds,
): HistoryPart {
  const rows = sql.all<{ seq: number; line: string }>(
    `select seq, line
     from (
       select seq, line, sum(octet_length(line)) over places as bytes, row_number() over places as place
       from (select seq, line from event where customer_id = ? and seq > ? order by seq limit ?)
       window places as (order by seq)
     )
     where bytes <= ? or place = 1
     order by seq`,
    customerId,
    afterSeq,
    bounds.events,
    bounds.bytes,
  );
  const last = rows.at(-1)?.seq ?? afterSeq;
  const hasMore =
    sql.get("select 1 from event where customer_id = ? and seq > ? limit 1", customerId, last) !== undefined;
  return { events: rows.map(({ line }) => JSON.parse(line) as Event), hasMore };
}

/** The list of what must not run any more: its number, and what is on it now. */
export function listRevoked(
  sql: Sql,
  now: number,
): { number: number } & Pick<RevocationClaims, "licenses" | "activations" | "entitlements"> {
  const { number } = sql.get<{ number: number }>(
    "select coalesce(max(number), 0) as number from revocation",
  ) ?? { number: 0 };
  // The latest change of each says whether it is on the list; what has ended by itself need not be.
  const rows = sql.all<{ kind: string; id: string; generation: number | null }>(
    `select kind, id, generation from revocation as latest
     where is_revoked = 1 and (until is null or until > ?)
       and not exists (
         select 1 from revocation as later
         where later.kind = latest.kind and later.id = latest.id and later.number > latest.number
       )
     order by number`,
    now,
  );
  const ofKind = (kind: string) => rows.filter((row) => row.kind === kind).map(({ id }) => id);
  const activations = rows.flatMap(({ id, generation }): [string, number][] =>
    generation === null ? [] : [[id, generation]],
  );
  return { number, licenses: ofKind("license"), activations, entitlements: ofKind("entitlement") };
}

/** How much is in the ledger, and the newest place. */
export function ledgerSummary(sql: Sql): { lastSeq: number; orders: number; hasCatalog: boolean } {
  const { lastSeq } = sql.get<{ lastSeq: number }>("select coalesce(max(seq), 0) as lastSeq from event") ?? {
    lastSeq: 0,
  };
  const { orders } = sql.get<{ orders: number }>("select count(*) as orders from orders") ?? { orders: 0 };
  return { lastSeq, orders, hasCatalog: sql.get("select 1 from catalog limit 1") !== undefined };
}

/** Input that waits in quarantine, oldest first. */
export function listQuarantined(sql: Sql, limit: number): QuarantineRow[] {
  return sql.all<QuarantineRow>(
    "select * from quarantine where replayed_at is null order by received_at, quarantine_id limit ?",
    limit,
  );
}

/** Takes the write lock, and writes nothing. @throws where the ledger cannot be written */
export function takeWriteLock(sql: Sql): null {
  return sql.transaction(() => null);
}

/** How many inputs wait in quarantine. */
export function quarantineWaiting(sql: Sql): number {
  return countOf(sql, "select count(*) as count from quarantine where replayed_at is null");
}

/** How many events no segment has yet. */
export function outboxLag(sql: Sql): number {
  return countOf(
    sql,
    `select coalesce((select max(seq) from event), 0) - exported_through as count from export where stream = 'events'`,
  );
}

const countOf = (sql: Sql, query: string): number => sql.get<{ count: number }>(query)?.count ?? 0;
