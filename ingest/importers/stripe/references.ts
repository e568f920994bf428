// Pure. Customers, products and prices of Stripe's → what other things of it refer to, by the names that they have here.

import { z } from "zod";
import { nameOf, skuOf } from "../../sources/stripe/said.ts";
import type { Reference } from "../importer.ts";

const text = z.string().max(5000).nullish();
const id = z.string().min(1).max(255);
const metadata = z.record(z.string(), z.string()).nullish();

const customer = z.object({
  object: z.literal("customer"),
  deleted: z.literal(false).optional(),
  id,
  name: text,
  email: text,
  address: z.object({ country: text }).nullish(),
});
const product = z.object({
  object: z.literal("product"),
  deleted: z.literal(false).optional(),
  id,
  name: z.string().min(1).max(5000),
  metadata,
});
const price = z.object({
  object: z.literal("price"),
  deleted: z.literal(false).optional(),
  id,
  nickname: text,
  lookup_key: text,
  metadata,
  product: z.union([z.string(), z.object({ id, metadata })]).nullish(),
});
const referenceSchema = z.discriminatedUnion("object", [customer, product, price]);

/** What an object is referred to as; undefined where it is none of these, or cannot be read as one. */
export function referenceOf(json: unknown): Reference | undefined {
  const parsed = referenceSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const it = parsed.data;
  switch (it.object) {
    case "customer": {
      const [key, country] = [nameOf(it.id), it.address?.country];
      return {
        of: "customer",
        key,
        customer: {
          id: key,
          ...(it.name ? { name: it.name } : {}),
          ...(it.email ? { email: it.email } : {}),
          ...(country ? { country } : {}),
        },
      };
    }
    case "product":
      return { of: "product", key: it.metadata?.["sku"] || it.id, name: it.name };
    case "price": {
      const key = skuOf(it);
      return { of: "product", key, name: it.nickname || key };
    }
  }
}
