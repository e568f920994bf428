// Pure. What of an order's money may go back.

import type { OrderKeys, OrderRefunded } from "../order-events.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Decision, type Refusal, refuse } from "../refusal.ts";

/** What was paid for a line of an order in one currency, with all that was paid for it later, and what went back. */
export interface LineMoney {
  lineNumber: number;
  currency: string;
  paidMinor: number;
  refundedMinor: number;
  /** The latest time at which something was paid, or went back. */
  latestAt: Instant;
}

/** A refund as it is asked for. A line is in it once. */
export interface RefundCommand {
  refundId: string;
  kind: "refund" | "credit";
  reason: string;
  by: string;
  lines: { lineNumber: number; amount: number; currency: string; quantity: number }[];
}

/**
 * Decides a refund: all of it or nothing, and of no line more than was paid for it less what went back before.
 * @param money of the order, by line and currency
 */
export function decideRefund(
  order: Omit<OrderKeys, "occurred_at">,
  money: readonly LineMoney[],
  command: RefundCommand,
  now: Instant,
): Decision<OrderRefunded> {
  for (const [index, line] of command.lines.entries()) {
    const refusal = refusalOf(line, money, now, `lines[${index}].amount`);
    if (refusal) return { ok: false, refusal };
  }
  const { refundId, kind, reason, by } = command;
  const lines = command.lines.map(({ lineNumber, amount, currency, quantity }) => ({
    line_number: lineNumber,
    amount_minor: amount,
    currency,
    quantity,
  }));
  const data = { refund_id: refundId, kind, reason, by, lines };
  return { ok: true, events: [{ type: "order.refunded", ...order, occurred_at: formatInstant(now), data }] };
}

function refusalOf(
  line: RefundCommand["lines"][number],
  money: readonly LineMoney[],
  now: Instant,
  field: string,
): Refusal | null {
  const { lineNumber, currency, amount } = line;
  const paid = money.find((one) => one.lineNumber === lineNumber && one.currency === currency);
  const left = paid ? paid.paidMinor - paid.refundedMinor : 0;
  if (!paid || amount > left)
    return refuse(
      "refund_too_large",
      `Of line ${lineNumber} ${left} minor units of ${currency} are left to go back, and ${amount} are asked for.`,
      { field },
    );
  return now < paid.latestAt
    ? refuse(
        "history_out_of_order",
        `Money of line ${lineNumber} moved later, at ${formatInstant(paid.latestAt)}: a refund comes after what it takes back.`,
      )
    : null;
}
