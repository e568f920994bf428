// Pure. What an order grants.

import {
  type Catalog,
  type LicenseModel,
  licenseModelOf,
  priceBandOf,
  type Product,
  productOf,
} from "../catalog.ts";
import type { EntitlementGranted } from "../events.ts";
import { formatInstant } from "../instant.ts";
import type { Order, OrderLine } from "../order.ts";
import { resolvePolicy } from "../policy.ts";
import { type Decision, type Refusal, refuse } from "../refusal.ts";
import { licensedProduct, termsOf } from "../terms.ts";
import type { OrderEvent } from "../order-events.ts";

/**
 * Decides an order that is not on record yet: all of its lines, or none.
 * @param entitlementId makes the entitlement's ID of a line
 * @returns `order.recorded`, then `entitlement.granted` for each line in order; or the refusal of the first line at fault
 */
export function decideOrder(
  order: Order,
  catalog: Catalog,
  entitlementId: (line: OrderLine) => string,
): Decision<OrderEvent | EntitlementGranted> {
  const granted: EntitlementGranted[] = [];
  for (const [index, line] of order.lines.entries()) {
    const found = resolve(catalog, line, index);
    if ("code" in found) return { ok: false, refusal: found };
    granted.push(grant(order, line, found, catalog, entitlementId(line)));
  }
  const recorded: OrderEvent = {
    type: "order.recorded",
    order_id: order.orderId,
    customer_id: order.customer.id,
    occurred_at: formatInstant(order.orderedAt),
    data: {
      ordered_at: formatInstant(order.orderedAt),
      channel: order.channel,
      is_test: order.test,
      country: order.customer.country ?? null,
      lines: granted.map(({ entitlement_id, sku, data }) => ({
        line_number: data.line_number,
        entitlement_id,
        sku,
        license_model: data.model.id,
        quantity: data.quantity,
        unit_amount_minor: data.unit_amount_minor,
        amount_minor: data.amount_minor,
        currency: data.currency,
        price_band: data.price_band,
        starts_at: data.starts_at,
      })),
    },
  };
  return { ok: true, events: [recorded, ...granted] };
}

interface Resolved {
  product: Product;
  model: LicenseModel;
  amountMinor: number;
}

/** Finds what a line sells in the catalog; the first thing that is missing is the refusal. */
function resolve(catalog: Catalog, line: OrderLine, index: number): Resolved | Refusal {
  const field = (name: string) => ({ field: `lines[${index}].${name}` });
  const product = productOf(catalog, line.sku);
  if (!product)
    return refuse(
      "unknown_sku",
      `Catalog ${catalog.version} has no product ${line.sku}: publish a catalog that has it, then send the order again.`,
      field("sku"),
    );
  const modelId = line.licenseModel ?? product.defaultLicenseModel;
  if (modelId === undefined)
    return refuse(
      "license_model_missing",
      `The order names no license model for ${line.sku}, and the product has no defaultLicenseModel.`,
      field("licenseModel"),
    );
  const model = licenseModelOf(catalog, modelId);
  if (!model)
    return refuse(
      "unknown_license_model",
      `Catalog ${catalog.version} has no license model ${modelId}: publish a catalog that has it, then send the order again.`,
      field("licenseModel"),
    );
  if (line.endsAt !== undefined && model.term.kind === "perpetual")
    return refuse(
      "endless_term",
      `The license model ${model.id} is perpetual: sell one that has a term, or leave the end out.`,
      field("endsAt"),
    );
  const amountMinor = line.quantity * line.unitPrice.amount;
  if (!Number.isSafeInteger(amountMinor))
    return refuse(
      "amount_too_large",
      "Quantity times price exceeds 2^53 minor units.",
      field("unitPrice.amount"),
    );
  return { product, model, amountMinor };
}

function grant(
  order: Order,
  line: OrderLine,
  { product, model, amountMinor }: Resolved,
  catalog: Catalog,
  entitlementId: string,
): EntitlementGranted {
  const startsAt = line.startsAt ?? order.orderedAt;
  const band = priceBandOf(catalog, amountMinor);
  const terms = termsOf(model, { orderedAt: order.orderedAt, startsAt, endsAt: line.endsAt });
  return {
    type: "entitlement.granted",
    entitlement_id: entitlementId,
    order_id: order.orderId,
    customer_id: order.customer.id,
    sku: product.sku,
    occurred_at: formatInstant(order.orderedAt),
    data: {
      line_number: line.lineNumber,
      product: licensedProduct(product),
      model: terms.model,
      // What is allowed follows from the model; what a band says comes before it.
      policy: resolvePolicy(model.metric, model.policy, band?.policy),
      quantity: line.quantity,
      unit_amount_minor: line.unitPrice.amount,
      amount_minor: amountMinor,
      currency: line.unitPrice.currency,
      price_band: band?.id ?? null,
      channel: order.channel,
      country: order.customer.country ?? null,
      is_test: order.test,
      ordered_at: formatInstant(order.orderedAt),
      delivered_at: formatInstant(line.deliveredAt ?? order.orderedAt),
      starts_at: formatInstant(startsAt),
      ends_at: terms.endsAt === null ? null : formatInstant(terms.endsAt),
      maintenance_ends_at: terms.maintenanceEndsAt === null ? null : formatInstant(terms.maintenanceEndsAt),
      parent_entitlement_id: null,
    },
  };
}
