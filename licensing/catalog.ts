// Pure. What a vendor sells: products, license models with their policies, and price bands, as versioned data.

import { z } from "zod";
import { addDuration } from "./instant.ts";
import { duration, resolvePolicy, statedPolicySchema } from "./policy.ts";
import { text } from "./text.ts";

// Bounds: far above any catalog we have seen, and small enough that one stays a quick read and a single message.
const MAX_ITEMS = 10_000;
const MAX_FEATURES = 500;
// A license carries the features of its product, and has to fit into what a verifier reads.
const MAX_FEATURE_CHARACTERS = 10_000;

const name = text(200);
const identifier = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/,
    "1 to 128 letters, digits, or . _ : / - (a letter or digit first)",
  );

export const productSchema = z.strictObject({
  sku: identifier,
  name,
  brand: name,
  version: text(64).optional(),
  features: z
    .array(text(100))
    .max(MAX_FEATURES)
    .refine(
      (features) => features.reduce((sum, feature) => sum + feature.length, 0) <= MAX_FEATURE_CHARACTERS,
      `together at most ${MAX_FEATURE_CHARACTERS} characters: a license has to carry them`,
    )
    .default([]),
  /** The license model that is sold when an order does not name one, as a storefront's does not. */
  defaultLicenseModel: identifier.optional(),
});
export type Product = z.infer<typeof productSchema>;

const termSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("perpetual") }),
  z.strictObject({
    kind: z.enum(["subscription", "trial", "temporary"]),
    duration,
    /** What the duration is counted from. */
    from: z.enum(["order", "start", "first-activation"]).default("start"),
  }),
]);

const DAY = 86_400_000_000;

/** Whether a metered quantity may begin anew so often. */
const isPeriod = (length: string): boolean => addDuration(0, length) >= DAY;

export const metricSchema = z.enum(["node-locked", "floating", "named-user", "metered", "site"]);

export const licenseModelSchema = z
  .strictObject({
    id: identifier,
    name,
    term: termSchema,
    metric: metricSchema,
    /** How long releases may be run that come out after the start; absent for all of them. */
    maintenance: duration.optional(),
    /** How long a metered quantity lasts before it begins anew, a day at least; absent where it never does. */
    consumptionPer: duration.optional(),
    policy: statedPolicySchema.default({}),
  })
  // A seat that is only lent comes back by its lease; without one a crashed client would keep it for ever.
  .refine(
    ({ metric, policy }) => metric !== "floating" || resolvePolicy(metric, policy).lease !== undefined,
    {
      error: "a floating license model needs a lease, after which the seat of a silent client is free again",
      path: ["policy", "lease"],
    },
  )
  .refine(
    ({ metric, consumptionPer }) =>
      consumptionPer === undefined || (metric === "metered" && isPeriod(consumptionPer)),
    {
      error: "only a metered license model has it, and it is a day at least",
      path: ["consumptionPer"],
    },
  );
export type LicenseModel = z.infer<typeof licenseModelSchema>;

const priceBandSchema = z.strictObject({
  id: identifier,
  /** The band holds order lines whose total is below this many minor units; the last band has no bound. */
  below: z.int().positive().optional(),
  /** What orders in this band are allowed beyond, or short of, what their license model says. */
  policy: statedPolicySchema.optional(),
});

export const catalogSchema = z
  .strictObject({
    version: identifier,
    products: z.array(productSchema).min(1).max(MAX_ITEMS),
    licenseModels: z.array(licenseModelSchema).min(1).max(MAX_ITEMS),
    priceBands: z.array(priceBandSchema).max(100).default([]),
  })
  .superRefine((catalog, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    duplicates(catalog.products, (product) => product.sku).forEach((index) =>
      fault(["products", index, "sku"], "this SKU is already in the catalog"),
    );
    duplicates(catalog.licenseModels, (model) => model.id).forEach((index) =>
      fault(["licenseModels", index, "id"], "this license model is already in the catalog"),
    );
    const models = new Set(catalog.licenseModels.map((model) => model.id));
    catalog.products.forEach((product, index) => {
      if (product.defaultLicenseModel !== undefined && !models.has(product.defaultLicenseModel))
        fault(["products", index, "defaultLicenseModel"], "no license model of this catalog has this ID");
    });
    duplicates(catalog.priceBands, (band) => band.id).forEach((index) =>
      fault(["priceBands", index, "id"], "this price band is already in the catalog"),
    );
    catalog.priceBands.forEach((band, index, bands) => {
      const isLast = index === bands.length - 1;
      if (isLast && band.below !== undefined)
        fault(["priceBands", index, "below"], "the last price band has no upper bound");
      if (!isLast && band.below === undefined)
        fault(["priceBands", index, "below"], "only the last price band has no upper bound");
      const before = bands[index - 1]?.below;
      if (before !== undefined && band.below !== undefined && band.below <= before)
        fault(["priceBands", index, "below"], "price bands stand in rising order");
    });
  });
export type Catalog = z.infer<typeof catalogSchema>;

function duplicates<T>(items: readonly T[], key: (item: T) => string): number[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => (seen.size === seen.add(key(item)).size ? [index] : []));
}

/**
 * The price band of an order line.
 * @param amountMinor the line's total in minor units of its currency
 * @returns null where the catalog has no bands
 */
export function priceBandOf(catalog: Catalog, amountMinor: number): Catalog["priceBands"][number] | null {
  return catalog.priceBands.find((band) => band.below === undefined || amountMinor < band.below) ?? null;
}

interface Names {
  products: ReadonlyMap<string, Product>;
  licenseModels: ReadonlyMap<string, LicenseModel>;
}

const indexed = new WeakMap<Catalog, Names>();

/** A catalog by its names: orders of many lines are decided by the same one. */
function namesOf(catalog: Catalog): Names {
  const known = indexed.get(catalog);
  if (known) return known;
  const names = {
    products: new Map(catalog.products.map((product) => [product.sku, product])),
    licenseModels: new Map(catalog.licenseModels.map((model) => [model.id, model])),
  };
  indexed.set(catalog, names);
  return names;
}

/** The product of an SKU; undefined where the catalog has none. */
export const productOf = (catalog: Catalog, sku: string): Product | undefined =>
  namesOf(catalog).products.get(sku);

/** The license model of an ID; undefined where the catalog has none. */
export const licenseModelOf = (catalog: Catalog, id: string): LicenseModel | undefined =>
  namesOf(catalog).licenseModels.get(id);
