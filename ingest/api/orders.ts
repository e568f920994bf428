// Pure. What the document says of the catalog and of orders.

import { z } from "zod";
import { orderSchema } from "../../licensing/index.ts";
import { answers } from "./answers.ts";
import type { Operation } from "./operation.ts";
import { cancelSchema, catalogBodySchema, exposureSchema, refundSchema } from "./requests.ts";

export const orders = {
  "PUT /v1/catalog": {
    id: "publishCatalog",
    tag: "Catalog",
    summary: "Publish a catalog version",
    description:
      "What was granted under an earlier version stays as it was. A policy may begin from a preset: what it says of its own comes first.",
    body: { schema: catalogBodySchema },
    answers: {
      201: { means: "It is published.", schema: answers.CatalogPublished },
      200: { means: "The same was published before.", schema: answers.CatalogPublished },
    },
    problems: ["catalog_conflict"],
  },
  "POST /v1/policies/exposure": {
    id: "judgePolicy",
    tag: "Catalog",
    summary: "Ask what a policy may cost at the worst, before it is published",
    body: { schema: exposureSchema },
    answers: {
      200: { means: "Copies that someone could make, and how long they run.", schema: answers.Exposure },
    },
    problems: [],
  },
  "POST /v1/orders": {
    id: "recordOrder",
    tag: "Orders",
    summary: "Record an order, and get the activation codes",
    description:
      "The order's own ID is its key: the same order again gets the same answer. Amounts are in minor units. An order in the past is decided as of then.",
    body: { schema: orderSchema },
    answers: {
      201: { means: "It is recorded: an entitlement for each line.", schema: answers.OrderRecorded },
      200: { means: "It was recorded before.", schema: answers.OrderRecorded },
    },
    problems: [
      "order_conflict",
      "no_catalog",
      "unknown_sku",
      "unknown_license_model",
      "license_model_missing",
      "endless_term",
      "amount_too_large",
    ],
  },
  "GET /v1/orders/{orderId}": {
    id: "getOrder",
    tag: "Orders",
    summary: "An order, with its activation codes once more",
    answers: { 200: { means: "As it was answered when it was recorded.", schema: answers.OrderRecorded } },
    problems: ["unknown_order"],
  },
  "POST /v1/orders/{orderId}/cancel": {
    id: "cancelOrder",
    tag: "Orders",
    summary: "Cancel an order: its entitlements end, its licenses are withdrawn",
    body: { schema: cancelSchema, isOptional: true },
    answers: { 200: { means: "It is cancelled, now or before.", schema: answers.OrderRecorded } },
    problems: ["unknown_order", "history_out_of_order"],
  },
  "POST /v1/orders/{orderId}/refunds": {
    id: "refundOrder",
    tag: "Orders",
    summary: "Record a refund or a credit of an order's lines",
    description:
      "The refund's own ID is its key in its order: the same again gets the same answer. Of no line more goes back than was paid for it, with its renewals, upgrades and extensions, less what went back before. What the lines grant stays as it is: cancel the order to end it.",
    body: { schema: refundSchema },
    answers: {
      201: { means: "It is recorded.", schema: answers.RefundRecorded },
      200: { means: "It was recorded before.", schema: answers.RefundRecorded },
    },
    problems: ["unknown_order", "refund_conflict", "refund_too_large", "history_out_of_order"],
  },
  "POST /v1/webhooks/shopify": {
    id: "takeShopifyOrder",
    tag: "Orders",
    summary: "Take an order from a Shopify store",
    description:
      "Shopify sends these itself, as `orders/create`, `orders/paid` and `orders/cancelled`, and signs the bytes that it sends. What it cannot help is answered with 200 and kept in quarantine.",
    headers: z.object({
      "X-Shopify-Hmac-Sha256": z
        .string()
        .describe("Base64 of HMAC-SHA256 over the body, under the store's secret."),
    }),
    body: { schema: z.looseObject({}).describe("An order, as Shopify writes it.") },
    answers: {
      201: { means: "It is recorded.", schema: answers.StorefrontOrder },
      200: {
        means: "It is no news, was withdrawn, or waits in quarantine.",
        schema: answers.StorefrontOrder,
      },
    },
    problems: ["invalid_signature", "webhook_not_configured"],
  },
  "POST /v1/webhooks/stripe": {
    id: "takeStripeEvent",
    tag: "Orders",
    summary: "Take an event from Stripe",
    description:
      "Have an endpoint of Stripe's send `customer.subscription.created`, `.updated` and `.deleted`, `invoice.paid`, `invoice_payment.paid`, `checkout.session.completed` with its `async_payment_…`, `charge.refunded`, `refund.created`, `refund.updated` and `credit_note.created`; any other is `ignored`, and kept nowhere. A subscription is the order `stripe:sub_…`, a line an item: its SKU is the price's `lookup_key`, or `sku` in the metadata of price or product, or the price's ID. A checkout of mode `payment` is the order `stripe:cs_…`: say in its metadata the `sku`, and the `quantity`. What Stripe cannot help is answered with 200 and kept in quarantine.",
    headers: z.object({
      "Stripe-Signature": z
        .string()
        .describe(
          "`t=` and `v1=`, which Stripe makes with the endpoint's signing secret; good for five minutes.",
        ),
    }),
    body: { schema: z.looseObject({}).describe("An event, as Stripe writes it.") },
    answers: {
      201: { means: "It is news, and on record.", schema: answers.StorefrontMessage },
      200: {
        means: "It is no news, ends an order, waits, or is ignored.",
        schema: answers.StorefrontMessage,
      },
    },
    problems: ["invalid_signature", "stale_delivery", "webhook_not_configured"],
  },
} as const satisfies Record<string, Operation>;
