// Pure. What Stripe tells: an event, or one of its objects by itself as exports have it → what is asked of the ledger.

import { z } from "zod";
import type { Instant } from "../../licensing/index.ts";
import { invalid } from "../problem.ts";
import type { StorefrontCommand } from "./command.ts";
import { readInvoice, readInvoicePayment } from "./stripe/invoice.ts";
import {
  charge,
  creditNote,
  invoice,
  invoicePayment,
  refund,
  session,
  subscription,
} from "./stripe/objects.ts";
import { readCharge, readCreditNote, readRefund } from "./stripe/returns.ts";
import type { Said } from "./stripe/said.ts";
import { readSession } from "./stripe/session.ts";
import { readSubscription } from "./stripe/subscription.ts";

type Read = (json: unknown, said: Said) => StorefrontCommand;

/** Reads an object where it stands: in an event it is at `data.object`, and its fields are named so. */
function reading<T>(schema: z.ZodType<T>, read: (object: T, said: Said) => StorefrontCommand): Read {
  const event = z.object({ data: z.object({ object: schema }) });
  return (json, said) => {
    const parsed = said === null ? schema.safeParse(json) : event.safeParse(json);
    if (!parsed.success) return { kind: "quarantine", problem: invalid(parsed.error) };
    return read(
      said === null ? (parsed.data as T) : (parsed.data as z.infer<typeof event>).data.object,
      said,
    );
  };
}

/** By what an object calls itself. */
const readers: Record<string, Read> = {
  subscription: reading(subscription, readSubscription),
  invoice: reading(invoice, readInvoice),
  invoice_payment: reading(invoicePayment, readInvoicePayment),
  "checkout.session": reading(session, readSession),
  charge: reading(charge, readCharge),
  refund: reading(refund, readRefund),
  credit_note: reading(creditNote, readCreditNote),
};

/** The events that are read, each with what its object is. */
const objectOf: Record<string, keyof typeof readers> = {
  "customer.subscription.created": "subscription",
  "customer.subscription.updated": "subscription",
  "customer.subscription.deleted": "subscription",
  "customer.subscription.paused": "subscription",
  "customer.subscription.resumed": "subscription",
  "invoice.paid": "invoice",
  "invoice_payment.paid": "invoice_payment",
  "checkout.session.completed": "checkout.session",
  "checkout.session.async_payment_succeeded": "checkout.session",
  "checkout.session.async_payment_failed": "checkout.session",
  "charge.refunded": "charge",
  "charge.refund.updated": "refund",
  "refund.created": "refund",
  "refund.updated": "refund",
  "refund.failed": "refund",
  "credit_note.created": "credit_note",
};

// What other objects have under these names is theirs.
const envelopeSchema = z.object({ object: z.string().max(100), deleted: z.unknown().optional() });
const typeSchema = z.object({ type: z.string().max(100) });
const eventSchema = z.object({
  id: z.string().max(255),
  created: z
    .int()
    .min(0)
    .max(7_258_118_399)
    .transform((at): Instant => at * 1_000_000),
});

/** Reads the JSON of an event, or of an object of Stripe's. */
export function readStripe(json: unknown): StorefrontCommand {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return { kind: "quarantine", problem: invalid(envelope.error) };
  const { object, deleted } = envelope.data;
  if (object !== "event") {
    const read = Object.hasOwn(readers, object) && deleted !== true ? readers[object] : undefined;
    const what = `${deleted === true ? "a deleted" : "Stripe's"} ${object}`;
    return read ? read(json, null) : { kind: "ignore", what };
  }
  const typed = typeSchema.safeParse(json);
  if (!typed.success) return { kind: "quarantine", problem: invalid(typed.error) };
  const { type } = typed.data;
  const of = Object.hasOwn(objectOf, type) ? objectOf[type] : undefined;
  const read = of === undefined ? undefined : readers[of];
  if (!read) return { kind: "ignore", what: `an event of type ${type}` };
  const event = eventSchema.safeParse(json);
  if (!event.success) return { kind: "quarantine", problem: invalid(event.error) };
  return read(json, { type, at: event.data.created });
}
