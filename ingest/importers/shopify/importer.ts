// `npm run import -- shopify`: orders of a store's Admin API, as JSON. They go the way of its webhooks.

import type { Holds } from "../../import/held.ts";
import { objectIn, objectsOf } from "../../import/objects.ts";
import type { Entry, Importer, Place, Reference } from "../importer.ts";
import { customerReference, productReferences } from "./references.ts";

/** A file in lines is read as it comes; years of a large store have some gigabytes. */
const MAX_BYTES = 16 * 1024 ** 3;
const MAX_INPUT_LENGTH = 4000;

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
  async *read(source) {
    for await (const it of objectsOf(source, holds)) {
      const { place, text } = it;
      if (it.ok) for (const entry of entriesOf(text, place)) yield { place, ...entry };
      else yield { place, input: cut(text), kind: "problem", code: "unreadable", detail: it.detail };
    }
  },
};

type Read = Entry extends infer E ? (E extends unknown ? Omit<E, "place"> : never) : never;

function entriesOf(text: string, place: Place): Read[] {
  const read = objectIn(text);
  if (!read.ok) return [problem(cut(text), read.code, read.detail)];
  const { object } = read;
  const kind = kindOf(object, place.at ?? "");
  // What it is called is enough to find it; what else it holds may name people.
  const { id, name, order_id: orderId } = object;
  const input = cut(JSON.stringify({ kind, id, ...(kind === "order" ? { name } : {}), order_id: orderId }));
  const references = (found: readonly Reference[]): Read[] =>
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

const problem = (input: string, code: "invalid" | "unreadable" | "void", detail: string): Read => ({
  input,
  kind: "problem",
  code,
  detail,
});

const cut = (text: string): string =>
  text.length <= MAX_INPUT_LENGTH ? text : `${text.slice(0, MAX_INPUT_LENGTH - 1)}…`;
