// `npm run import -- stripe`: what Stripe's API lists, or its events, as JSON. Its objects go the way of its webhooks.

import type { Holds } from "../../import/held.ts";
import { objectIn, objectsOf } from "../../import/objects.ts";
import { readStripe } from "../../sources/stripe.ts";
import type { Entry, Importer } from "../importer.ts";
import { referenceOf } from "./references.ts";

/** A file in lines is read as it comes; years of a large store have some gigabytes. */
const MAX_BYTES = 16 * 1024 ** 3;
const MAX_INPUT_LENGTH = 4000;

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
  async *read(source) {
    for await (const it of objectsOf(source, holds)) {
      const { place, text } = it;
      if (!it.ok) yield { place, input: cut(text), kind: "problem", code: "unreadable", detail: it.detail };
      else yield { place, ...entryOf(text) };
    }
  },
};

type Read = Entry extends infer E ? (E extends unknown ? Omit<E, "place"> : never) : never;

function entryOf(text: string): Read {
  const read = objectIn(text);
  if (!read.ok) return problem(text, read.code, read.detail);
  const { object } = read;
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

const problem = (text: string, code: "invalid" | "unreadable", detail: string): Read => ({
  input: cut(text),
  kind: "problem",
  code,
  detail,
});

const cut = (text: string): string =>
  text.length <= MAX_INPUT_LENGTH ? text : `${text.slice(0, MAX_INPUT_LENGTH - 1)}…`;
