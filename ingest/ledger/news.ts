// Pure. What a customer's own shard is told: which shards know of the customer, what is theirs, and who they are. Every
// piece says by itself when it is outdated, so it may come late, twice and in any order, and the directory ends the same.

import type { Draft } from "../event.ts";

/** Something about one customer. */
export interface News {
  customerId: string;
  /** The shard that tells it: its events have something about the customer. */
  shard: number;
  /** An entitlement that became theirs, or went to somebody else. */
  entitlement?: {
    entitlementId: string;
    /** The place in its shard's ledger of the event that says so: of two, the higher one is right. */
    version: number;
    isTheirs: boolean;
    /** When that was recorded. */
    at: number;
  };
  profile?: StatedProfile;
}

/** What an order said of its customer. */
export interface StatedProfile {
  name?: string | undefined;
  email?: string | undefined;
  country?: string | undefined;
  /** Sorts by when it was recorded, then by shard and place: of two statements, the later one is right. */
  stamp: string;
}

/** A fact before it has its place. */
export type Fact = Draft extends infer D ? (D extends unknown ? Omit<D, "source"> : never) : never;

/** What a fact that was recorded at a place tells about customers. Every other event is of a customer who is known there. */
export function newsOf(fact: Fact, at: { shard: number; seq: number; now: number }): News[] {
  const { shard, seq, now } = at;
  const { entitlement_id: entitlementId = "", customer_id: customerId = "" } = fact;
  const told = (whom: string, isTheirs: boolean): News => ({
    customerId: whom,
    shard,
    entitlement: { entitlementId, version: seq, isTheirs, at: now },
  });
  if (fact.type === "order.refused") return [{ customerId, shard }];
  if (fact.type === "entitlement.granted") return [told(customerId, true)];
  if (fact.type === "entitlement.transferred")
    return [told(customerId, true), told(fact.data.from_customer_id, false)];
  return [];
}

/** See {@link StatedProfile}. */
export const stampOf = (at: { shard: number; seq: number; now: number }): string =>
  [at.now, at.shard, at.seq].map((number) => String(number).padStart(16, "0")).join(" ");
