// Pure. A license of Keygen's → a right; a machine → a seat of it.

import { z } from "zod";
import { type Instant, instantSchema, type TermKind, text } from "../../../licensing/index.ts";
import type { ForeignModel, ForeignRight, ForeignSeat } from "../importer.ts";
import { countedBy, limitFields, type Limits, modelKey } from "./limits.ts";
import { USUAL_HEARTBEAT } from "./policy.ts";
import { attributesOf, type Fault, maybe, relatedId, type Resource } from "./resource.ts";

const licenseSchema = z.object({
  ...limitFields,
  status: maybe(z.string().max(40)),
  suspended: maybe(z.boolean()),
  expiry: maybe(instantSchema),
  created: maybe(instantSchema),
  updated: maybe(instantSchema),
});
type LicenseAttributes = z.infer<typeof licenseSchema>;

const UNDATED: Fault = {
  code: "incomplete",
  detail: "It does not say when it was created: say --ordered-at YYYY-MM-DD for all that do not.",
  at: "attributes.created",
};

/**
 * The right that a license is. It is an order of its own, of one line: Keygen knows no orders.
 * @param features codes of its entitlements
 * @param orderedAt of a license that does not say when it was created
 */
export function rightOf(
  resource: Resource,
  features: readonly string[],
  orderedAt: Instant | undefined,
): ForeignRight | Fault {
  const read = attributesOf(resource, licenseSchema);
  if (!read.ok) return read.fault;
  const { attributes } = read;
  const product = relatedId(resource, "product");
  const policy = relatedId(resource, "policy");
  if (product === undefined || policy === undefined) {
    const name = product === undefined ? "product" : "policy";
    return { code: "incomplete", detail: `It does not name its ${name}.`, at: `relationships.${name}` };
  }
  const created = attributes.created ?? orderedAt;
  if (created === undefined) return UNDATED;
  const { expiry = null } = attributes;
  if (expiry !== null && expiry <= created)
    return { code: "void", detail: "It was over before it was created.", at: "attributes.expiry" };
  const { metric, quantity, by } = countedBy(attributes);
  if (quantity === 0)
    return { code: "void", detail: `${by} is 0: nobody may use it.`, at: `attributes.${by}` };
  const ended = endedOf(attributes, created);
  if (ended && "code" in ended) return ended;
  const owner = relatedId(resource, "owner", "user");
  return {
    order: resource.id,
    lineNumber: 1,
    product,
    ...(features.length === 0 ? {} : { features }),
    model: {
      ...modelOf(attributes, expiry !== null),
      name: modelKey(policy, metric, expiry !== null),
      metric,
    },
    quantity,
    ...(owner === undefined ? {} : { customer: { id: owner } }),
    orderedAt: created,
    endsAt: expiry,
    // Machines are told one by one: a license may be told several times, each time with others of them, or none.
    seats: [],
    ...(ended ? { ended } : {}),
  };
}

/** What a license alone says of its terms. Where its policy is told too, that says it better. */
function modelOf(
  { requireHeartbeat }: Limits,
  ends: boolean,
): { term: TermKind } & Pick<ForeignModel, "policy"> {
  return {
    term: ends ? "subscription" : "perpetual",
    ...(requireHeartbeat === true ? { policy: { lease: USUAL_HEARTBEAT } } : {}),
  };
}

/** What ends with its expiry is not ended otherwise; a license that nobody has used for 90 days is as good as any. */
const IN_FORCE = new Set(["ACTIVE", "INACTIVE", "EXPIRING", "EXPIRED"]);

/** Keygen does not say since when: by its last change at the latest. */
function endedOf(
  { status, suspended, updated }: LicenseAttributes,
  created: Instant,
): ForeignRight["ended"] | Fault {
  const at = Math.max(created, updated ?? created);
  const stated = status?.toUpperCase();
  if (stated === "REVOKED") return { kind: "cancelled", at, reason: "Keygen says that it was revoked." };
  if (stated === "BANNED")
    return { kind: "suspended", at, reason: "Keygen says that the user who owns it is banned." };
  if (suspended === true || stated === "SUSPENDED")
    return { kind: "suspended", at, reason: "Keygen says that it is suspended." };
  if (stated === undefined || IN_FORCE.has(stated)) return undefined;
  return {
    code: "invalid",
    detail: "Its status is none that is known: it cannot be told whether it is in force.",
    at: "attributes.status",
  };
}

const machineSchema = z.object({
  fingerprint: text(500),
  name: maybe(z.string()),
  hostname: maybe(z.string()),
  platform: maybe(z.string()),
  created: maybe(instantSchema),
});

/** What the ledger keeps of a computer's name, and of its platform's. */
const MAX_NAME_LENGTH = 200;
const MAX_PLATFORM_LENGTH = 100;

/** The seat that a machine has. */
export function seatOf(
  resource: Resource,
  orderedAt: Instant | undefined,
): (ForeignSeat & { order: string; lineNumber: number }) | Fault {
  const read = attributesOf(resource, machineSchema);
  if (!read.ok) return read.fault;
  const { fingerprint, name, hostname, platform, created } = read.attributes;
  const order = relatedId(resource, "license");
  if (order === undefined)
    return { code: "incomplete", detail: "It does not name its license.", at: "relationships.license" };
  const boundAt = created ?? orderedAt;
  if (boundAt === undefined) return UNDATED;
  const hostName = named(name, MAX_NAME_LENGTH) ?? named(hostname, MAX_NAME_LENGTH);
  const user = relatedId(resource, "owner", "user");
  const stated = named(platform, MAX_PLATFORM_LENGTH);
  return {
    order,
    lineNumber: 1,
    hostId: fingerprint,
    ...(hostName === undefined ? {} : { hostName }),
    ...(user === undefined ? {} : { user }),
    ...(stated === undefined ? {} : { platform: platformOf(stated) }),
    boundAt,
  };
}

/** A text for people, in one line and no longer than it is kept; undefined where nothing is left. */
function named(said: string | undefined, maxLength: number): string | undefined {
  const clean = said
    ?.toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, maxLength)
    .toWellFormed();
  return clean === undefined || clean === "" ? undefined : clean;
}

/** A platform is whatever the vendor's program said: often the system alone, and `darwin/arm64` where it is written in Go. */
function platformOf(stated: string): { os?: string; arch?: string } {
  const [, os, arch] = /^([^/]+)\/([^/]+)$/.exec(stated) ?? [];
  return os === undefined || arch === undefined ? { os: stated } : { os, arch };
}
