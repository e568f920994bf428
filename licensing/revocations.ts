// Pure. The vendor's list of what is withdrawn before its end, and of keys that can be trusted no more.

import { isNumericDate, type JwsFault, openJws, signJws } from "./jws.ts";
import type { PublicJwk, Signer } from "./sign.ts";

export const REVOCATIONS_TYPE = "revocations+jwt";

/** What a list states. `iat` is an RFC 7519 NumericDate: whole seconds since 1970. */
export interface RevocationClaims {
  iss: string;
  iat: number;
  /** Rises whenever the list changes, and never falls: a list with a lower number is an old one, shown again. */
  number: number;
  /** `jti` of withdrawn licenses. */
  licenses: string[];
  /** Seats whose licenses are withdrawn, those up to a generation: the seat has moved since, or ended. */
  activations: [activation: string, generation: number][];
  /** Entitlements all of whose licenses are withdrawn. */
  entitlements: string[];
  /** `kid` of compromised keys: products that were built with them have to hear of it. */
  keys: string[];
}

/** A list that was verified, ready to be asked. */
export interface RevocationList {
  number: number;
  /** When it was made, in milliseconds since 1970. */
  issuedAt: number;
  licenses: ReadonlySet<string>;
  /** By seat, the last generation that is withdrawn. */
  activations: ReadonlyMap<string, number>;
  entitlements: ReadonlySet<string>;
  keys: ReadonlySet<string>;
}

/** Why a list is refused. */
export type RevocationsFault = JwsFault | "older_list";

export type RevocationsVerification =
  { ok: true; list: RevocationList } | { ok: false; reason: RevocationsFault; detail: string };

/**
 * Entries of one list, all kinds together. A license that has ended of itself needs none, so this is what a vendor
 * withdraws within one lease; a list of this many has some five million characters.
 */
export const MAX_REVOCATIONS = 100_000;

// 100,000 entries of the longest identifiers that we make are below, with room for those of a vendor's own.
const MAX_LIST_LENGTH = 8 * 1024 * 1024;

/**
 * Signs a list.
 * @throws RangeError where it has more than {@link MAX_REVOCATIONS} entries: no product would read it
 */
export async function signRevocations(claims: RevocationClaims, signer: Signer): Promise<string> {
  if (entriesOf(claims) > MAX_REVOCATIONS)
    throw new RangeError(`a revocation list has at most ${MAX_REVOCATIONS} entries`);
  const token = await signJws(REVOCATIONS_TYPE, claims, signer);
  if (token.length > MAX_LIST_LENGTH)
    throw new RangeError(`a revocation list has at most ${MAX_LIST_LENGTH} characters`);
  return token;
}

/**
 * Verifies a list, which whoever brought it may have kept back, cut or made up. Never throws.
 * @param last the list that the product has: an older one is refused, and one that is signed with a key which `last` calls
 *   compromised
 */
export async function verifyRevocations(
  token: string,
  { keys, last }: { keys: readonly PublicJwk[]; last?: RevocationList | undefined },
): Promise<RevocationsVerification> {
  const opened = await openJws(token, {
    type: REVOCATIONS_TYPE,
    name: "revocation list",
    maxLength: MAX_LIST_LENGTH,
    keys,
    compromised: last?.keys,
  });
  if (!opened.ok) return opened;
  const { claims } = opened;
  if (!isRevocationClaims(claims))
    return { ok: false, reason: "malformed", detail: "The revocation list does not state what it must." };
  if (last && claims.number < last.number)
    return {
      ok: false,
      reason: "older_list",
      detail: `This is list ${claims.number}, and list ${last.number} was here already.`,
    };
  return {
    ok: true,
    list: {
      number: claims.number,
      issuedAt: claims.iat * 1000,
      licenses: new Set(claims.licenses),
      activations: new Map(claims.activations),
      entitlements: new Set(claims.entitlements),
      keys: new Set(claims.keys),
    },
  };
}

function isRevocationClaims(
  claims: Record<string, unknown>,
): claims is Record<string, unknown> & RevocationClaims {
  const { number, licenses, activations, entitlements, keys } = claims;
  return (
    isNumericDate(claims["iat"]) &&
    Number.isSafeInteger(number) &&
    Number(number) >= 0 &&
    isListOfTexts(licenses) &&
    isListOfSeats(activations) &&
    isListOfTexts(entitlements) &&
    isListOfTexts(keys) &&
    entriesOf({ licenses, activations, entitlements, keys }) <= MAX_REVOCATIONS
  );
}

type Entries = Pick<RevocationClaims, "licenses" | "activations" | "entitlements" | "keys">;

const entriesOf = ({ licenses, activations, entitlements, keys }: Entries): number =>
  licenses.length + activations.length + entitlements.length + keys.length;

const isListOfSeats = (value: unknown): value is [string, number][] =>
  Array.isArray(value) &&
  value.every(
    (item) =>
      Array.isArray(item) &&
      item.length === 2 &&
      typeof item[0] === "string" &&
      Number.isSafeInteger(item[1]),
  );

const isListOfTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");
