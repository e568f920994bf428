// `npm run import -- stripe`: what Stripe's API lists, or its events, as JSON. Its objects go the way of its webhooks.

import type { Holds } from "../../import/held.ts";
import { cut } from "../../import/input.ts";
import { entriesOf, problem, type Said } from "../../import/objects.ts";
import { readStripe } from "../../sources/stripe.ts";
import type { Importer } from "../importer.ts";
import { referenceOf } from "./references.ts";

/** A file in lines is read as it comes; years of a large store have some gigabytes. */
const MAX_BYTES = 16 * 1024 ** 3;

/** The API's lists, and the fixtures of its description, which name each object by what it is. */
const holds: Holds = (fields, at) => {
  if (fields.get("object") === '"list"' && fields.has("data")) return ["data"];
  if (at === "" && fields.size === 1 && fields.has("resources")) return ["resources"];
  return at === "resources" ? Array.from(fields.keys()) : null;
};

export const importer: Importer = {
  about:
    "Stripe: subscriptions, invoices, checkouts, refunds and credit notes of its API, or its events, as JSON",
  maxBytes: MAX_BYTES,
  read: (source) => entriesOf(source, holds, (object, text) => [saidOf(object, text)]),
};

function saidOf(object: Record<string, unknown>, text: string): Said {
  const { object: what, type, id } = object;
  if (typeof what !== "string")
    return problem(text, "invalid", "This is no object of Stripe's: those say in `object` what they are.");
  // What it is called is enough to find it; what else it holds may name people.
  const input = cut(JSON.stringify({ object: what, type, id }));
  const reference = referenceOf(object);
  if (reference) return { input, kind: "reference", reference };
  const command = readStripe(object);
  return command.kind === "ignore"
    ? { input, kind: "problem", code: "void", detail: `No license comes of this: it is ${command.what}.` }
    : { input, kind: "message", message: { source: "stripe", body: text } };
}
