// Pure. The vendor's signing keys over time: one signs, those before it still verify, and a compromised one does neither.

import type { Instant } from "./instant.ts";
import { formatInstant } from "./instant.ts";
import type { PublicJwk } from "./sign.ts";

/**
 * - `active` signs. There is exactly one.
 * - `retired` signed once, and verifies for ever: a perpetual license that it signed runs for ever.
 * - `compromised` is in other hands: what it signed is refused, and its name is told to all who may still trust it.
 */
export type KeyState = "active" | "retired" | "compromised";

export interface SigningKey {
  jwk: PublicJwk;
  state: KeyState;
  /** Times as RFC 3339 text, since they are stored. */
  createdAt: string;
  /** Since when it is retired or compromised; null while it is active. */
  endedAt: string | null;
}

/** All keys that ever signed, the oldest first. */
export type KeySet = readonly SigningKey[];

/** The key that signs; undefined in a set that {@link rotate} has not begun. */
export const activeKey = (set: KeySet): SigningKey | undefined => set.find(({ state }) => state === "active");

/** The public keys that verify licenses: what a JWKS holds. */
export function publishedKeys(set: KeySet): PublicJwk[] {
  return set.flatMap(({ jwk, state }) => (state === "compromised" ? [] : [jwk]));
}

/** `kid` of the keys that verify no more: what the revocation list names. */
export function compromisedKeys(set: KeySet): string[] {
  return set.flatMap(({ jwk, state }) => (state === "compromised" ? [jwk.kid] : []));
}

/** A new key signs from now on; the one that did is retired, and still verifies what it signed. */
export function rotate(set: KeySet, jwk: PublicJwk, now: Instant): KeySet {
  if (set.some((key) => key.jwk.kid === jwk.kid)) throw new TypeError(`the key ${jwk.kid} is not new`);
  const at = formatInstant(now);
  return [
    ...set.map((key) => (key.state === "active" ? { ...key, state: "retired" as const, endedAt: at } : key)),
    { jwk, state: "active", createdAt: at, endedAt: null },
  ];
}

export type KeyRefusal = "unknown_key" | "already_compromised" | "replacement_needed";

/**
 * A key is in other hands. Where it is the active one, another has to take its place first: there is always one that signs.
 * @param replacement the new key; used only where it is needed
 */
export function compromise(
  set: KeySet,
  kid: string,
  now: Instant,
  replacement?: PublicJwk,
): { ok: true; set: KeySet } | { ok: false; reason: KeyRefusal } {
  const key = set.find(({ jwk }) => jwk.kid === kid);
  if (!key) return { ok: false, reason: "unknown_key" };
  if (key.state === "compromised") return { ok: false, reason: "already_compromised" };
  if (key.state === "active" && !replacement) return { ok: false, reason: "replacement_needed" };
  const safe = key.state === "active" && replacement ? rotate(set, replacement, now) : set;
  const endedAt = formatInstant(now);
  return {
    ok: true,
    set: safe.map((it) => (it.jwk.kid === kid ? { ...it, state: "compromised", endedAt } : it)),
  };
}
