// The money of orders ↔ its rows.

import type { Instant, LineMoney } from "../../licensing/index.ts";
import type { Sql } from "./sql.ts";

/** Which money: of a line of an order, in one currency. */
export interface Moved {
  orderId: string;
  lineNumber: number;
  currency: string;
  amountMinor: number;
  at: Instant;
}

/** The money of an order, by line and currency. */
export function moneyOf(sql: Sql, orderId: string): LineMoney[] {
  return sql.all<LineMoney & Record<string, string | number>>(
    `select line_number as lineNumber, currency, paid_minor as paidMinor, refunded_minor as refundedMinor,
       latest_at as latestAt
     from line_money where order_id = ? order by line_number, currency`,
    orderId,
  );
}

/** Whether the money of a line stays what a number holds exactly, with so much more. */
export function fitsMoney(
  sql: Sql,
  { orderId, lineNumber, currency, amountMinor }: Omit<Moved, "at">,
): boolean {
  const paid = moneyOf(sql, orderId).find(
    (line) => line.lineNumber === lineNumber && line.currency === currency,
  );
  return Number.isSafeInteger((paid?.paidMinor ?? 0) + amountMinor);
}

/** Notes what was paid: with an order, or for one of its rights later. */
export function notePaid(sql: Sql, { orderId, lineNumber, currency, amountMinor, at }: Moved): void {
  sql.run(
    `insert into line_money values (?, ?, ?, ?, 0, ?)
     on conflict (order_id, line_number, currency) do update
       set paid_minor = paid_minor + excluded.paid_minor, latest_at = max(latest_at, excluded.latest_at)`,
    orderId,
    lineNumber,
    currency,
    amountMinor,
    at,
  );
}

/** Notes what went back. */
export function noteRefunded(sql: Sql, { orderId, lineNumber, currency, amountMinor, at }: Moved): void {
  sql.run(
    `update line_money set refunded_minor = refunded_minor + ?, latest_at = max(latest_at, ?)
     where order_id = ? and line_number = ? and currency = ?`,
    amountMinor,
    at,
    orderId,
    lineNumber,
    currency,
  );
}

/** A refund as it was answered, and what tells whether the same comes again. */
export function refundRow(
  sql: Sql,
  orderId: string,
  refundId: string,
): { fingerprint: string; body: string } | undefined {
  return sql.get(
    "select fingerprint, body from refund where order_id = ? and refund_id = ?",
    orderId,
    refundId,
  );
}

export function insertRefund(
  sql: Sql,
  row: { orderId: string; refundId: string; fingerprint: string; body: string },
): void {
  sql.run(
    "insert into refund (order_id, refund_id, fingerprint, body) values (?, ?, ?, ?)",
    row.orderId,
    row.refundId,
    row.fingerprint,
    row.body,
  );
}
