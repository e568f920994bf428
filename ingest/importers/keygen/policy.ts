// Pure. A policy of Keygen's → the license models that its licenses may be of.
//
// A license may have limits and an expiry of its own, and a license model of ours has one metric and one kind of term: so a policy
// comes to one for each that its licenses may come to, and each is named by the policy and by its terms. Licenses name theirs by
// the same key, so that policies may stand before or after them, or in another file.
//
// Not to be said in our terms: limits of processes, memory and disk; `expirationStrategy`, by which an expired license may run on
// (its expiry is read as its end); how machines are matched and may be transferred.

import { z } from "zod";
import { isDuration, type Metric, type Policy } from "../../../licensing/index.ts";
import type { ForeignModel, Reference } from "../importer.ts";
import { countedBy, limitFields, machineMetric, modelKey } from "./limits.ts";
import { attributesOf, type Fault, maybe, type Resource } from "./resource.ts";

const seconds = maybe(z.int().min(1));

const policySchema = z.object({
  ...limitFields,
  name: z.string().min(1),
  duration: seconds,
  heartbeatDuration: seconds,
  heartbeatCullStrategy: maybe(z.string()),
  requireCheckIn: maybe(z.boolean()),
  checkInInterval: maybe(z.enum(["day", "week", "month", "year"])),
  checkInIntervalCount: maybe(z.int().min(1).max(365)),
  overageStrategy: maybe(
    z.enum([
      "ALWAYS_ALLOW_OVERAGE",
      "ALLOW_1_25X_OVERAGE",
      "ALLOW_1_5X_OVERAGE",
      "ALLOW_2X_OVERAGE",
      "NO_OVERAGE",
    ]),
  ),
  /** Of versions of the API before 1.2, in place of `overageStrategy`. */
  concurrent: maybe(z.boolean()),
  machineLeasingStrategy: maybe(z.string()),
  metadata: maybe(z.record(z.string(), z.unknown())),
});
type PolicyAttributes = z.infer<typeof policySchema>;

/** A machine's heartbeat, where its policy does not say how long it lasts. */
export const USUAL_HEARTBEAT = "PT10M";

/** As many as a policy of ours can state. */
const ANY_OVERDRAFT = 1_000_000;

const overdrafts = {
  ALWAYS_ALLOW_OVERAGE: ANY_OVERDRAFT,
  ALLOW_1_25X_OVERAGE: "25%",
  ALLOW_1_5X_OVERAGE: "50%",
  ALLOW_2X_OVERAGE: "100%",
  NO_OVERAGE: undefined,
} as const;

const intervals = { day: "D", week: "W", month: "M", year: "Y" } as const;

/** The license models of a policy, by the keys that its licenses name them by. */
export function modelsOf(resource: Resource): Reference[] | Fault {
  const read = attributesOf(resource, policySchema);
  if (!read.ok) return read.fault;
  const { attributes } = read;
  const duration = attributes.duration === undefined ? undefined : isoOf(attributes.duration);
  const heartbeat =
    attributes.heartbeatDuration === undefined ? USUAL_HEARTBEAT : isoOf(attributes.heartbeatDuration);
  if (duration === null || heartbeat === null) {
    const at = `attributes.${duration === null ? "duration" : "heartbeatDuration"}`;
    return {
      code: "invalid",
      detail: `${at} is longer than fifty years, and no term of ours is. Say with rules for models what it comes to.`,
      at,
    };
  }
  return keysOf(attributes).flatMap((metric) =>
    [false, true].map((ends): Reference => {
      const key = modelKey(resource.id, metric, ends);
      const model = modelOf(attributes, metric, ends ? { duration } : null, heartbeat);
      return { of: "model", key, model };
    }),
  );
}

/** The metrics that its licenses may state: a limit of their own takes them to one further on. */
function keysOf(attributes: PolicyAttributes): Metric[] {
  const rising: Metric[] = ["site", machineMetric(attributes), "named-user", "metered"];
  return rising.slice(rising.indexOf(countedBy(attributes).metric));
}

function modelOf(
  attributes: PolicyAttributes,
  stated: Metric,
  term: { duration: string | undefined } | null,
  heartbeat: string,
): ForeignModel {
  const metric = metricOf(attributes, stated);
  const policy = policyOf(attributes, metric, heartbeat);
  const kind = term === null ? "perpetual" : isTrial(attributes) ? "trial" : "subscription";
  const duration = term?.duration;
  const words = [
    metric,
    duration === undefined ? kind : `${kind} ${duration}`,
    ...(policy.overdraft === undefined
      ? []
      : [`overdraft ${policy.overdraft === ANY_OVERDRAFT ? "any" : policy.overdraft}`]),
    ...(policy.lease === undefined ? [] : [`lease ${policy.lease}`]),
  ];
  return {
    name: `${attributes.name} (${words.join(", ")})`,
    term: kind,
    ...(duration === undefined ? {} : { duration }),
    metric,
    policy,
  };
}

/** What a metric that licenses state comes to, by what only their policy says. */
function metricOf(
  { heartbeatCullStrategy, machineLeasingStrategy, maxUsers }: PolicyAttributes,
  stated: Metric,
): Metric {
  const isOfMachines = stated === "floating" || stated === "node-locked";
  // So many machines for each user, of whom there may be any number: nothing is counted of the license as a whole.
  if (isOfMachines && machineLeasingStrategy === "PER_USER" && maxUsers === undefined) return "site";
  // A machine that fell silent keeps its seat.
  return stated === "floating" && heartbeatCullStrategy === "KEEP_DEAD" ? "node-locked" : stated;
}

function policyOf(attributes: PolicyAttributes, metric: Metric, heartbeat: string): Policy {
  const {
    overageStrategy,
    concurrent,
    requireHeartbeat,
    requireCheckIn,
    checkInInterval,
    checkInIntervalCount,
  } = attributes;
  const strategy = overageStrategy ?? (concurrent === true ? "ALWAYS_ALLOW_OVERAGE" : "NO_OVERAGE");
  // Uses have no overage, and where nothing is counted, nothing is over.
  const overdraft = metric === "site" || metric === "metered" ? undefined : overdrafts[strategy];
  const checkIn =
    requireCheckIn === true && checkInInterval !== undefined
      ? `P${checkInIntervalCount ?? 1}${intervals[checkInInterval]}`
      : undefined;
  const lease = requireHeartbeat === true ? heartbeat : checkIn;
  return { ...(overdraft === undefined ? {} : { overdraft }), ...(lease === undefined ? {} : { lease }) };
}

/** Keygen has no word for trials: its vendors put it into the policy's name, or into its metadata. */
const isTrial = ({ name, metadata }: PolicyAttributes): boolean =>
  /\b(?:trial|evaluation)\b/i.test(name) || [true, "true"].some((yes) => metadata?.["trial"] === yes);

/** The years and months that Keygen's own server counts by: those of ActiveSupport, of 365.2425 days. */
const MEAN_YEAR_SECONDS = 31_556_952;
const MEAN_MONTH_SECONDS = MEAN_YEAR_SECONDS / 12;
const DAY_SECONDS = 86_400;

/** Seconds → ISO 8601, exactly but for mean years and months; null where it is longer than a term may be. */
function isoOf(total: number): string | null {
  const text = unitsOf(total);
  return isDuration(text) ? text : null;
}

function unitsOf(total: number): string {
  if (total % MEAN_YEAR_SECONDS === 0) return `P${total / MEAN_YEAR_SECONDS}Y`;
  if (total % MEAN_MONTH_SECONDS === 0) return `P${total / MEAN_MONTH_SECONDS}M`;
  const days = Math.floor(total / DAY_SECONDS);
  const rest = total % DAY_SECONDS;
  const time = rest % 3600 === 0 ? `${rest / 3600}H` : rest % 60 === 0 ? `${rest / 60}M` : `${rest}S`;
  return `P${days === 0 ? "" : `${days}D`}${rest === 0 ? "" : `T${time}`}`;
}
