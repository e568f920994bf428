// Pure. What is allowed beside the use of a seat: limits and allowances, and three of them to begin with.

import { z } from "zod";
import type { Metric } from "./words.ts";
import { type Duration, isDuration } from "./instant.ts";

export const duration = z.string().refine(isDuration, "an ISO 8601 duration such as P1Y, P30D or PT8H");
// The ledger remembers as many uses of an allowance as it counts.
const countPer = z.strictObject({ count: z.int().min(0).max(1000), per: duration });

/** Limits and allowances. What is absent is not allowed, except `lease`: absent means until the term's end. */
const policyFields = {
  /** Moves of a seat to another host, in any period of this length. */
  rehosts: countPer.optional(),
  /** Seats given back from a working host, in any period of this length. */
  returns: countPer.optional(),
  /** New licenses for the same host whose fingerprint changed, in any period of this length. */
  repairs: countPer.optional(),
  /** Short licenses beside the seats, each of this duration, so many in any period of this length. */
  temporary: countPer.extend({ duration }).optional(),
  /** Seats allowed beyond the quantity: a count, or a share such as "10%", rounded down. */
  overdraft: z
    .union([z.int().min(0).max(1_000_000), z.string().regex(/^\d{1,3}%$/, "a percentage such as 10%")])
    .optional(),
  /** How long a license runs before its host must ask again. */
  lease: duration.optional(),
  /** How long a license still runs after its end, for who is late to ask or to renew. */
  grace: duration.optional(),
  /** The longest license for a host that never calls. */
  offline: duration.optional(),
  /** The longest time for which a floating seat may be taken along. */
  borrow: duration.optional(),
};

/** A policy as it is decided by. */
export const policySchema = z.strictObject(policyFields);
export type Policy = z.infer<typeof policySchema>;

const presetNames = ["high-touch", "standard", "high-volume"] as const;

/**
 * The three service tiers of the field. Few customers who spend much are known, and kept running through any failure at
 * once; many who spend little help themselves, within limits that make copying a poor business.
 */
export const presets: Record<(typeof presetNames)[number], Policy> = {
  "high-touch": {
    rehosts: { count: 24, per: "P1Y" },
    returns: { count: 24, per: "P1Y" },
    repairs: { count: 24, per: "P1Y" },
    temporary: { count: 12, per: "P1Y", duration: "P14D" },
    overdraft: "10%",
    lease: "P90D",
    grace: "P30D",
    offline: "P1Y",
    borrow: "P30D",
  },
  standard: {
    rehosts: { count: 4, per: "P1Y" },
    returns: { count: 4, per: "P1Y" },
    repairs: { count: 4, per: "P1Y" },
    temporary: { count: 2, per: "P1Y", duration: "P7D" },
    lease: "P30D",
    grace: "P7D",
    offline: "P90D",
    borrow: "P7D",
  },
  "high-volume": {
    rehosts: { count: 2, per: "P1Y" },
    returns: { count: 2, per: "P1Y" },
    repairs: { count: 1, per: "P1Y" },
    lease: "P14D",
    grace: "P3D",
  },
};

/** A policy as a catalog states it: what it says of its own comes before what its preset says. */
export const statedPolicySchema = z.strictObject({ preset: z.enum(presetNames).optional(), ...policyFields });

export type StatedPolicy = z.infer<typeof statedPolicySchema>;

/**
 * Leases of the presets where seats float: a silent client holds a seat for so long, and so long a license runs that a
 * released seat left behind. To take a seat along for days is what `borrow` is for.
 */
const floatingLeases: Record<(typeof presetNames)[number], Duration> = {
  "high-touch": "P1D",
  standard: "PT4H",
  "high-volume": "PT1H",
};

/** The policy that stated ones come to: a later one comes before those before it, as a price band's before its model's. */
export function resolvePolicy(metric: Metric, ...stated: (StatedPolicy | undefined)[]): Policy {
  const resolved = stated.map(({ preset, ...own } = {}): Policy => {
    if (preset === undefined) return own;
    const lease = metric === "floating" ? { lease: floatingLeases[preset] } : {};
    return { ...presets[preset], ...lease, ...own };
  });
  return Object.assign({}, ...resolved) as Policy;
}
