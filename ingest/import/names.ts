// What the names in a staged import come to: each distinct one is looked up once, and those that are not mapped are listed by
// what hangs on them.

import type { Catalog, LicenseModel, Product } from "../../licensing/index.ts";
import type { ForeignModel } from "../importers/importer.ts";
import type { Names } from "./assemble.ts";
import type { Mapping } from "./mapping.ts";
import { resolveCustomer, resolveModel, type Resolved, resolveProduct } from "./resolve.ts";
import type { StagedEntries } from "./staged.ts";
import { MAX_NAMES } from "./staging.ts";

/** A name that no rule knows, with what hangs on it: the next rule worth writing is that of the first. */
export interface Unmapped {
  of: "product" | "model" | "customer";
  value: string;
  reason: string;
  rights: number;
  seats: number;
}

/** What the names of an import come to. */
export interface ResolvedNames {
  names: Names;
  /** What the catalog lacks, and the mapping says. */
  additions: { products: Product[]; licenseModels: LicenseModel[] };
  unmapped: Unmapped[];
}

/**
 * Looks all names of a staged import up.
 * @param source what IDs of ours begin with
 * @throws RangeError where there are more than a catalog holds
 */
export function resolveNames(
  staging: StagedEntries,
  {
    mapping,
    source,
    catalog,
    hashId,
  }: {
    mapping: Mapping;
    source: string;
    catalog: Catalog | undefined;
    hashId: (id: string) => string;
  },
): ResolvedNames {
  const products = new Map<string, Resolved<Product>>();
  const models = new Map<string, Resolved<LicenseModel>>();
  const unmapped: Unmapped[] = [];
  const defaults = new Set(
    catalog?.products.filter(({ defaultLicenseModel }) => defaultLicenseModel).map(({ sku }) => sku),
  );
  const hasDefault = (product: Resolved<Product> | undefined) =>
    product !== undefined && "id" in product && defaults.has(product.id);
  for (const { value, rights, seats, sample } of bounded(staging.named("product"), "products")) {
    const referred = staging.reference("product", value);
    const told = {
      ...(sample.productName === undefined ? {} : { name: sample.productName }),
      ...(sample.brand === undefined ? {} : { brand: sample.brand }),
      ...(sample.features === undefined ? {} : { features: sample.features }),
      ...(referred?.of === "product" ? referred : {}),
    };
    const resolved = resolveProduct(value, mapping, catalog, told);
    products.set(value, resolved);
    if ("unmapped" in resolved)
      unmapped.push({ of: "product", value, reason: resolved.unmapped, rights, seats });
  }
  for (const { value, rights, seats } of bounded(staging.named("model"), "license models")) {
    const stated = JSON.parse(value) as ForeignModel;
    const model = referredModel(staging, stated);
    const resolved = resolveModel(model, mapping, catalog, source);
    models.set(stated.name, resolved);
    // Without a name it is what its product is sold under, where the catalog says that of all.
    const isDefault = model.name === "" && Array.from(products.values()).every(hasDefault);
    if ("unmapped" in resolved && !isDefault)
      unmapped.push({ of: "model", value: model.name, reason: resolved.unmapped, rights, seats });
  }
  for (const { value, rights, seats } of bounded(staging.usedProducts(), "products")) {
    if (products.has(value)) continue;
    // What is only seen in use is added to no catalog: nobody was sold it, as far as is known.
    const resolved = resolveProduct(value, mapping, catalog, {});
    products.set(value, resolved);
    if ("unmapped" in resolved)
      unmapped.push({ of: "product", value, reason: resolved.unmapped, rights, seats });
  }
  const idOf = (resolved: Resolved<unknown> | undefined) =>
    resolved && "id" in resolved ? resolved.id : undefined;
  return {
    names: {
      sku: (product) => idOf(products.get(product)),
      licenseModel: (model, product) =>
        model.name === "" && hasDefault(products.get(product)) ? null : idOf(models.get(model.name)),
      customer: (told, file) =>
        resolveCustomer(told, {
          mapping,
          source,
          file,
          hashId,
          reference: (of, key) => staging.reference(of, key),
        }),
      hashId,
    },
    additions: {
      products: additionsOf(products, ({ sku }) => sku),
      licenseModels: additionsOf(models, ({ id }) => id),
    },
    unmapped,
  };
}

/** A model that rights name by a key is what the source says of it elsewhere. */
function referredModel(staging: StagedEntries, stated: ForeignModel): ForeignModel {
  const referred = staging.reference("model", stated.name);
  return referred?.of === "model" ? { ...stated, ...referred.model } : stated;
}

function bounded<T>(named: T[], what: string): T[] {
  if (named.length > MAX_NAMES)
    throw new RangeError(
      `The import names more than ${MAX_NAMES} ${what}, which is what a catalog has at most: is the right column taken for them?`,
    );
  return named;
}

/** Each addition once: several names may come to one. */
function additionsOf<T>(resolved: ReadonlyMap<string, Resolved<T>>, idOf: (item: T) => string): T[] {
  const additions = Array.from(resolved.values()).flatMap((one) =>
    "addition" in one && one.addition ? [one.addition] : [],
  );
  return Array.from(new Map(additions.map((item) => [idOf(item), item])).values());
}
