// Pure. A Shopify order → our order, or why no license may come of it.

import { z } from "zod";
import { orderSchema, parseInstant, type Refusal, refuse } from "../../licensing/index.ts";
import { minorUnits } from "../money.ts";
import { invalid } from "../problem.ts";
import type { StorefrontCommand } from "./command.ts";

// What is read of an order, as of the Admin API's order resource; everything else of it is passed over.
const shopifyOrderSchema = z.object({
  id: z.union([z.int(), z.string().min(1)]),
  created_at: z.string(),
  updated_at: z.string().nullish(),
  currency: z.string(),
  financial_status: z.string().nullish(),
  cancelled_at: z.string().nullish(),
  cancel_reason: z.string().nullish(),
  test: z.boolean().nullish(),
  email: z.string().nullish(),
  customer: z
    .object({
      id: z.union([z.int(), z.string()]).nullish(),
      email: z.string().nullish(),
      first_name: z.string().nullish(),
      last_name: z.string().nullish(),
      default_address: z.object({ country_code: z.string().nullish() }).nullish(),
    })
    .nullish(),
  line_items: z.array(
    z.object({ sku: z.string().nullish(), name: z.string().nullish(), quantity: z.int(), price: z.string() }),
  ),
});
type ShopifyOrder = z.infer<typeof shopifyOrderSchema>;

/** Reads the JSON of an order, as a webhook sends it: bare. */
export function readShopifyOrder(json: unknown): StorefrontCommand {
  const parsed = shopifyOrderSchema.safeParse(json);
  if (!parsed.success) return { kind: "quarantine", problem: invalid(parsed.error) };
  const refusal = refusalOf(parsed.data);
  const order = orderSchema.safeParse(mapped(parsed.data, refusal !== null));
  if (!order.success) return { kind: "quarantine", problem: invalid(order.error) };
  const toldAt = parseInstant(parsed.data.updated_at ?? "") ?? null;
  return refusal
    ? { kind: "withdraw", order: order.data, refusal, toldAt }
    : { kind: "record", order: order.data, toldAt };
}

/** https://shopify.dev/docs/api/admin-rest/latest/resources/order: what is paid for, or sure to be, is delivered. */
function refusalOf(order: ShopifyOrder): Refusal | null {
  if (order.cancelled_at) {
    const reason = order.cancel_reason ? ` (${order.cancel_reason})` : "";
    return refuse(
      "order_voided",
      `Shopify says that the order was cancelled at ${order.cancelled_at}${reason}.`,
    );
  }
  switch (order.financial_status ?? "") {
    case "voided":
    case "refunded":
      return refuse("order_voided", `Shopify says that the order is ${order.financial_status}.`);
    case "pending":
    case "expired":
      return refuse("order_unpaid", `Shopify says that the payment is ${order.financial_status}.`);
    default:
      return null;
  }
}

function mapped(order: ShopifyOrder, isWithdrawn: boolean): unknown {
  const { customer } = order;
  const orderId = `shopify:${order.id}`;
  const name = [customer?.first_name, customer?.last_name].filter(Boolean).join(" ");
  const email = customer?.email ?? order.email;
  const country = customer?.default_address?.country_code;
  return {
    orderId,
    orderedAt: order.created_at,
    channel: "shopify",
    test: order.test ?? false,
    customer: {
      // A guest is known by this order alone.
      id: customer?.id ? `shopify:${customer.id}` : orderId,
      ...(name === "" ? {} : { name }),
      ...(email ? { email } : {}),
      ...(country ? { country } : {}),
    },
    lines: order.line_items.flatMap(({ sku, quantity, price }, index) => {
      // A line of no items is one that was taken off the order.
      if (quantity === 0) return [];
      const amount = minorUnits(price, order.currency);
      // Nothing is looked up for an order that is not granted: there, a line without a SKU is no fault.
      const isNameless = isWithdrawn && !sku;
      return [
        {
          lineNumber: index + 1,
          sku: isNameless ? "none" : sku,
          quantity,
          unitPrice: { amount, currency: order.currency },
        },
      ];
    }),
  };
}
