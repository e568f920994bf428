// Refunds: money of an order that goes back, recorded once.

import { decideRefund, formatInstant, type Instant, type RefundCommand } from "../../../licensing/index.ts";
import { insertRefund, moneyOf, noteRefunded, refundRow } from "../money-rows.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";
import { orderRow } from "../queries.ts";

/** A refund as it is answered. */
export interface RecordedRefund {
  orderId: string;
  refundId: string;
  kind: "refund" | "credit";
  reason: string;
  refundedAt: string;
  lines: RefundCommand["lines"];
}

/** Records a refund or a credit. Its own ID is its key in its order: the same again is answered as before. */
export function refundOrder(
  { store }: CommandContext,
  command: {
    orderId: string;
    refund: RefundCommand;
    fingerprint: string;
    occurredAt: Instant | null;
    source: string;
  },
): Outcome<RecordedRefund> {
  const { orderId, refund, fingerprint, source } = command;
  const order = orderRow(store.sql, orderId);
  if (order?.status !== "recorded") return rejected("unknown_order", `There is no order ${orderId}.`);
  const known = refundRow(store.sql, orderId, refund.refundId);
  if (known?.fingerprint === fingerprint)
    return { ok: true, isNew: false, value: JSON.parse(known.body) as RecordedRefund };
  if (known)
    return rejected(
      "refund_conflict",
      `Refund ${refund.refundId} of order ${orderId} is on record with another content: send yours under another ID.`,
    );
  const now = command.occurredAt ?? store.now;
  const keys = { order_id: orderId, customer_id: order.customer_id };
  const decision = decideRefund(keys, moneyOf(store.sql, orderId), refund, now);
  if (!decision.ok) return decision;
  for (const event of decision.events) store.append({ ...event, source });
  for (const { lineNumber, currency, amount } of refund.lines)
    noteRefunded(store.sql, { orderId, lineNumber, currency, amountMinor: amount, at: now });
  const { refundId, kind, reason, lines } = refund;
  const value = { orderId, refundId, kind, reason, refundedAt: formatInstant(now), lines };
  insertRefund(store.sql, { orderId, refundId, fingerprint, body: JSON.stringify(value) });
  return { ok: true, isNew: true, value };
}
