// Pure. Refunds, charges of which something went back, and credit notes of Stripe's → money of an order that went back.

import type { z } from "zod";
import type { ToldReturn } from "../../ledger/told.ts";
import type { StorefrontCommand } from "../command.ts";
import { minorOf } from "./amount.ts";
import type { charge, creditNote, refund } from "./objects.ts";
import { nameOf, notWhole, type Said, SOURCE, unread } from "./said.ts";

/** A refund counts once it has gone through; until then Stripe tells of it again. */
export function readRefund(told: z.infer<typeof refund>, said: Said): StorefrontCommand {
  const { status, charge: charged, payment_intent: intent } = told;
  const isFailed = status === "failed" || status === "canceled";
  if (status !== "succeeded" && !isFailed)
    return { kind: "ignore", what: `a refund that has not gone through: ${status ?? "of no status"}` };
  const payment = intent ?? charged;
  if (!payment)
    return unread(said, "payment_intent", `The refund ${told.id} does not say of which payment it is.`);
  return returned(said, told.amount, told.currency, "amount", {
    refundId: nameOf(told.id),
    kind: "refund",
    of: namesOf(charged, intent),
    payment: nameOf(payment),
    isTotal: false,
    isFailed,
    reason: `Stripe refunded it${told.reason ? `: ${told.reason.slice(0, 200)}` : ""}.`,
    at: told.created,
  });
}

/** A charge says how much went back of it in all. */
export function readCharge(told: z.infer<typeof charge>, said: Said): StorefrontCommand {
  if (told.amount_refunded === 0) return { kind: "ignore", what: "a charge of which nothing went back" };
  return returned(said, told.amount_refunded, told.currency, "amount_refunded", {
    refundId: `${nameOf(told.id)}:${told.amount_refunded}`,
    kind: "refund",
    of: namesOf(told.id, told.payment_intent, told.invoice),
    payment: nameOf(told.payment_intent ?? told.id),
    isTotal: true,
    isFailed: false,
    reason: "Stripe refunded it.",
    at: said?.at ?? told.created,
  });
}

/** A credit note is for what was credited; what was refunded with it is told by its refund. */
export function readCreditNote(told: z.infer<typeof creditNote>, said: Said): StorefrontCommand {
  if (told.status === "void") return { kind: "ignore", what: "a credit note that was voided" };
  if (!told.invoice)
    return unread(said, "invoice", `The credit note ${told.id} does not say of which invoice it is.`);
  const isMixed = Boolean(told.customer_balance_transaction) || (told.out_of_band_amount ?? 0) > 0;
  if (!told.refunds && told.refund && isMixed)
    return unread(
      said,
      "refund",
      "The credit note does not say how much of it was refunded: record the rest by POST /v1/orders/{orderId}/refunds.",
    );
  const refunded = told.refunds
    ? told.refunds.reduce((sum, { amount_refunded: amount }) => sum + (amount ?? 0), 0)
    : told.refund
      ? told.amount
      : 0;
  if (refunded > told.amount)
    return unread(said, "refunds", "More was refunded than the credit note is for.");
  if (refunded === told.amount)
    return { kind: "ignore", what: "a credit note that was refunded: its refund says so" };
  return returned(said, told.amount - refunded, told.currency, "amount", {
    refundId: nameOf(told.id),
    kind: "credit",
    of: namesOf(told.invoice),
    payment: null,
    isTotal: false,
    isFailed: false,
    reason: `Stripe issued a credit note${told.reason ? `: ${told.reason.slice(0, 200)}` : ""}.`,
    at: told.created,
  });
}

const namesOf = (...ids: (string | null | undefined)[]): string[] =>
  ids.flatMap((id) => (id ? [nameOf(id)] : []));

function returned(
  said: Said,
  counted: number,
  currency: string,
  field: string,
  told: Omit<ToldReturn, "amount" | "currency" | "source">,
): StorefrontCommand {
  const amount = minorOf(counted, currency);
  return amount === undefined
    ? notWhole(said, field)
    : { kind: "return", returned: { ...told, amount, currency, source: SOURCE } };
}
