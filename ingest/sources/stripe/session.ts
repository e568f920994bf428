// Pure. A checkout of Stripe's in which something was sold once → an order.

import { formatInstant, orderSchema, type Refusal, refuse } from "../../../licensing/index.ts";
import type { Bill, BillPart } from "../../ledger/reference-rows.ts";
import { invalid } from "../../problem.ts";
import type { StorefrontCommand } from "../command.ts";
import { minorOf } from "./amount.ts";
import type { Session } from "./objects.ts";
import { customerOf, cutShort, nameOf, type Said, skuOf, SOURCE, unread } from "./said.ts";

export function readSession(told: Session, said: Said): StorefrontCommand {
  if (told.mode !== "payment")
    return { kind: "ignore", what: `a checkout of mode ${told.mode}: its subscription says what it is` };
  if (told.status !== "complete")
    return { kind: "ignore", what: `a checkout that is not complete: ${told.status ?? "of no status"}` };
  const refusal = refusalOf(told, said);
  const lines = linesOf(told, said);
  // Nothing is looked up for an order that is not granted: there, a line that says nothing is no fault.
  if (!Array.isArray(lines) && !refusal) return lines;
  const nothing = {
    lineNumber: 1,
    sku: "none",
    quantity: 1,
    unitPrice: { amount: 0, currency: told.currency ?? "XXX" },
    net: 0,
  };
  const sold = Array.isArray(lines) ? lines : [nothing];
  const orderId = nameOf(told.id);
  const order = orderSchema.safeParse({
    orderId,
    orderedAt: formatInstant(told.created),
    channel: SOURCE,
    test: told.livemode === false,
    customer: customerOf(told.customer, orderId, told.customer_details ?? {}),
    lines: sold.map(({ lineNumber, sku, quantity, unitPrice }) => ({ lineNumber, sku, quantity, unitPrice })),
  });
  if (!order.success) return { kind: "quarantine", problem: invalid(order.error) };
  // It begins unpaid, and what is paid is not unpaid again: such a message says no more than that it began.
  const isUnpaid = refusal?.code === "order_unpaid";
  const toldAt = isUnpaid ? told.created : (said?.at ?? told.created) + 1;
  if (refusal) return { kind: "withdraw", order: order.data, refusal, toldAt };
  const bill = billOf(told, sold, said?.at ?? told.created);
  return { kind: "record", order: order.data, toldAt, ...(bill ? { bill } : {}) };
}

function refusalOf(told: Session, said: Said): Refusal | null {
  if (said?.type === "checkout.session.async_payment_failed")
    return refuse("order_voided", "Stripe says that the payment failed.");
  return told.payment_status === "unpaid"
    ? refuse("order_unpaid", "Stripe says that the checkout is not paid yet.")
    : null;
}

interface SoldLine {
  lineNumber: number;
  sku: string;
  quantity: number;
  unitPrice: { amount: number; currency: string };
  /** What was paid for it, less discounts, without tax that comes on top. */
  net: number;
}

/** What was sold. The event does not hold it: the vendor puts it there, or sends the session with its line items. */
function linesOf(told: Session, said: Said): SoldLine[] | StorefrontCommand {
  const { currency, line_items: items, metadata } = told;
  if (!currency) return unread(said, "currency", "The checkout names no currency.");
  if (items?.has_more) return cutShort(said, "line_items");
  const lines = items ? items.data.filter(({ quantity }) => quantity !== 0) : [];
  if (lines.length > 0) {
    const sold = lines.map((line, index) =>
      soldLine(
        line.price ? skuOf(line.price) : "",
        line.quantity ?? 1,
        line.amount_subtotal,
        line.amount_discount ?? 0,
        currency,
        index,
      ),
    );
    return sold.every((line) => line !== null) ? sold : undivided(said, "line_items");
  }
  const sku = metadata?.["sku"];
  if (!sku)
    return unread(
      said,
      "line_items",
      "What was sold is not in this message: give the checkout session the metadata `sku`, and `quantity` where it is not 1; or import the session with its line_items.",
    );
  const quantity = Number(metadata["quantity"] ?? "1");
  const subtotal = told.amount_subtotal ?? told.amount_total ?? 0;
  const line = soldLine(sku, quantity, subtotal, told.total_details?.amount_discount ?? 0, currency, 0);
  return line === null ? undivided(said, "metadata.quantity") : [line];
}

const undivided = (said: Said, field: string): StorefrontCommand =>
  unread(
    said,
    field,
    "The amount is no whole number of minor units a seat: nothing is rounded. Record the order by POST /v1/orders.",
  );

function soldLine(
  sku: string,
  quantity: number,
  subtotal: number,
  discount: number,
  currency: string,
  index: number,
): SoldLine | null {
  const [amount, net] = [minorOf(subtotal / quantity, currency), minorOf(subtotal - discount, currency)];
  if (amount === undefined || net === undefined || !Number.isInteger(quantity)) return null;
  return { lineNumber: index + 1, sku, quantity, unitPrice: { amount, currency }, net };
}

function billOf(told: Session, lines: readonly SoldLine[], paidAt: number): Bill | null {
  const { currency, payment_intent: intent, invoice } = told;
  const gross = minorOf(told.amount_total ?? 0, currency ?? "");
  if (!currency || gross === undefined) return null;
  const parts = lines.map(({ lineNumber, net }): BillPart => ({
    item: null,
    price: null,
    lineNumber,
    amount: net,
    time: null,
  }));
  const payments = [intent, invoice].flatMap((id) => (id ? [nameOf(id)] : []));
  return { name: nameOf(told.id), payments, currency, gross, parts, isFirst: true, paidAt };
}
