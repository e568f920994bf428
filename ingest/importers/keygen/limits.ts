// Pure. What a license of Keygen's counts, and how that is counted here. A license states its limits itself: its policy's, or its
// own, which come first. So one policy may come to several license models of ours, each of one metric.
//
// - `maxUses`: so many uses, whoever makes them: metered.
// - `maxUsers`: so many people, each with as many computers as `maxMachines` says: named-user.
// - `maxMachines`, or `maxCores` where machines have no limit: so many computers, or cores. Keygen calls any license for more than
//   one machine floating. Where machines must send heartbeats and those that fall silent are taken off, seats come back by
//   themselves: floating here too. Where not, a machine has its seat until somebody deactivates it: node-locked here.
// - No limit, or only one of processes: a site's.
//
// `strict` only says when validation begins to mind: what a license is for is the same.

import { z } from "zod";
import type { Metric } from "../../../licensing/index.ts";
import { maybe } from "./resource.ts";

const limit = maybe(z.int().min(0));
const flag = maybe(z.boolean());

/** What licenses and policies say alike. */
export const limitFields = {
  floating: flag,
  requireHeartbeat: flag,
  maxMachines: limit,
  maxUsers: limit,
  maxCores: limit,
  maxUses: limit,
};
const limitsSchema = z.object(limitFields);
export type Limits = z.infer<typeof limitsSchema>;

export interface Counted {
  metric: Metric;
  quantity: number;
  /** The attribute that says how many. */
  by?: "maxUses" | "maxUsers" | "maxMachines" | "maxCores";
}

export function countedBy(limits: Limits): Counted {
  const { maxUses, maxUsers, maxMachines, maxCores } = limits;
  if (maxUses !== undefined) return { metric: "metered", quantity: maxUses, by: "maxUses" };
  if (maxUsers !== undefined) return { metric: "named-user", quantity: maxUsers, by: "maxUsers" };
  const metric = machineMetric(limits);
  if (maxMachines !== undefined) return { metric, quantity: maxMachines, by: "maxMachines" };
  // What does not float is for one machine: https://keygen.sh/docs/api/policies/
  if (limits.floating !== true) return { metric, quantity: 1 };
  if (maxCores !== undefined) return { metric, quantity: maxCores, by: "maxCores" };
  return { metric: "site", quantity: 1 };
}

/** How machines are counted, where they are. */
export const machineMetric = ({ floating, requireHeartbeat }: Limits): Metric =>
  floating === true && requireHeartbeat === true ? "floating" : "node-locked";

/** What a license of a policy names its license model by, whether or not the policy is told as well. */
export const modelKey = (policyId: string, metric: Metric, ends: boolean): string =>
  `${policyId}/${metric}/${ends ? "dated" : "perpetual"}`;
