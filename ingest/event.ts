// Pure. The event: the contract between rooms. `ingest` writes these, `warehouse` reads them, nobody changes one.
// What a type's `data` may hold is said here, once, as a schema; what the rules make has to fit it to become a draft.

import { z } from "zod";
import { licenseModelSchema, policySchema, productSchema } from "../licensing/index.ts";
import { importData } from "./import/events.ts";
import { keyData } from "./key-events.ts";
import { instant } from "./stored-instant.ts";
import { telemetryData } from "./telemetry/types.ts";

/** The version of every `data` schema below. It rises when a field changes its meaning, not when one is added. */
export const EVENT_SCHEMA = 1;

const minorUnits = z.int();
const currency = z.string().regex(/^[A-Z]{3}$/);

const platform = {
  /** OpenTelemetry `os.type`, or "other". */
  os_type: z.string(),
  os_version: z.string().nullable(),
  /** OpenTelemetry `host.arch`, or "other". */
  arch: z.string(),
  app_version: z.string().nullable(),
};

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
  duration: z.string().nullable(),
  expires_from: z.enum(["order", "start", "first-activation"]),
  consumption_per: z.string().nullable(),
  metric: z.enum(["node-locked", "floating", "named-user", "metered", "site"]),
});

/** Who decided it (an API key's name, or `customer`), and why. */
const decree = { by: z.string(), reason: z.string() };
/** The same of what may have been paid for; no price where nothing was said of it. */
const priced = { ...decree, price: z.object({ amount_minor: minorUnits, currency }).optional() };

/** `data` by type. */
const eventData = {
  "catalog.published": z.object({
    version: z.string(),
    products: z.array(productSchema),
    license_models: z.array(licenseModelSchema),
    price_bands: z.array(z.object({ id: z.string(), below: z.int().optional() })),
    by: z.string().optional(),
  }),
  "order.recorded": z.object({
    ordered_at: instant,
    channel: z.string(),
    is_test: z.boolean(),
    country: z.string().nullable(),
    lines: z.array(
      z.object({
        line_number: z.int(),
        entitlement_id: z.string(),
        sku: z.string(),
        license_model: z.string(),
        quantity: z.int(),
        unit_amount_minor: minorUnits,
        amount_minor: minorUnits,
        currency,
        price_band: z.string().nullable(),
        starts_at: instant,
      }),
    ),
  }),
  /** `by` where staff or their system did it; absent where the storefront said so. */
  "order.cancelled": z.object({ reason: z.string(), by: z.string().optional() }),
  /** Money went back, or was promised, for lines of an order: `amount_minor` is what, `quantity` for how many seats. */
  "order.refunded": z.object({
    refund_id: z.string(),
    kind: z.enum(["refund", "credit"]),
    reason: z.string(),
    by: z.string().optional(),
    lines: z.array(z.object({ line_number: z.int(), amount_minor: minorUnits, currency, quantity: z.int() })),
  }),
  /** An order of which no license may come. `code` as in the problem document that answered it. */
  "order.refused": z.object({
    code: z.string(),
    rule: z.string(),
    detail: z.string(),
    channel: z.string(),
    is_test: z.boolean(),
  }),
  "entitlement.granted": z.object({
    line_number: z.int(),
    product,
    model,
    policy: policySchema,
    quantity: z.int(),
    unit_amount_minor: minorUnits,
    amount_minor: minorUnits,
    currency,
    price_band: z.string().nullable(),
    channel: z.string(),
    country: z.string().nullable(),
    is_test: z.boolean(),
    ordered_at: instant,
    delivered_at: instant,
    starts_at: instant,
    ends_at: instant.nullable(),
    maintenance_ends_at: instant.nullable(),
    parent_entitlement_id: z.string().nullable(),
    inherited: z
      .object({
        overrides: policySchema,
        uses: z.object({
          rehosts: z.array(instant),
          returns: z.array(instant),
          repairs: z.array(instant),
          temporary: z.array(instant),
        }),
      })
      .optional(),
  }),
  "entitlement.cancelled": z.object({ reason: z.string(), seats_ended: z.int() }),
  "activation.bound": z.object({
    ...platform,
    generation: z.int(),
    reason: z.enum(["activated", "rehosted", "repaired"]),
    host_hash: z.string().nullable(),
    user_hash: z.string().nullable(),
    os_type_raw: z.string().nullable(),
    arch_raw: z.string().nullable(),
  }),
  "activation.ended": z.object({ reason: z.enum(["lease_ended", "returned", "released", "revoked"]) }),
  "activation.refused": z.object({
    request: z.enum(["activate", "refresh", "return", "release", "rehost", "repair", "temporary", "consume"]),
    ...platform,
    // Only an activation and a move state a platform.
    os_type: z.string().nullable(),
    arch: z.string().nullable(),
    code: z.string(),
    rule: z.string(),
    passes_at: instant.nullable(),
    host_hash: z.string().nullable(),
  }),
  "license.issued": z.object({
    generation: z.int(),
    not_before: instant,
    expires_at: instant.nullable(),
    reason: z.enum(["activated", "reissued", "refreshed", "rehosted", "repaired"]),
  }),
  "license.lent": z.object({
    kind: z.enum(["failure", "renewal_pending", "vendor_mistake"]),
    host_hash: z.string(),
    generation: z.int(),
    not_before: instant,
    expires_at: instant,
  }),
  "usage.recorded": z.object({
    units: z.int(),
    used: z.int(),
    overage: z.int(),
    period_starts_at: instant,
    period_ends_at: instant.nullable(),
  }),
  /** Staff took a license back: who did, beside the end of its seat. */
  "license.revoked": z.object({ by: z.string() }),
  "activation.cloned": z.object({
    presented_generation: z.int(),
    generation: z.int(),
    host_hash: z.string().nullable(),
  }),
  "entitlement.suspended": z.object(decree),
  "entitlement.reinstated": z.object(decree),
  "entitlement.started": z.object({ starts_at: instant, ends_at: instant }),
  "entitlement.renewed": z.object({
    ...priced,
    starts_at: instant,
    ends_at: instant,
    maintenance_ends_at: instant.nullable(),
  }),
  "entitlement.upgraded": z.object({
    ...priced,
    product,
    model,
    policy: policySchema,
    ends_at: instant.nullable(),
    maintenance_ends_at: instant.nullable(),
  }),
  "entitlement.extended": z.object({ ...priced, quantity: z.int(), added: z.int() }),
  "entitlement.split": z.object({
    ...decree,
    quantity: z.int(),
    moved: z.int(),
    child_entitlement_id: z.string(),
  }),
  "entitlement.transferred": z.object({ ...decree, from_customer_id: z.string() }),
  "entitlement.policy_overridden": z.object({ ...decree, changes: policySchema, policy: policySchema }),
  /** What named a customer is gone: profile, names of hosts, and the quarantined inputs that are listed. The ID stays. */
  "customer.erased": z.object({ by: z.string(), quarantine_ids: z.array(z.string()) }),
  /** Input that could not be understood. The input itself may name people: it stays in the ledger, found by this ID. */
  "input.quarantined": z.object({
    quarantine_id: z.string(),
    stage: z.string(),
    code: z.string(),
    detail: z.string(),
    size_bytes: z.int(),
  }),
  /** Quarantined input went through after all. */
  "input.replayed": z.object({ quarantine_id: z.string(), by: z.string().optional() }),
  ...keyData,
  ...importData,
  ...telemetryData,
} as const;

/** The type of an event: dotted, past tense. */
export type EventType = keyof typeof eventData;

/** The keys that an event carries where they apply; absent, not null, where they do not. */
const keys = {
  customer_id: z.string().optional(),
  order_id: z.string().optional(),
  entitlement_id: z.string().optional(),
  activation_id: z.string().optional(),
  license_id: z.string().optional(),
  sku: z.string().optional(),
};

/** Everything but `type` and `data`. */
const envelope = {
  /** UUIDv7, unique for ever; the same `id` twice is one event. */
  id: z.uuid(),
  schema: z.int().positive(),
  /** Which system said so: `api`, `shopify`, … */
  source: z.string(),
  /** When it happened at its source, and when the ledger committed it: RFC 3339, UTC, microseconds. */
  occurred_at: instant,
  recorded_at: instant,
  /** Place in the ledger: dense per shard, no gaps, from 1. */
  shard: z.int().nonnegative(),
  seq: z.int().positive(),
  ...keys,
};

/** An event as it is exported: one line of a segment. */
export type Event = {
  [T in EventType]: z.infer<z.ZodObject<typeof envelope>> & { type: T; data: z.infer<(typeof eventData)[T]> };
}[EventType];

/** An event before the ledger gives it its place and its record time. */
export type Draft = {
  [T in EventType]: z.infer<z.ZodObject<typeof keys>> & {
    type: T;
    data: z.infer<(typeof eventData)[T]>;
    source: string;
    occurred_at: string;
  };
}[EventType];

/** Checks a whole event, envelope and data. */
export const eventSchema: z.ZodType<Event> = z.union(
  Object.entries(eventData).map(([type, data]) => z.object({ ...envelope, type: z.literal(type), data })),
) as unknown as z.ZodType<Event>;

/** A customer's profile: the only place of names and addresses. Exported as a stream of its own, the newest per customer wins. */
export const profileSchema = z.object({
  shard: z.int().nonnegative(),
  seq: z.int().positive(),
  recorded_at: instant,
  customer_id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  country: z.string().nullable(),
});
export type Profile = z.infer<typeof profileSchema>;

/** The streams that the exporter writes, each under a folder of its name. */
export const streams = ["events", "profiles"] as const;
export type Stream = (typeof streams)[number];

/**
 * The name of a segment: `events/shard=000/00000000000000000001-00000000000000000500.ndjson.gz`, the first and the last
 * `seq` in it, in a width that sorts. Segments of one stream and shard never overlap and leave no gap.
 */
export function segmentName(stream: Stream, shard: number, first: number, last: number): string {
  const place = (seq: number) => String(seq).padStart(20, "0");
  return `${stream}/shard=${String(shard).padStart(3, "0")}/${place(first)}-${place(last)}.ndjson.gz`;
}
