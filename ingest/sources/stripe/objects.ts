// Pure. What is read of Stripe's objects; everything else of them is passed over. Of API versions before and since 2025-03-31,
// which moved a subscription's period to its items, and what an invoice is of to its `parent`.

import { z } from "zod";
import type { Instant } from "../../../licensing/index.ts";

// The last second of 2199: as late as any time of ours.
const LATEST_SECOND = 7_258_118_399;
const MAX_LINES = 500;

/** Unix time, in seconds. */
const seconds = z
  .int()
  .min(0)
  .max(LATEST_SECOND)
  .transform((at): Instant => at * 1_000_000);
const id = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "an ID of Stripe's");
const amount = z.int();
const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/, "an ISO 4217 code such as eur")
  .transform((code) => code.toUpperCase());
const metadata = z.record(z.string(), z.string().max(500)).nullish();
const text = z.string().max(5000).nullish();

/** Its ID, or the object itself where it was asked for with it. */
const reference = z
  .union([id, z.object({ id })])
  .transform((it) => (typeof it === "string" ? it : it.id))
  .nullish();

const list = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item).max(MAX_LINES), has_more: z.boolean().nullish() });

const address = z.object({ country: text }).nullish();
const customer = z.union([id, z.object({ id, name: text, email: text, address })]).nullish();

/** A price, or a plan of old. */
const price = z.object({
  id: z.string().min(1).max(255),
  currency,
  unit_amount: amount.nullish(),
  amount: amount.nullish(),
  billing_scheme: text,
  lookup_key: z.string().max(255).nullish(),
  metadata,
  nickname: text,
  product: z.union([z.string(), z.object({ id: z.string(), metadata })]).nullish(),
  recurring: z
    .object({ interval: z.string(), interval_count: z.int().min(1).max(1000), usage_type: text })
    .nullish(),
  interval: text,
  interval_count: z.int().min(1).max(1000).nullish(),
  usage_type: text,
  transform_quantity: z.object({ divide_by: z.int() }).nullish(),
  transform_usage: z.object({ divide_by: z.int() }).nullish(),
});
export type Price = z.infer<typeof price>;

const item = z.object({
  id,
  created: seconds.nullish(),
  quantity: z.int().min(0).nullish(),
  price: price.nullish(),
  plan: price.nullish(),
  current_period_start: seconds.nullish(),
  current_period_end: seconds.nullish(),
});
export type Item = z.infer<typeof item>;

export const subscription = z.object({
  id,
  created: seconds,
  start_date: seconds.nullish(),
  status: z.enum([
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "canceled",
  ]),
  livemode: z.boolean().nullish(),
  customer,
  customer_account: id.nullish(),
  ended_at: seconds.nullish(),
  canceled_at: seconds.nullish(),
  cancellation_details: z.object({ reason: text }).nullish(),
  trial_start: seconds.nullish(),
  trial_end: seconds.nullish(),
  billing_cycle_anchor: seconds.nullish(),
  current_period_start: seconds.nullish(),
  current_period_end: seconds.nullish(),
  items: list(item),
});
export type Subscription = z.infer<typeof subscription>;

const discounts = z.array(z.object({ amount })).max(100).nullish();
const invoiceLine = z.object({
  amount,
  discount_amounts: discounts,
  period: z.object({ start: seconds, end: seconds }),
  proration: z.boolean().nullish(),
  subscription: reference,
  subscription_item: reference,
  price: z.object({ id: z.string() }).nullish(),
  plan: z.object({ id: z.string() }).nullish(),
  pricing: z
    .object({
      price_details: z.object({ price: z.union([z.string(), z.object({ id: z.string() })]) }).nullish(),
    })
    .nullish(),
  parent: z
    .object({
      type: text,
      subscription_item_details: z
        .object({ subscription: reference, subscription_item: reference })
        .nullish(),
      invoice_item_details: z.object({ subscription: reference, proration: z.boolean().nullish() }).nullish(),
    })
    .nullish(),
});
export type InvoiceLine = z.infer<typeof invoiceLine>;

export const invoice = z.object({
  id,
  created: seconds,
  status: text,
  paid: z.boolean().nullish(),
  livemode: z.boolean().nullish(),
  currency,
  total: amount,
  billing_reason: text,
  customer,
  customer_name: text,
  customer_email: text,
  customer_address: address,
  subscription: reference,
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
  charge: reference,
  payment_intent: reference,
  payments: z
    .object({
      data: z
        .array(z.object({ payment: z.object({ payment_intent: reference, charge: reference }).nullish() }))
        .max(100),
    })
    .nullish(),
  status_transitions: z.object({ paid_at: seconds.nullish() }).nullish(),
  lines: list(invoiceLine),
});
export type Invoice = z.infer<typeof invoice>;

const sold = z.object({
  quantity: z.int().min(0).nullish(),
  amount_subtotal: amount,
  amount_discount: amount.nullish(),
  price: price.nullish(),
});

export const session = z.object({
  id,
  created: seconds,
  mode: z.string().max(100),
  status: text,
  payment_status: z.enum(["paid", "unpaid", "no_payment_required"]),
  livemode: z.boolean().nullish(),
  currency: currency.nullish(),
  amount_subtotal: amount.nullish(),
  amount_total: amount.nullish(),
  total_details: z.object({ amount_discount: amount.nullish() }).nullish(),
  customer,
  customer_details: z.object({ name: text, email: text, address }).nullish(),
  metadata,
  payment_intent: reference,
  invoice: reference,
  line_items: list(sold).nullish(),
});
export type Session = z.infer<typeof session>;

export const refund = z.object({
  id,
  created: seconds,
  amount: amount.min(0),
  currency,
  charge: reference,
  payment_intent: reference,
  status: text,
  reason: text,
});
export const charge = z.object({
  id,
  created: seconds,
  currency,
  amount_refunded: amount.min(0),
  payment_intent: reference,
  invoice: reference,
});
export const creditNote = z.object({
  id,
  created: seconds,
  amount: amount.min(0),
  currency,
  invoice: reference,
  status: text,
  reason: text,
  refund: reference,
  refunds: z
    .array(z.object({ amount_refunded: amount.nullish() }))
    .max(100)
    .nullish(),
  customer_balance_transaction: reference,
  out_of_band_amount: amount.nullish(),
});
export const invoicePayment = z.object({
  id,
  invoice: reference,
  status: text,
  payment: z.object({ payment_intent: reference, charge: reference }).nullish(),
});
