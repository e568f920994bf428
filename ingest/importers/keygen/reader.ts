// Pure. Resources of JSON:API, one after the other → entries. Each speaks for itself, and refers to others by their IDs: only the
// codes of entitlements have to be looked up.

import { z } from "zod";
import type { Instant } from "../../../licensing/index.ts";
import { type Entry, type Place, type ProblemCode, type Reference, SourceFault } from "../importer.ts";
import { rightOf, seatOf } from "./license.ts";
import { modelsOf } from "./policy.ts";
import {
  attributesOf,
  type Fault,
  faultOf,
  maybe,
  relatedIds,
  type Resource,
  resourceSchema,
} from "./resource.ts";
import { shown } from "./shown.ts";

/** A page of the API has 100; and a vendor's features are some hundreds. */
const MAX_WAITING = 10_000;
const MAX_ENTITLEMENTS = 100_000;

const namedSchema = z.object({ name: z.string().min(1) });
const entitlementSchema = z.object({ code: z.string().min(1) });
const userSchema = z.object({
  fullName: maybe(z.string()),
  firstName: maybe(z.string()),
  lastName: maybe(z.string()),
  email: maybe(z.string()),
});

export class Reader {
  readonly #orderedAt: Instant | undefined;
  /** Codes of entitlements, by ID, of all documents so far. */
  readonly #codes = new Map<string, string>();
  /** Licenses that name entitlements: these stand behind them in their document. */
  #waiting: { resource: Resource; place: Place; input: string }[] = [];

  /** @param orderedAt of what does not say when it was created */
  constructor(orderedAt: Instant | undefined) {
    this.#orderedAt = orderedAt;
  }

  /**
   * @param isIncluded whether it stands there for those that name it
   * @returns what it comes to: nothing for what others have to do with, and for a license that waits for its document's end
   */
  read(value: unknown, place: Place, isIncluded: boolean): Entry[] {
    const parsed = resourceSchema.safeParse(value);
    const input = shown(value);
    if (!parsed.success) return [problemOf(place, input, faultOf(parsed.error))];
    const resource = parsed.data;
    const base = { place, input };
    const read = <Read extends object>(result: Read | Fault, entriesOf: (it: Read) => Entry[]): Entry[] =>
      isFault(result) ? [problemOf(place, input, result)] : entriesOf(result);
    switch (resource.type) {
      case "licenses":
        if (relatedIds(resource, "entitlements").length === 0)
          return [this.#license({ resource, place, input })];
        this.#wait({ resource, place, input });
        return [];
      case "machines":
        return read(seatOf(resource, this.#orderedAt), (seat) => [{ ...base, kind: "seat", seat }]);
      case "policies":
        return read(modelsOf(resource), (models) =>
          models.map((reference) => ({ ...base, kind: "reference", reference })),
        );
      case "products":
        return read(productOf(resource), (reference) => [{ ...base, kind: "reference", reference }]);
      case "users":
        return read(customerOf(resource), (reference) => [{ ...base, kind: "reference", reference }]);
      case "entitlements":
        return read(this.#entitlement(resource), () =>
          isIncluded ? [] : [problemOf(place, input, { code: "void", detail: ENTITLEMENT })],
        );
      default:
        return [problemOf(place, input, { code: "void", detail: "What it is grants nothing to anybody." })];
    }
  }

  /** A document ends. @returns what waited for it */
  endDocument(): Entry[] {
    return this.#waiting.splice(0).map((license) => this.#license(license));
  }

  #license({ resource, place, input }: { resource: Resource; place: Place; input: string }): Entry {
    const features = relatedIds(resource, "entitlements").map((id) => this.#codes.get(id) ?? id);
    const right = rightOf(resource, features, this.#orderedAt);
    return isFault(right) ? problemOf(place, input, right) : { place, input, kind: "right", right };
  }

  #wait(license: { resource: Resource; place: Place; input: string }): void {
    if (this.#waiting.length === MAX_WAITING)
      throw new SourceFault(
        license.place,
        `More than ${MAX_WAITING} licenses of one document name entitlements: export them by pages, a document each.`,
      );
    this.#waiting.push(license);
  }

  #entitlement(resource: Resource): Fault | object {
    const read = attributesOf(resource, entitlementSchema);
    if (!read.ok) return read.fault;
    if (this.#codes.size === MAX_ENTITLEMENTS && !this.#codes.has(resource.id))
      return {
        code: "invalid",
        detail: `It comes after ${MAX_ENTITLEMENTS} others: no license has so many features.`,
      };
    this.#codes.set(resource.id, read.attributes.code);
    return {};
  }
}

const ENTITLEMENT = "A feature by itself grants nothing: licenses that stand after it, and name it, have it.";

function productOf(resource: Resource): Reference | Fault {
  const read = attributesOf(resource, namedSchema);
  return read.ok ? { of: "product", key: resource.id, name: read.attributes.name } : read.fault;
}

function customerOf(resource: Resource): Reference | Fault {
  const read = attributesOf(resource, userSchema);
  if (!read.ok) return read.fault;
  const { fullName, firstName, lastName, email } = read.attributes;
  const name = fullName?.trim() || [firstName, lastName].filter(Boolean).join(" ").trim();
  return {
    of: "customer",
    key: resource.id,
    customer: { id: resource.id, ...(name ? { name } : {}), ...(email ? { email } : {}) },
  };
}

const isFault = (result: object): result is Fault => "code" in result && "detail" in result;

function problemOf(place: Place, input: string, { code, detail, at }: Fault): Entry {
  const path = [place.at, at].filter(Boolean).join(".");
  return problem(path === "" ? place : { ...place, at: path }, input, code, detail);
}

export function problem(place: Place, input: string, code: ProblemCode, detail: string): Entry {
  return { place, input, kind: "problem", code, detail };
}
