// What can be asked of entitlements, made up at random: the vendor's terms, then commands with their times.

import * as fc from "fast-check";
import {
  type Catalog,
  catalogSchema,
  type Metric,
  type Policy,
  resolvePolicy,
} from "../../licensing/index.ts";

export const metrics = ["node-locked", "floating", "named-user", "site", "metered"] as const;
/** The presets, and policies so tight that every limit is met within a few commands. */
export const policyKinds = ["high-touch", "standard", "high-volume", "tight"] as const;
export type PolicyKind = (typeof policyKinds)[number];

export const kinds = [
  "activate",
  "activate-offline",
  "borrow",
  "refresh",
  "return",
  "release",
  "rehost",
  "repair",
  "temporary",
  "consume",
  "revoke",
  "suspend",
  "reinstate",
  "cancel",
  "renew",
  "upgrade",
  "extend",
  "split",
  "transfer",
  "override",
] as const;
export type CommandKind = (typeof kinds)[number];

/** One command. What it is about is picked from what there is when its turn comes, so that fewer make sense alone. */
export interface Command {
  kind: CommandKind;
  /** Days from one command to the next, before they are stretched to the policy's lengths. */
  gap: number;
  /** By how much the command arrives late, where history comes in unsorted. */
  late: number;
  /** Which entitlement, or which of the licenses that hosts hold. */
  pick: number;
  host: number;
  user: number | null;
  /** How many, how long, or which of several: by the kind. */
  amount: number;
}

const weights: Partial<Record<CommandKind, number>> = {
  activate: 12,
  refresh: 6,
  rehost: 5,
  return: 3,
  repair: 3,
  temporary: 3,
  consume: 3,
};

export const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.oneof(
    ...kinds.map((kind) => ({
      weight: kind === "cancel" ? 1 : (weights[kind] ?? 2),
      arbitrary: fc.constant(kind),
    })),
  ),
  gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3 })),
  late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 })),
  pick: fc.nat({ max: 11 }),
  host: fc.nat({ max: 5 }),
  user: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 5 }) }, { weight: 1, arbitrary: fc.constant(null) }),
  amount: fc.nat({ max: 5 }),
});

const term = fc.constantFrom<Catalog["licenseModels"][number]["term"][]>(
  { kind: "perpetual" },
  { kind: "subscription", duration: "P20D", from: "start" },
  { kind: "subscription", duration: "P1M", from: "order" },
  { kind: "trial", duration: "P10D", from: "first-activation" },
  { kind: "subscription", duration: "P1Y", from: "start" },
  { kind: "subscription", duration: "P1Y", from: "first-activation" },
);

const per = fc.constantFrom("P3D", "P7D", "P1M");
const countPer = fc.record({ count: fc.nat({ max: 2 }), per });
const length = fc.constantFrom("P1D", "P2D", "P5D");

const tight = (metric: Metric): fc.Arbitrary<Policy> =>
  fc.record(
    {
      rehosts: countPer,
      returns: countPer,
      repairs: countPer,
      temporary: fc.record({ count: fc.nat({ max: 2 }), per, duration: length }),
      overdraft: fc.constantFrom<(number | string)[]>(0, 1, "50%"),
      lease: length,
      grace: length,
      offline: fc.constantFrom("P5D", "P9D"),
      borrow: fc.constantFrom("P2D", "P9D"),
    },
    { requiredKeys: metric === "floating" ? ["lease"] : [] },
  );

/** What is sold at first. */
export interface Setup {
  metric: Metric;
  policyKind: PolicyKind;
  policy: Policy;
  term: Catalog["licenseModels"][number]["term"];
  quantity: number;
  /** How long a metered quantity lasts; null where it is all there is. */
  consumptionPer: string | null;
  /** Days from the order to the start of what it grants. */
  startsAfter: number;
}

export const setup = (metric: Metric, policyKind: PolicyKind): fc.Arbitrary<Setup> =>
  fc.record({
    metric: fc.constant(metric),
    policyKind: fc.constant(policyKind),
    policy:
      policyKind === "tight" ? tight(metric) : fc.constant(resolvePolicy(metric, { preset: policyKind })),
    term,
    quantity: fc.integer({ min: 1, max: 4 }),
    consumptionPer: metric === "metered" ? fc.constantFrom(null, "P3D", "P1M") : fc.constant(null),
    startsAfter: fc.constantFrom(0, 0, 0, 2),
  });

export interface Scenario {
  setup: Setup;
  commands: Command[];
  /** Whether commands come in the order in which they happened. */
  isSorted: boolean;
}

export const scenario = (metric: Metric, policyKind: PolicyKind): fc.Arbitrary<Scenario> =>
  fc.record({
    setup: setup(metric, policyKind),
    commands: fc.array(command, { maxLength: 40, size: "max" }),
    isSorted: fc.boolean(),
  });

/** Days for one of a command's: presets count in months, what is tight in days. */
export const stretch = (policyKind: PolicyKind): number => (policyKind === "tight" ? 1 : 9);

const model = (id: string, metric: Metric, termOf: unknown, policy: object) => ({
  id,
  name: id,
  term: termOf,
  metric,
  policy,
});

/** What upgrades lead to: other lengths, other bases, other policies, other metrics. */
export const catalog: Catalog = catalogSchema.parse({
  version: "2",
  products: [
    { sku: "CAD-PRO", name: "Atlas CAD Pro", brand: "Atlas", features: ["3d"] },
    { sku: "CAD-MAX", name: "Atlas CAD Max", brand: "Atlas", features: ["3d", "fea"] },
  ],
  licenseModels: metrics.flatMap((metric) => [
    model(`year-${metric}`, metric, { kind: "subscription", duration: "P1Y" }, { preset: "standard" }),
    {
      ...model(
        `month-${metric}`,
        metric,
        { kind: "subscription", duration: "P1M", from: "first-activation" },
        { preset: "high-volume", overdraft: 1 },
      ),
      ...(metric === "metered" ? { consumptionPer: "P1M" } : {}),
    },
    model(`perpetual-${metric}`, metric, { kind: "perpetual" }, { lease: "P5D" }),
  ]),
});

/** Where an upgrade of a right of this metric leads: another product, another model, or another metric. */
export function upgradeOf(
  metric: Metric,
  { amount, host }: Command,
): { sku?: string; licenseModel?: string } {
  const other = metrics[host % metrics.length] ?? metric;
  const targets = [
    { sku: "CAD-MAX" },
    { licenseModel: `year-${metric}` },
    { licenseModel: `month-${metric}` },
    { licenseModel: `perpetual-${metric}` },
    { licenseModel: `year-${other}` },
    { sku: "GONE" },
  ];
  return targets[amount % targets.length] ?? {};
}

/** What staff may allow one entitlement beyond, or short of, its model. */
export function overrideOf(amount: number): Policy {
  const changes: Policy[] = [
    { rehosts: { count: 3, per: "P7D" } },
    { overdraft: 2 },
    { overdraft: 0 },
    { lease: "P2D" },
    { temporary: { count: 1, per: "P3D", duration: "P2D" }, returns: { count: 1, per: "P1M" } },
    { offline: "P9D", borrow: "P5D" },
  ];
  return changes[amount % changes.length] ?? {};
}
