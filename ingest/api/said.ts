// Pure. What the document says of the schemas of `licensing/`, which say it to their readers in comments.

import type { z } from "zod";
import {
  catalogSchema,
  duration,
  instantSchema,
  licenseModelSchema,
  orderSchema,
  policySchema,
  productSchema,
  statedPolicySchema,
} from "../../licensing/index.ts";

const describe = (schema: z.core.$ZodType, description: string) => [schema, { description }] as const;
const policy = policySchema.shape;
const model = licenseModelSchema.shape;
const line = orderSchema.shape.lines.element.shape;

interface Said {
  description: string;
  format?: string;
}

export const said: ReadonlyMap<z.core.$ZodType, Said> = new Map<z.core.$ZodType, Said>([
  [instantSchema, { format: "date-time", description: "RFC 3339, such as 2026-01-05T10:00:00Z." }],
  [duration, { format: "duration", description: "ISO 8601, such as P1Y, P30D or PT8H." }],

  describe(productSchema.shape.features, "A license carries them: what the product may do."),
  describe(
    productSchema.shape.defaultLicenseModel,
    "What is sold when an order does not say, as a storefront's does not.",
  ),
  describe(model.term, "How long it grants, and what that is counted from."),
  describe(model.metric, "What it counts."),
  describe(model.maintenance, "How long releases may be run that come out after the start; absent for all."),
  describe(model.consumptionPer, "How long a metered quantity lasts before it begins anew; absent for ever."),
  describe(catalogSchema.shape.priceBands, "In rising order; the last has no upper bound."),

  describe(policySchema, "Limits and allowances. What is absent is not allowed, but for `lease`."),
  describe(statedPolicySchema, "A policy of its own, or a preset and what differs from it."),
  describe(policy.rehosts, "Moves of a seat to another host, in any period of this length."),
  describe(policy.returns, "Seats given back from a working host, in any period of this length."),
  describe(
    policy.repairs,
    "New licenses for a host whose fingerprint changed, in any period of this length.",
  ),
  describe(policy.temporary, "Short licenses beside the seats, so many in any period of this length."),
  describe(policy.overdraft, "Seats beyond the quantity: a count, or a share such as 10%, rounded down."),
  describe(
    policy.lease,
    "How long a license runs before its host must ask again; absent for the whole term.",
  ),
  describe(policy.grace, "How long a license still runs after its end."),
  describe(policy.offline, "The longest license for a host that never calls."),
  describe(policy.borrow, "The longest time for which a floating seat may be taken along."),

  describe(
    orderSchema.shape.orderId,
    "The sender's own, and the order's key: the same again is the same order.",
  ),
  describe(orderSchema.shape.test, "Enforced like any other, and left out of every report."),
  describe(line.licenseModel, "Where absent, the model that the product is sold under by default."),
  describe(line.quantity, "Seats; units of a metered license model."),
  describe(line.unitPrice, "In minor units of an ISO 4217 currency: 99900 is 999.00 EUR."),
  describe(line.startsAt, "Where absent, the time of the order."),
  describe(line.endsAt, "When its term ends, where that is not by the license model's duration."),
  describe(line.deliveredAt, "When the customer got the activation code, where that was not with the order."),
]);
