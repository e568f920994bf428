// Pure. What a license is locked to, and what its count comes to on the common axes.

import type { ForeignModel, ForeignSeat } from "../../importers/importer.ts";
import type { Instant, Metric, Policy } from "../../../licensing/index.ts";

/** What host IDs in a license come to. */
export interface Locks {
  hosts: readonly Omit<ForeignSeat, "boundAt">[];
  users: readonly string[];
  /** Any computer will do: nothing is said, or something that every computer fits. */
  isAnywhere: boolean;
  isDemo: boolean;
}

/** Kinds of host IDs that name no computer: they tell licenses apart, and any computer fits. */
const nowhere = new Set(["ID", "SN"]);

/**
 * Reads a list of host IDs. Of both FlexNet and RLM: `ANY` and `DEMO` fit any computer; so do `ID=` and `SN=`, which number a
 * license; an address with `*` is a network, not a computer.
 */
export function readLocks(list: string): Locks {
  const byId = new Map(list.split(" ").map((id) => [id.toLowerCase(), id]));
  byId.delete("");
  const hosts: Omit<ForeignSeat, "boundAt">[] = [];
  const users: string[] = [];
  let isAnywhere = byId.size === 0;
  let isDemo = false;
  for (const id of byId.values()) {
    const equals = id.indexOf("=");
    const kind = id.slice(0, Math.max(equals, 0)).toUpperCase();
    const value = id.slice(equals + 1);
    isDemo ||= id.toUpperCase() === "DEMO";
    if (/^(?:ANY|DEMO)$/i.test(id) || nowhere.has(kind) || value.includes("*")) isAnywhere = true;
    else if (kind === "USER") users.push(value);
    else
      hosts.push(kind === "HOSTNAME" || kind === "HOST" ? { hostId: id, hostName: value } : { hostId: id });
  }
  return { hosts, users, isAnywhere, isDemo };
}

export interface Granted {
  what: "floating" | "node-locked" | "host-based" | "named user" | "site";
  metric: Metric;
  quantity: number;
  seats: readonly Omit<ForeignSeat, "boundAt">[];
}

/**
 * Whom the copies of a license are for.
 * @param count null where nothing is counted
 * @param by what an option of the license says of it
 */
export function grantedBy(count: number | null, locks: Locks, by: "user" | "host" | "site" | null): Granted {
  const { hosts } = locks;
  if (by === "site") return { what: "site", metric: "site", quantity: 1, seats: [] };
  // A lock to a user has no computer; the ID that says so stands for one.
  const users = locks.users.map((user) => ({ hostId: `USER=${user}`, user }));
  const seats = locks.isAnywhere ? [] : [...hosts, ...users];
  const quantity = count ?? Math.max(1, seats.length);
  const held = seats.length <= quantity ? seats : [];
  if (by === "user") return { what: "named user", metric: "named-user", quantity, seats: held };
  if (by === "host") return { what: "host-based", metric: "node-locked", quantity, seats: held };
  if (locks.isAnywhere && count === null) return { what: "site", metric: "site", quantity: 1, seats: [] };
  // Fewer copies than computers that may have them: they float among these.
  if (locks.isAnywhere || held.length < seats.length)
    return { what: "floating", metric: "floating", quantity, seats: [] };
  return hosts.length === 0
    ? { what: "named user", metric: "named-user", quantity, seats }
    : { what: "node-locked", metric: "node-locked", quantity, seats };
}

/**
 * The model of a license: few words, so that few models result, and all in which policies differ, for its name is what a model is
 * known by. A term that ends is a year's on the common axes: when a license ends it says itself.
 */
export function modelOf(
  scheme: string,
  { what, metric }: Granted,
  terms: { endsAt: Instant | null; isDemo: boolean; overdraft: number; borrow: Borrow | null },
): ForeignModel {
  const { endsAt, isDemo, overdraft, borrow } = terms;
  const policy: Policy = {
    ...(metric === "floating" ? { lease: "P1D" } : {}),
    ...(overdraft > 0 ? { overdraft } : {}),
    ...(borrow ? { borrow: borrow.duration } : {}),
  };
  const name = [
    `${scheme} ${what}${isDemo ? " demo" : ""}`,
    endsAt === null ? "permanent" : "dated",
    ...(overdraft > 0 ? [`overdraft ${overdraft}`] : []),
    ...(borrow ? [`borrow ${borrow.words}`] : []),
  ].join(", ");
  if (endsAt === null) return { name, term: "perpetual", metric, policy };
  return { name, term: isDemo ? "trial" : "subscription", duration: "P1Y", metric, policy };
}

export interface Borrow {
  duration: string;
  words: string;
}
