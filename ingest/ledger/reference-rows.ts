// What storefronts call their things ↔ rows: items of subscriptions, bills that were paid, payments.

import type { Instant, PaidTime } from "../../licensing/index.ts";
import type { Sql } from "./sql.ts";

/** The item of a subscription that a line of an order is of, as it was told last. */
export interface Item {
  kind: "item";
  lineNumber: number;
  sku: string;
  quantity: number;
  /** What its storefront calls the prices that it had, the newest first: a bill may know nothing else of it. */
  prices: string[];
  /** Whether its line said what it costs; else the first bill of it does. */
  isPriced: boolean;
  /** Whether its rights rest because its storefront said so: what staff suspended stays so. */
  isResting: boolean;
  /** Fewer seats than were sold, as told last, and by which message: it is put to people once. */
  shortfall: { quantity: number; toldAt: Instant } | null;
  /** The item that took its place. */
  successor: string | null;
}

/** An item that came to a subscription after its order: it is an order of its own. */
export interface Elsewhere {
  kind: "elsewhere";
  orderId: string;
  prices: string[];
}

/** What part of a bill is for a line of an order. */
export interface BillPart {
  /** The item that it is for, and its price, as the storefront calls them; null where it does not say. */
  item: string | null;
  price: string | null;
  /** Where the bill is of an order that has no items. */
  lineNumber: number | null;
  /** In minor units, without tax: below zero where something is given back by it. */
  amount: number;
  /** What it is for; null where that is told by the order. */
  time: PaidTime | null;
}

/** What was paid at once, and what went back of it. */
export interface Bill {
  name: string;
  /** What a refund may name instead of it. */
  payments: string[];
  currency: string;
  /** All of it, with tax and what is none of ours: what goes back is a share of this. */
  gross: number;
  parts: BillPart[];
  /** Whether it is what the order says that its lines cost. */
  isFirst: boolean;
  paidAt: Instant;
}

/** What went back of a bill so far, all in its gross amounts. */
interface Returned {
  /** By payment: refunds by their IDs, and the most that was told of all of them. */
  payments: Record<string, { refunds: Record<string, number>; total: number }>;
  /** Credit notes by their IDs, but for what they refunded. */
  credits: Record<string, number>;
  /** What is on record of it, by line. */
  byLine: Record<string, number>;
}

export interface KeptBill extends Omit<Bill, "name" | "payments"> {
  kind: "bill";
  /** Whether its money is on record; it waits where the order is not yet known. */
  isBooked: boolean;
  returned: Returned;
}

/** A payment, by the bill that it paid. */
interface Payment {
  kind: "payment";
  bill: string;
}

export type Reference = Item | Elsewhere | KeptBill | Payment;
export interface NamedReference {
  name: string;
  /** Empty where only a bill's name is known. */
  orderId: string;
  reference: Reference;
}

/** More than a refund, a charge or a credit note names. */
const MAX_NAMES = 100;

/** Who goes by these names, in any order of this shard. */
export function referencesNamed(sql: Sql, names: readonly string[]): NamedReference[] {
  return sql
    .all<Row>(
      `select name, order_id, body from storefront_reference where name in (select value from json_each(?))
       order by name, order_id`,
      JSON.stringify(names.slice(0, MAX_NAMES)),
    )
    .map(named);
}

/** Everything that an order's storefront calls by a name of its own. */
export function referencesOf(sql: Sql, orderId: string): Map<string, Reference> {
  const rows = sql.all<Row>(
    "select name, order_id, body from storefront_reference where order_id = ? order by name",
    orderId,
  );
  return new Map(rows.map(named).map(({ name, reference }) => [name, reference]));
}

export function putReference(sql: Sql, { name, orderId, reference }: NamedReference): void {
  sql.run(
    `insert into storefront_reference (name, order_id, body) values (?, ?, ?)
     on conflict (name, order_id) do update set body = excluded.body`,
    name,
    orderId,
    JSON.stringify(reference),
  );
}

/** Keeps a bill, and what it was paid by. @param isBooked whether its money is on record by now */
export function putBill(sql: Sql, orderId: string, { name, payments, ...bill }: Bill, isBooked = true): void {
  const returned: Returned = { payments: {}, credits: {}, byLine: {} };
  putReference(sql, { name, orderId, reference: { kind: "bill", ...bill, isBooked, returned } });
  for (const payment of payments)
    putReference(sql, { name: payment, orderId, reference: { kind: "payment", bill: name } });
}

interface Row {
  name: string;
  order_id: string;
  body: string;
}

function named({ name, order_id: orderId, body }: Row): NamedReference {
  return { name, orderId, reference: JSON.parse(body) as Reference };
}
