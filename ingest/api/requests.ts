// Pure. What may be sent: the schemas that routes check bodies with, and that the document of the interface is made from.

import { z } from "zod";
import {
  catalogSchema,
  duration,
  instantSchema,
  licenseModelSchema,
  metricSchema,
  orderSchema,
  policySchema,
  productSchema,
  statedPolicySchema,
  text,
} from "../../licensing/index.ts";
import { appSchema, hostSchema, platformSchema } from "../host.ts";
import { envelopeSchema } from "../telemetry/envelope.ts";
import { telemetryDetail, type TelemetryType } from "../telemetry/types.ts";

const past = instantSchema
  .optional()
  .describe("When it happened. The past only with a key of scope `history:write`.");
/** What every change says. */
const reasoned = { reason: text(500).optional().describe("Why: it goes on record."), occurredAt: past };
const identifier = text(128);
/** Of a customer, as an order names one: any other could not be asked for, nor be sold anything. */
const customerIdSchema = orderSchema.shape.customer.shape.id;

/** A catalog version, and when it was published, where that is past. */
export const catalogBodySchema = catalogSchema.safeExtend({ occurredAt: past });

export const cancelSchema = z.strictObject({ reason: text(200).default("cancelled"), occurredAt: past });

const priceSchema = orderSchema.shape.lines.element.shape.unitPrice;
/** What was paid for a change. */
const priced = {
  ...reasoned,
  price: priceSchema
    .optional()
    .describe("What was paid for it as a whole, in minor units; without it, no revenue is known of it."),
};

/** More than any invoice of ours has, as an order. */
const MAX_REFUND_LINES = 500;
export const refundSchema = z.strictObject({
  refundId: orderSchema.shape.orderId,
  kind: z
    .enum(["refund", "credit"])
    .default("refund")
    .describe("Whether money went back, or may be used for something else."),
  reason: text(500),
  lines: z
    .array(
      z.strictObject({
        lineNumber: orderSchema.shape.lines.element.shape.lineNumber,
        amount: z.int().min(1).describe("What goes back, in minor units."),
        currency: priceSchema.shape.currency,
        quantity: z
          .int()
          .min(0)
          .max(1_000_000)
          .default(0)
          .describe("For how many seats; 0 where the price alone is lessened."),
      }),
    )
    .min(1)
    .max(MAX_REFUND_LINES)
    .refine((lines) => new Set(lines.map(({ lineNumber }) => lineNumber)).size === lines.length, {
      error: "name each line once",
    }),
  occurredAt: past,
});

/** Suspend, and reinstate. */
export const suspendSchema = z.strictObject(reasoned);
export const renewSchema = z.strictObject({
  ...priced,
  duration: duration.optional().describe("How long the new term is, where it is not the license model's."),
});
export const upgradeSchema = z
  .strictObject({ ...priced, sku: identifier.optional(), licenseModel: identifier.optional() })
  .refine(({ sku, licenseModel }) => sku !== undefined || licenseModel !== undefined, {
    error: "say to which product, or to which license model",
    path: ["sku"],
  });
export const extendSchema = z.strictObject({
  ...priced,
  added: z.int().min(1).max(1_000_000).describe("Seats beside those that were bought before."),
});
export const transferSchema = z.strictObject({ ...reasoned, customerId: customerIdSchema });
/** An override is the one change that nobody may make without saying why. */
export const overrideSchema = z.strictObject({ ...reasoned, reason: text(500), policy: policySchema });
export const splitSchema = z.strictObject({
  ...reasoned,
  quantity: z.int().min(1).max(1_000_000).describe("Seats of the new entitlement."),
  customerId: customerIdSchema.optional().describe("Whose it is, where it goes to another customer."),
});
export const mergeSchema = z.strictObject({ ...reasoned, into: customerIdSchema });
export const exposureSchema = z.strictObject({
  policy: statedPolicySchema,
  metric: metricSchema.default("node-locked"),
});

const activationCode = z.string().max(100).describe("Such as 00K3D-7TQ2M-9XH4V-A6BPR.");

export const activationSchema = z.object({
  activationCode,
  host: hostSchema,
  user: text(300).optional().describe("Whose seat it is, of a license for named users."),
  platform: platformSchema,
  app: appSchema.optional(),
  borrowFor: duration.optional().describe("To take a floating seat along, for so long."),
  occurredAt: past,
});

/** What shows that the caller may ask: a license of the seat, or the entitlement's code. The vendor's key does as well. */
const credential = {
  license: z.string().max(70_000).optional().describe("A license of this seat, as the credential."),
  activationCode: activationCode.optional().describe("Or the entitlement's activation code."),
};

/** What every request about a seat may say. */
export const seatSchema = z.object({
  ...credential,
  host: hostSchema.optional().describe("The computer that asks."),
  user: text(300).optional(),
  platform: platformSchema.optional(),
  app: appSchema.optional(),
  occurredAt: past,
});
/** A rehost, and a repair: the computer that the seat moves to is the one that asks. */
export const movedSeatSchema = seatSchema.extend({ host: hostSchema });
export const lentSeatSchema = movedSeatSchema.extend({
  reason: z
    .enum(["failure", "renewal_pending", "vendor_mistake"])
    .default("failure")
    .describe("The last only with a key of scope `licenses:write`."),
});
export const consumptionSchema = seatSchema.extend({ units: z.int().min(1).max(1_000_000_000) });

/** A line of a bulk generation. The vendor writes these: a field that we do not know is a mistake, and said. */
export const lineSchema = z
  .strictObject({
    entitlementId: z.string().max(100).optional().describe("This, or the activation code."),
    activationCode: activationCode.optional(),
    host: z.strictObject(hostSchema.shape),
    user: text(300).optional(),
    platform: platformSchema.optional(),
    app: appSchema.optional(),
    occurredAt: past,
  })
  .refine(
    ({ entitlementId, activationCode: code }) => (entitlementId === undefined) !== (code === undefined),
    { error: "give either the entitlement's ID or its activation code", path: ["entitlementId"] },
  );

const telemetry = <Type extends TelemetryType, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  envelopeSchema
    .extend({ type: z.literal(type), ...fields })
    .loose()
    .meta({ title: type });
const detail = telemetryDetail;

/** An event of telemetry, which the route reads in parts: a test holds that both take the same. */
export const telemetryEventSchema = z
  .discriminatedUnion("type", [
    telemetry("telemetry.first_run", { data: detail["telemetry.first_run"].optional() }),
    telemetry("telemetry.heartbeat", { data: detail["telemetry.heartbeat"].optional() }),
    telemetry("telemetry.feature_used", { data: detail["telemetry.feature_used"] }),
    telemetry("telemetry.units_consumed", { data: detail["telemetry.units_consumed"] }),
    telemetry("telemetry.version_changed", {
      app: appSchema.describe("The version that it is now."),
      data: detail["telemetry.version_changed"].optional(),
    }),
    telemetry("telemetry.platform_changed", {
      platform: platformSchema,
      data: detail["telemetry.platform_changed"].optional(),
    }),
  ])
  .describe("Fields that are not known are kept as they were sent; never send an activation code.");
export const telemetryCallSchema = z.array(telemetryEventSchema).max(10_000);

/** Every request, and what requests are made of, under the names that the document has for them. */
export const requests = {
  Catalog: catalogBodySchema,
  Product: productSchema,
  LicenseModel: licenseModelSchema,
  Policy: policySchema,
  StatedPolicy: statedPolicySchema,
  Order: orderSchema,
  Cancellation: cancelSchema,
  Refund: refundSchema,
  Reason: suspendSchema,
  Renewal: renewSchema,
  Upgrade: upgradeSchema,
  Extension: extendSchema,
  Transfer: transferSchema,
  PolicyOverride: overrideSchema,
  Split: splitSchema,
  Merger: mergeSchema,
  PolicyToJudge: exposureSchema,
  ActivationRequest: activationSchema,
  SeatRequest: seatSchema,
  SeatMove: movedSeatSchema,
  SeatLoan: lentSeatSchema,
  SeatConsumption: consumptionSchema,
  LicenseLine: lineSchema,
  TelemetryEvent: telemetryEventSchema,
  TelemetryCall: telemetryCallSchema,
  Host: hostSchema,
  Platform: platformSchema,
  App: appSchema,
} as const satisfies Record<string, z.ZodType>;
