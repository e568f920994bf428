// Pure. What is answered: tests hold every answer of theirs against these, as the document of the interface says them.

import { z } from "zod";
import { metricSchema, policySchema } from "../../licensing/index.ts";
import { eventSchema } from "../event.ts";
import { problemSchema } from "../problem.ts";

const time = z.iso.datetime({ precision: 6 });
const timeOrNone = time.nullable();
const count = z.int().min(0);

const product = z.object({
  sku: z.string(),
  name: z.string(),
  brand: z.string(),
  version: z.string().optional(),
  features: z.array(z.string()),
});

const model = z.object({
  id: z.string(),
  name: z.string(),
  term: z.enum(["perpetual", "subscription", "trial", "temporary"]),
  metric: metricSchema,
  duration: z.string().nullable(),
  expiresFrom: z.enum(["order", "start", "first-activation"]),
  consumptionPer: z.string().nullable().describe("How long a metered quantity lasts before it begins anew."),
});

const entitlement = z
  .object({
    entitlementId: z.string(),
    parentEntitlementId: z.string().nullable().describe("The entitlement that this one came of by a split."),
    orderId: z.string(),
    customerId: z.string(),
    lineNumber: z.int(),
    sku: z.string(),
    product,
    licenseModel: z.string(),
    model,
    policy: policySchema,
    quantity: count.describe("Seats bought; units of a metered license."),
    seatsBound: count,
    clonesSeen: count.describe("Licenses that came back from a host which their seat had left."),
    priceBand: z.string().nullable(),
    test: z.boolean().describe("Enforced like any other, and in no report."),
    orderedAt: time,
    startsAt: time,
    endsAt: timeOrNone.describe("Null where it never does, or has not begun with the first activation."),
    maintenanceEndsAt: timeOrNone.describe("Releases up to this time may be run; null for all of them."),
    suspendedAt: timeOrNone,
    cancelledAt: timeOrNone,
  })
  .describe("The right which one order line grants.");

const status = z.enum(["cancelled", "suspended", "expired", "not_started", "active"]);

const granted = entitlement
  .extend({ activationCode: z.string().describe("The customer's credential: deliver it, log it nowhere.") })
  .describe("An entitlement with the code that opens it.");

const standing = entitlement.extend({ status }).describe("An entitlement, and where it stands now.");

const order = z.object({
  orderId: z.string(),
  customerId: z.string(),
  orderedAt: time,
  channel: z.string(),
  test: z.boolean(),
  status: z.enum(["recorded", "cancelled"]),
});

const activation = z
  .object({
    activationId: z.string(),
    entitlementId: z.string(),
    state: z.enum(["bound", "ended"]),
    generation: z.int().positive().describe("Rises whenever the seat moves."),
    boundAt: time,
    endedAt: timeOrNone,
    licenseId: z.string().nullable(),
    licenseExpiresAt: timeOrNone.describe("When its host must have refreshed it; null for never."),
  })
  .describe("One seat, bound to a host or a user.");

const license = z.string().describe("The license: a JWS (RFC 7515) that any JOSE library verifies.");

const exposure = z
  .object({
    copiesPerYear: z.number().nullable().describe("Null where seats float: they change hands at will."),
    looseCopies: z.number().describe("Copies at a time that nothing counts: what a released seat left."),
    longestDays: z.number().nullable().describe("Null for no end but the term's."),
    copyDaysPerYear: z.number().nullable().describe("Null where a copy has no end of its own."),
    warnings: z.array(z.string()),
  })
  .describe("The worst that a policy allows with one seat.");

const licensed = z.object({ activation, license });
const recorded = z.object({ order, entitlements: z.array(granted) });

/** Every answer, and what answers are made of, under the names that the document has for them. */
export const answers = {
  Problem: problemSchema,
  Policy: policySchema,
  Event: eventSchema,
  EntitlementStanding: standing,
  EntitlementGranted: granted,
  Activation: activation,
  CatalogPublished: z.object({
    version: z.string(),
    warnings: z.array(z.string()).describe("What to think over about the policies."),
  }),
  OrderRecorded: recorded,
  RefundRecorded: z.object({
    orderId: z.string(),
    refundId: z.string(),
    kind: z.enum(["refund", "credit"]),
    reason: z.string(),
    refundedAt: time,
    lines: z.array(
      z.object({ lineNumber: z.int(), amount: z.int().positive(), currency: z.string(), quantity: count }),
    ),
  }),
  Entitlement: entitlement,
  EntitlementOverridden: entitlement.extend({ exposure }),
  EntitlementWithSeats: standing.extend({
    activations: z
      .array(activation.extend({ hostName: z.string().nullable() }))
      .describe("Its newest seats, 1000 at most."),
  }),
  CustomerEntitlements: z.object({
    customerId: z.string(),
    entitlements: z.array(standing).describe("The newest first, 1000 at most."),
  }),
  CustomerHistory: z.object({
    customerId: z.string(),
    asOf: time,
    entitlements: z.array(entitlement),
    events: z.array(eventSchema).describe("In the order in which they were recorded, 1000 at most."),
    next: z.string().nullable().describe("`after` of the next page; null where there is none yet."),
  }),
  EntitlementSplit: z.object({ entitlement, child: granted }),
  CustomersMerged: z.object({
    merged: count,
    isComplete: z.boolean().describe("Where false, send the same again: there is more."),
    problems: z
      .array(problemSchema)
      .optional()
      .describe("Why shards did not do their part, where some did not."),
  }),
  Exposure: exposure,
  Licensed: licensed,
  Seat: z.object({ activation }),
  LicenseLent: licensed.extend({
    temporary: z.object({
      licenseId: z.string(),
      kind: z.enum(["failure", "renewal_pending", "vendor_mistake"]),
      expiresAt: time,
    }),
  }),
  Consumption: z.object({
    entitlementId: z.string(),
    used: count,
    quantity: count,
    periodStartsAt: time,
    periodEndsAt: timeOrNone,
  }),
  OfflineResponse: z.object({
    activation,
    file: z.string().describe("The response file: its bytes go back to the product as they are."),
  }),
  LicenseLineAnswered: z.union([
    z.object({
      line: z.int().positive(),
      status: z.union([z.literal(200), z.literal(201)]),
      activation,
      license,
    }),
    z.object({ line: z.int().positive(), status: z.int().min(400), problem: problemSchema }),
  ]),
  Revocations: z.object({
    number: count.describe("Rises with every change: a list of a lower one is older."),
    issuedAt: time,
    list: z.string().describe("The signed list, a JWS."),
  }),
  StorefrontOrder: z.union([
    recorded.extend({ status: z.literal("recorded") }),
    z.object({ status: z.enum(["cancelled", "refused"]), problem: problemSchema.nullable() }),
    z.object({ status: z.literal("quarantined"), quarantineId: z.string(), problem: problemSchema }),
  ]),
  StorefrontMessage: z.union([
    z.object({
      status: z.enum(["recorded", "waiting"]).describe("`waiting` for what the subscription itself tells."),
      orderId: z.string().nullable().describe("Whose codes `GET /v1/orders/{orderId}` has."),
    }),
    z.object({ status: z.enum(["cancelled", "refused"]), problem: problemSchema.nullable() }),
    z.object({ status: z.literal("quarantined"), quarantineId: z.string(), problem: problemSchema }),
    z.object({ status: z.literal("ignored") }),
  ]),
  KeySet: z.object({
    keys: z.array(
      z.object({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string(),
        kid: z.string(),
        alg: z.literal("EdDSA"),
        use: z.literal("sig"),
      }),
    ),
  }),
  TelemetryRecorded: z
    .object({
      received: count,
      stored: count,
      duplicate: count.describe("On record already: the same ID, time and content."),
      quarantined: count,
      outcomes: z.array(
        z.union([
          z.object({ line: z.int().positive(), outcome: z.enum(["stored", "duplicate"]) }),
          z.object({
            line: z.int().positive(),
            outcome: z.literal("quarantined"),
            quarantineId: z.string(),
            problem: problemSchema,
          }),
        ]),
      ),
    })
    .describe("`received` is the sum of the other counts. An outcome for each event, in their order."),
  Health: z.object({ status: z.literal("ok"), lastSeq: count }),
  Readiness: z.object({ status: z.literal("ready") }),
  Document: z.looseObject({ openapi: z.string() }).describe("An OpenAPI 3.1 document: this one."),
} as const satisfies Record<string, z.ZodType>;
