// Pure. What of a resource may be shown where it waits for somebody: neither keys, nor who somebody is, nor what a vendor noted.

import { z } from "zod";
import { cut } from "../../import/input.ts";

const MAX_NAME_LENGTH = 100;

const limits = ["floating", "strict", "maxMachines", "maxUsers", "maxCores", "maxUses"];
const dates = ["created", "updated"];

/** By type, the attributes that are understood and that anybody may see. */
const shownAttributes: Record<string, readonly string[]> = {
  licenses: ["status", "suspended", "expiry", ...limits, "requireHeartbeat", ...dates],
  policies: [
    "name",
    "duration",
    ...limits,
    "requireHeartbeat",
    "heartbeatDuration",
    "heartbeatCullStrategy",
    "requireCheckIn",
    "checkInInterval",
    "checkInIntervalCount",
    "overageStrategy",
    "concurrent",
    "machineLeasingStrategy",
    ...dates,
  ],
  products: ["name", "code", ...dates],
  entitlements: ["name", "code", ...dates],
  machines: ["platform", ...dates],
  users: ["status", "role", ...dates],
};
const shownRelations = ["product", "policy", "owner", "user", "license"];
/** What people call it, or what it is found by: shown as it is. */
const NAMES = new Set(["name", "code", ...shownRelations]);

const members = z.record(z.string(), z.unknown()).catch({});
const looseSchema = z.object({
  type: z.unknown(),
  id: z.unknown(),
  attributes: members,
  relationships: members,
});
const linkSchema = z.object({ data: z.object({ id: z.unknown() }) });

/** A resource as JSON, without what is nobody's business. */
export function shown(value: unknown): string {
  const parsed = looseSchema.safeParse(value);
  if (!parsed.success) return "a value that is no resource of JSON:API";
  const { type, id, attributes, relationships } = parsed.data;
  const names =
    (typeof type === "string" && Object.hasOwn(shownAttributes, type) && shownAttributes[type]) || [];
  const shownOf = (all: readonly string[], valueOf: (attribute: string) => unknown) =>
    Object.fromEntries(
      all.flatMap((attribute) => {
        const one = valueOf(attribute);
        return one === undefined ? [] : [[attribute, NAMES.has(attribute) ? named(one) : brief(one)]];
      }),
    );
  return cut(
    JSON.stringify({
      type: named(type),
      id: named(id),
      attributes: shownOf(names, (attribute) => attributes[attribute]),
      ...shownOf(shownRelations, (relation) => linkSchema.safeParse(relationships[relation]).data?.data.id),
    }),
  );
}

/** What a status, a day or a time may look like, and hardly any key does. */
const HARMLESS =
  /^(?:[A-Za-z]{1,40}|[A-Z]{1,20}(?:_[A-Z\d]{1,20}){1,8}|\d{4}-\d{1,2}-\d{1,2}(?:[T ][\d:.Z+-]{0,30})?)$/;

/** A value in short; of what has members, nothing, and of what may be a secret in the wrong place, nothing either. */
function brief(value: unknown): unknown {
  if (typeof value === "string") return HARMLESS.test(value) ? value : "…";
  return typeof value === "object" && value !== null ? "…" : value;
}

/** A name for people, or an ID. */
const named = (value: unknown): unknown =>
  typeof value === "string" ? cut(value, MAX_NAME_LENGTH) : brief(value);
