// Pure. What all of Stripe's objects are read with: the event that they came in, what they are called here, and whose they are.

import type { Instant } from "../../../licensing/index.ts";
import { problem } from "../../problem.ts";
import type { StorefrontCommand } from "../command.ts";
import type { Price, Subscription } from "./objects.ts";

export const SOURCE = "stripe";

/** The event that an object came in; null for an object by itself, as exports have it. */
export type Said = { type: string; at: Instant } | null;

/** What Stripe's things are called here. */
export const nameOf = (id: string): string => `${SOURCE}:${id}`;

/**
 * Something that cannot be read.
 * @param field of the object
 * @param detail a sentence for people: what is wrong, and what to do
 */
export function unread(said: Said, field: string, detail: string): StorefrontCommand {
  const path = said === null ? field : `data.object.${field}`;
  return {
    kind: "quarantine",
    problem: problem("invalid_request", detail, [{ field: path, message: detail }]),
  };
}

export const notWhole = (said: Said, field: string): StorefrontCommand =>
  unread(
    said,
    field,
    `The amount in ${field} is no whole number of its currency's minor units: nothing is rounded.`,
  );

/** A list of which the message holds the beginning alone. */
export const cutShort = (said: Said, field: string): StorefrontCommand =>
  unread(
    said,
    field,
    `There are more ${field} than this message holds: export the object with all of them, and import it.`,
  );

/** What a price sells, as the catalog has it: the vendor says it in `lookup_key`, or as `sku` in the metadata. */
export function skuOf({
  lookup_key: key,
  metadata,
  product,
  id,
}: Pick<Price, "lookup_key" | "metadata" | "product" | "id">): string {
  const ofProduct = typeof product === "object" ? product?.metadata?.["sku"] : undefined;
  return key || metadata?.["sku"] || ofProduct || id;
}

type Address = { country?: string | null | undefined } | null | undefined;

interface Person {
  name?: string | null | undefined;
  email?: string | null | undefined;
  address?: Address;
}

/**
 * A customer, by what the object itself knows of them and then by what it says beside it.
 * @param otherwise whose ID it is where the object names no customer: a guest is known by the order alone
 */
export function customerOf(customer: Subscription["customer"], otherwise: string, beside: Person = {}) {
  const known: Person = typeof customer === "object" && customer !== null ? customer : {};
  const id = typeof customer === "string" ? customer : customer?.id;
  const name = beside.name || known.name;
  const email = beside.email || known.email;
  const country = beside.address?.country || known.address?.country;
  return {
    id: id ? nameOf(id) : otherwise,
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(country ? { country } : {}),
  };
}
