// Pure. Names of a foreign source → products and license models of the catalog: found, to be added to it, or not known.

import { hash } from "node:crypto";
import {
  type Catalog,
  type LicenseModel,
  licenseModelSchema,
  type Product,
  productSchema,
} from "../../licensing/index.ts";
import type { ForeignModel, ForeignRight, Reference } from "../importers/importer.ts";
import { type Mapping, ruleFor } from "./mapping.ts";

/** What a foreign name comes to: an ID of the catalog, with what has to be added for it; or why it comes to none. */
export type Resolved<T> = { id: string; addition?: T } | { unmapped: string };

/** How long a term is called that ends on a stated day, where its scheme does not say how long it is. */
const USUAL_TERM = "P1Y";
/** After so long a silence a seat of a foreign floating license is free again, where its scheme does not say it. */
const USUAL_LEASE = "P1D";

/**
 * The product that a foreign one is: by the first rule that fits its name, or what it is called; else the catalog's of the very
 * same SKU.
 * @param told what the source says of it, in a reference or in its rights
 */
export function resolveProduct(
  name: string,
  mapping: Mapping,
  catalog: Catalog | undefined,
  told: { name?: string; brand?: string; features?: readonly string[] },
): Resolved<Product> {
  const rule = ruleFor(mapping.products, name) ?? ruleFor(mapping.products, told.name ?? name);
  const sku = rule?.sku ?? name;
  if (catalog?.products.some((product) => product.sku === sku)) return { id: sku };
  if (!rule) return { unmapped: "no rule names it, and the catalog has no SKU of this name" };
  const parsed = productSchema.safeParse({
    sku,
    name: rule.name ?? told.name,
    brand: rule.brand ?? told.brand,
    features: told.features ?? [],
  });
  if (parsed.success) return { id: sku, addition: parsed.data };
  return {
    unmapped: `its rule says ${sku}, which the catalog has not: say \`name\` and \`brand\` there to add it`,
  };
}

/**
 * The license model that a foreign one is: by the first rule that fits its name; else one that keeps its name, and has the
 * term and the metric that the source says.
 * @param source begins the IDs of those that are added
 */
export function resolveModel(
  foreign: ForeignModel,
  mapping: Mapping,
  catalog: Catalog | undefined,
  source: string,
): Resolved<LicenseModel> {
  const rule = ruleFor(mapping.models, foreign.name);
  const id = rule?.licenseModel ?? `${source}.${slugOf(foreign.name, source)}`;
  if (catalog?.licenseModels.some((model) => model.id === id)) return { id };
  const term = rule?.term ?? foreign.term;
  const metric = rule?.metric ?? foreign.metric;
  // What a source has no name for is called as the rule calls it.
  const name = foreign.name || rule?.licenseModel;
  if (term === undefined || metric === undefined || name === undefined)
    return {
      unmapped:
        rule?.licenseModel === undefined
          ? "no rule says a `licenseModel` of the catalog, or, for one that has a name, its `term` and `metric`"
          : `its rule says ${id}, which the catalog has not: say \`term\` and \`metric\` there to add it`,
    };
  const policy = rule?.policy ?? foreign.policy ?? {};
  const parsed = licenseModelSchema.safeParse({
    id,
    name,
    metric,
    term:
      term === "perpetual"
        ? { kind: term }
        : { kind: term, duration: rule?.duration ?? foreign.duration ?? USUAL_TERM },
    policy: metric === "floating" && policy.lease === undefined ? { lease: USUAL_LEASE, ...policy } : policy,
  });
  if (parsed.success) return { id, addition: parsed.data };
  const [fault] = parsed.error.issues;
  return { unmapped: `${fault?.path.join(".")}: ${fault?.message}` };
}

/** What of a name may stand in an ID, after its source. A name of other letters has the hash of it. */
function slugOf(name: string, source: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .replace(new RegExp(`^${source}-`), "")
    .slice(0, 60);
  const isWhole = /^[\x20-\x7e]{1,60}$/.test(name);
  return isWhole && slug !== "" ? slug : `${slug || "model"}-${hash("sha256", name, "hex").slice(0, 8)}`;
}

/** Whom a right belongs to: the ID that Keyhouse knows them by, and what their profile says. */
export type ResolvedCustomer =
  { id: string; name?: string; email?: string; country?: string } | { unmapped: string; value: string };

/**
 * The customer of a right. Two systems may count their customers alike: an ID is taken for ours only where the mapping says
 * so, and a name is never put into an ID.
 * @param file stands for the customer where the source names none
 * @param hashId hashes under the home's key
 */
export function resolveCustomer(
  right: Pick<ForeignRight, "customer">,
  {
    mapping,
    source,
    file,
    reference,
    hashId,
  }: {
    mapping: Mapping;
    source: string;
    file: string;
    reference: (of: "customer", key: string) => Reference | undefined;
    hashId: (id: string) => string;
  },
): ResolvedCustomer {
  const referred = right.customer?.id === undefined ? undefined : reference("customer", right.customer.id);
  const told = { ...(referred?.of === "customer" ? referred.customer : {}), ...right.customer };
  const { id, name, email, country } = told;
  const profile = {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(country === undefined ? {} : { country }),
  };
  for (const said of [id, name, email, ...((id ?? name ?? email) === undefined ? [file] : [])]) {
    const rule = said === undefined ? undefined : ruleFor(mapping.customers, said);
    if (rule) return { id: rule.id, ...profile };
  }
  if (id !== undefined) return { id: mapping.customerIds === "ours" ? id : `${source}:${id}`, ...profile };
  const known = email?.trim().toLowerCase() ?? name?.normalize("NFKC").trim().toLowerCase();
  if (known !== undefined) return { id: `${source}:${hashId(known)}`, ...profile };
  if (mapping.customer !== undefined) return { id: mapping.customer };
  return {
    unmapped: "the source names no customer: say `--customer ID`, or a rule for the file",
    value: file,
  };
}
