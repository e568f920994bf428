// `npm run import -- shopify`: orders of a store's Admin API, as JSON. They go the way of its webhooks.

import type { Holds } from "../../import/held.ts";
import { cut } from "../../import/input.ts";
import { entriesOf, problem, type Said } from "../../import/objects.ts";
import type { Importer, Place, Reference } from "../importer.ts";
import { customerReference, productReferences } from "./references.ts";

/** A file in lines is read as it comes; years of a large store have some gigabytes. */
const MAX_BYTES = 16 * 1024 ** 3;

/** What answers of the API wrap things in, and what these are. */
const wrappers: Record<string, Kind> = {
  order: "order",
  orders: "order",
  customer: "customer",
  customers: "customer",
  product: "product",
  products: "product",
  refund: "refund",
  refunds: "refund",
};
type Kind = "order" | "customer" | "product" | "refund" | "other";

/** An answer has nothing but what it wraps; an order has its customer, and much else. */
const holds: Holds = (fields, at) => {
  const names = Array.from(fields.keys());
  const isAnswer = names.length > 0 && names.every((name) => Object.hasOwn(wrappers, name));
  return isAnswer && /^(?:\[\d+\])*$/.test(at) ? names : null;
};

export const importer: Importer = {
  about: "Shopify: orders of the Admin API (REST), as JSON",
  maxBytes: MAX_BYTES,
  read: (source) => entriesOf(source, holds, saidOf),
};

function saidOf(object: Record<string, unknown>, text: string, place: Place): Said[] {
  const kind = kindOf(object, place.at ?? "");
  // What it is called is enough to find it; what else it holds may name people.
  const { id, name, order_id: orderId } = object;
  const input = cut(JSON.stringify({ kind, id, ...(kind === "order" ? { name } : {}), order_id: orderId }));
  const references = (found: readonly Reference[]): Said[] =>
    found.length === 0
      ? [problem(input, "void", `No license comes of this: it is a ${kind} that nothing can refer to.`)]
      : found.map((reference) => ({ input, kind: "reference", reference }));
  switch (kind) {
    case "order":
      return [{ input, kind: "message", message: { source: "shopify", body: text } }];
    case "customer":
      return references(customerReference(object));
    case "product":
      return references(productReferences(object));
    case "refund":
      return [
        problem(
          input,
          "void",
          "No license comes of a refund: its order says whether all went back. Record one of a part by POST /v1/orders/{orderId}/refunds.",
        ),
      ];
    case "other": {
      const isGraph = "__parentId" in object || "lineItems" in object;
      const how = isGraph ? "GraphQL writes orders so: export them by the REST Admin API." : "";
      return [problem(input, "void", `No license comes of this: it is no order. ${how}`.trim())];
    }
  }
}

/** What an object is, by what the answer calls it that it is in, else by its fields. */
function kindOf(object: object, at: string): Kind {
  const wrapper = /([a-z]+)(?:\[\d+\])?$/.exec(at)?.[1] ?? "";
  if (Object.hasOwn(wrappers, wrapper)) return wrappers[wrapper] ?? "other";
  const has = (...names: string[]) => names.some((name) => name in object);
  if (has("line_items", "financial_status")) return "order";
  if (has("refund_line_items")) return "refund";
  if (has("variants")) return "product";
  return has("orders_count", "addresses", "default_address") ? "customer" : "other";
}
