// Money of bills that went back. What a storefront says of it comes one by one, and as the sum of all so far; both only rise, and
// what is on record is the higher of the two: so a refund counts once, whichever of them tells it, and in whatever order.

import { refuse, type RefundCommand } from "../../../licensing/index.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";
import { type KeptBill, type NamedReference, putReference, referencesOf } from "../reference-rows.ts";
import type { ToldReturn } from "../told.ts";
import { latestOf, linesOfBill } from "./bills.ts";
import { refundOrder } from "./refunds.ts";

/** Puts on record what went back of a bill, as the same share of each of its lines. */
export function returnMoney(
  context: CommandContext,
  command: { orderId: string; bill: string; told: ToldReturn },
): Outcome<{ orderId: string }> {
  const { orderId, bill: name, told } = command;
  const { store } = context;
  const references = referencesOf(store.sql, orderId);
  const bill = references.get(name);
  if (bill?.kind !== "bill") return rejected("unknown_order", `No order was paid by ${name}.`);
  if (!bill.isBooked)
    return rejected("unknown_order", `Bill ${name} waits for what its subscription, ${orderId}, is of.`);
  const value = { orderId };
  if (told.isFailed)
    return isCounted(bill, told)
      ? rejected(
          "refund_conflict",
          `The refund ${told.refundId} is on record, and did not go through after all: agree with finance on what to do.`,
        )
      : { ok: true, isNew: false, value };
  const before = sumOf(bill.returned);
  const returned = noted(bill, told);
  const sum = sumOf(returned);
  if (sum <= before) return { ok: true, isNew: false, value };
  if (told.currency !== bill.currency || sum > bill.gross)
    return {
      ok: false,
      refusal: refuse(
        "refund_too_large",
        `Bill ${name} was for ${bill.gross} minor units of ${bill.currency}, and ${sum} of ${told.currency} would have gone back.`,
      ),
    };
  const lines: RefundCommand["lines"] = [];
  const byLine = { ...returned.byLine };
  for (const [lineNumber, paid] of linesOfBill(store, orderId, references, bill)) {
    const whole = share(paid, sum, bill.gross);
    const amount = whole - (byLine[lineNumber] ?? 0);
    byLine[lineNumber] = whole;
    if (amount > 0) lines.push({ lineNumber, amount, currency: bill.currency, quantity: 0 });
  }
  if (lines.length > 0) {
    const { refundId, kind, reason, source } = told;
    const outcome = refundOrder(context, {
      orderId,
      refund: { refundId, kind, reason, by: source, lines },
      fingerprint: JSON.stringify(lines),
      occurredAt: latestOf(store, orderId, told.at),
      source,
    });
    if (!outcome.ok) return outcome;
  }
  putReference(store.sql, { name, orderId, reference: { ...bill, returned: { ...returned, byLine } } });
  return { ok: true, isNew: true, value };
}

type Returned = KeptBill["returned"];

/** What went back, with one more word on it. */
function noted({ returned }: KeptBill, { payment, refundId, amount, isTotal }: ToldReturn): Returned {
  if (payment === null) return { ...returned, credits: { ...returned.credits, [refundId]: amount } };
  const { refunds, total } = returned.payments[payment] ?? { refunds: {}, total: 0 };
  const one = isTotal
    ? { refunds, total: Math.max(total, amount) }
    : { refunds: { ...refunds, [refundId]: amount }, total };
  return { ...returned, payments: { ...returned.payments, [payment]: one } };
}

function sumOf({ payments, credits }: Returned): number {
  return (
    Object.values(payments).reduce(
      (sum, { refunds, total }) => sum + Math.max(total, added(Object.values(refunds))),
      0,
    ) + added(Object.values(credits))
  );
}

const added = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** Whether a refund is on record: by itself, or in a sum that those which are known do not come to. */
function isCounted({ returned }: KeptBill, { payment, refundId }: ToldReturn): boolean {
  const { refunds, total } = returned.payments[payment ?? ""] ?? { refunds: {}, total: 0 };
  return refundId in refunds || total > added(Object.values(refunds));
}

/** What of a line's amount so much of the whole is, rounded down: all of it where all went back. */
function share(amount: number, returned: number, gross: number): number {
  return amount > 0 && gross > 0 ? Number((BigInt(amount) * BigInt(returned)) / BigInt(gross)) : 0;
}

/** Keeps what a storefront calls something. Again is no news. */
export function noteReference(
  { store }: CommandContext,
  command: NamedReference,
): Outcome<{ orderId: string }> {
  putReference(store.sql, command);
  return { ok: true, isNew: true, value: { orderId: command.orderId } };
}
