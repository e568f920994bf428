// Pure. An invoice of Stripe's that was paid → a bill of its subscription; and what it was paid with.

import type { z } from "zod";
import { orderSchema } from "../../../licensing/index.ts";
import type { BillPart } from "../../ledger/reference-rows.ts";
import { invalid } from "../../problem.ts";
import type { StorefrontCommand } from "../command.ts";
import { minorOf } from "./amount.ts";
import type { Invoice, InvoiceLine, invoicePayment } from "./objects.ts";
import { customerOf, cutShort, nameOf, notWhole, type Said, SOURCE } from "./said.ts";

export function readInvoice(told: Invoice, said: Said): StorefrontCommand {
  const subscription = told.subscription ?? told.parent?.subscription_details?.subscription;
  if (told.status !== "paid" && told.paid !== true)
    return { kind: "ignore", what: `an invoice that is not paid: ${told.status ?? "of no status"}` };
  if (!subscription) return { kind: "ignore", what: "an invoice of no subscription" };
  if (told.lines.has_more) return cutShort(said, "lines");
  const parts: BillPart[] = [];
  for (const [index, line] of told.lines.data.entries()) {
    const part = partOf(line, subscription);
    if (part === null) continue;
    const amount = minorOf(part.amount, told.currency);
    if (amount === undefined) return notWhole(said, `lines.data[${index}].amount`);
    parts.push({ ...part, amount });
  }
  if (parts.length === 0) return { kind: "ignore", what: "an invoice of nothing that is subscribed to" };
  const gross = minorOf(told.total, told.currency);
  if (gross === undefined) return notWhole(said, "total");
  const { customer_name: name, customer_email: email, customer_address: address } = told;
  const payer = customerOf(told.customer, "", { name, email, address });
  const customer = payer.id === "" ? null : orderSchema.shape.customer.safeParse(payer);
  if (customer && !customer.success) return { kind: "quarantine", problem: invalid(customer.error) };
  const bill = {
    name: nameOf(told.id),
    payments: paymentsOf(told),
    currency: told.currency,
    gross,
    parts,
    isFirst: told.billing_reason === "subscription_create",
    paidAt: told.status_transitions?.paid_at ?? said?.at ?? told.created,
  };
  const orderId = nameOf(subscription);
  return { kind: "pay", payment: { orderId, bill, customer: customer?.data ?? null, source: SOURCE } };
}

/** What a line is for of the subscription; null where it is for anything else, such as a fee that comes once. */
function partOf(line: InvoiceLine, subscription: string): BillPart | null {
  const { parent, period } = line;
  const ofItem = parent?.subscription_item_details;
  const added = parent?.invoice_item_details;
  const item = line.subscription_item ?? ofItem?.subscription_item ?? null;
  const of = line.subscription ?? ofItem?.subscription ?? added?.subscription;
  const isProration = line.proration ?? added?.proration ?? false;
  if ((of ?? subscription) !== subscription || (item === null && !isProration)) return null;
  const price = line.pricing?.price_details?.price;
  const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return {
    item: item === null ? null : nameOf(item),
    price: (typeof price === "object" ? price.id : price) ?? line.price?.id ?? line.plan?.id ?? null,
    lineNumber: null,
    amount: line.amount - discount,
    time: { startsAt: period.start, endsAt: period.end },
  };
}

function paymentsOf({ charge, payment_intent: intent, payments }: Invoice): string[] {
  const later = (payments?.data ?? []).flatMap(({ payment }) => [payment?.payment_intent, payment?.charge]);
  return Array.from(new Set([charge, intent, ...later].flatMap((id) => (id ? [nameOf(id)] : []))));
}

/** Since 2025-03-31 neither the invoice nor the charge names the other, but for this. */
export function readInvoicePayment(told: z.infer<typeof invoicePayment>): StorefrontCommand {
  const payment = told.payment?.payment_intent ?? told.payment?.charge;
  if (told.status !== "paid" || !told.invoice || !payment)
    return { kind: "ignore", what: `a payment of an invoice that is ${told.status ?? "of no status"}` };
  return { kind: "link", payment: nameOf(payment), bill: nameOf(told.invoice) };
}
