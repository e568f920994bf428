// Pure. Customers and products of a store → what its orders refer to, by the names that they have here.

import { z } from "zod";
import type { Reference } from "../importer.ts";

const text = z.string().max(5000).nullish();

const customerSchema = z.object({
  id: z.union([z.int(), z.string().min(1)]),
  email: text,
  first_name: text,
  last_name: text,
  default_address: z.object({ country_code: text }).nullish(),
});
const productSchema = z.object({
  title: text,
  vendor: text,
  variants: z.array(z.object({ sku: text, title: text })).max(10_000),
});

export function customerReference(json: unknown): Reference[] {
  const parsed = customerSchema.safeParse(json);
  if (!parsed.success) return [];
  const { id, email, first_name: first, last_name: last, default_address: address } = parsed.data;
  const key = `shopify:${id}`;
  const name = [first, last].filter(Boolean).join(" ");
  const country = address?.country_code;
  const customer = {
    id: key,
    ...(name === "" ? {} : { name }),
    ...(email ? { email } : {}),
    ...(country ? { country } : {}),
  };
  return [{ of: "customer", key, customer }];
}

/** What a product sells: each of its variants that has a SKU. */
export function productReferences(json: unknown): Reference[] {
  const parsed = productSchema.safeParse(json);
  if (!parsed.success) return [];
  const { title, vendor, variants } = parsed.data;
  return variants.flatMap(({ sku, title: variant }): Reference[] => {
    if (!sku) return [];
    const parts = [title, variant === "Default Title" ? null : variant].filter(Boolean);
    const name = parts.length === 0 ? sku : parts.join(", ");
    return [{ of: "product", key: sku, name, ...(vendor ? { brand: vendor } : {}) }];
  });
}
