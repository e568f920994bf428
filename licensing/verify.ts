// Pure. What a customer's product embeds: is this license good, here and now? No network, no clock of its own.

import { licenseFaults, type LicenseFault } from "./faults.ts";
import { addDuration, isDuration } from "./instant.ts";
import { isNumericDate, isObject, MAX_NUMERIC_DATE, openJws } from "./jws.ts";
import type { RevocationList } from "./revocations.ts";
import type { PublicJwk } from "./sign.ts";
import { hostDigest, LICENSE_TYPE, type LicenseClaims } from "./token.ts";

/** What is asked of a license, apart from whose it is. */
export interface InspectOptions {
  /** The vendor's public keys, as `/.well-known/jwks.json` gives them, or as the product was built with. */
  keys: readonly PublicJwk[];
  /** The time, in milliseconds since 1970, as `Date.now()` gives it. */
  now: number;
  /**
   * The latest time that the product has seen: the `lastSeen` of its last verification, kept where its user does not
   * look. Absent at the first one, and after a refresh online, when the vendor's clock has spoken.
   */
  lastSeen?: number | undefined;
  /** The newest list of withdrawn licenses that the product has. */
  revocations?: RevocationList | undefined;
  /** The SKU of the product that asks; absent to accept a license of any. */
  product?: string | undefined;
  /** The version that asks: when it came out, in milliseconds since 1970, and what people call it. */
  version?: { releasedAt?: number; number?: string } | undefined;
}

export interface VerifyOptions extends InspectOptions {
  /** This computer's ID, as it was sent to activate. */
  host?: string | undefined;
  /** The user's ID, as it was sent to activate, for a license of a named user. */
  user?: string | undefined;
}

/** A license that is in force. */
export interface Accepted {
  ok: true;
  claims: LicenseClaims;
  /** Only where the license has ended and its grace runs: when that ends, in milliseconds since 1970. Tell the user. */
  graceEndsAt?: number;
  /** What to keep for the next verification. */
  lastSeen: number;
}

export interface Refused {
  ok: false;
  reason: LicenseFault;
  /** What is wrong with this license, in one sentence. */
  detail: string;
  /** What the user can do. */
  remedy: string;
  /** What to keep for the next verification. */
  lastSeen: number;
}

export type Verification = Accepted | Refused;

/** A license of ours has some two thousand characters; this is more than the largest product of a catalog needs. */
export const MAX_LICENSE_LENGTH = 65_536;

/** How far a clock may be set back unnoticed: what RFC 4120 section 5.2.6 expects of clocks that are kept right. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Verifies a license. Refuses, and never throws, whatever the token holds. */
export async function verifyLicense(token: string, options: VerifyOptions): Promise<Verification> {
  const verification = await inspectLicense(token, options);
  if (!verification.ok) return verification;
  const { claims, lastSeen } = verification;
  const isBoundTo = async (digest: string | undefined, id: string | undefined) =>
    digest === undefined || (id !== undefined && digest === (await hostDigest(id)));
  if (!(await isBoundTo(claims.host, options.host)))
    return refused("wrong_host", "The license is bound to another computer.", lastSeen);
  if (!(await isBoundTo(claims.user, options.user)))
    return refused("wrong_user", "The license is for another user.", lastSeen);
  return verification;
}

/**
 * Verifies all of a license but whose it is, for those who look at somebody else's. A product that asked this and not
 * {@link verifyLicense} would run on every computer.
 */
export async function inspectLicense(token: string, options: InspectOptions): Promise<Verification> {
  // A time that is not a number is no time that was seen.
  const lastSeen = Math.max(0, ...[options.now, options.lastSeen ?? 0].filter(Number.isFinite));
  const opened = await openJws(token, {
    type: LICENSE_TYPE,
    name: "license",
    maxLength: MAX_LICENSE_LENGTH,
    keys: options.keys,
    compromised: options.revocations?.keys,
  });
  if (!opened.ok) return refused(opened.reason, opened.detail, lastSeen);
  const { claims } = opened;
  if (!isLicenseClaims(claims))
    return refused("malformed", "The license does not state what it must.", lastSeen);
  const fault = termFault(claims, options);
  if (fault) return refused(...fault, lastSeen);
  const isInGrace = claims.exp !== undefined && !(options.now / 1000 < claims.exp);
  return { ok: true, claims, ...(isInGrace ? { graceEndsAt: lastSecond(claims) * 1000 } : {}), lastSeen };
}

/** The first thing that keeps a genuine license from being in force. */
function termFault(claims: LicenseClaims, options: InspectOptions): [LicenseFault, string] | null {
  const { now, lastSeen, product, version, revocations } = options;
  const seconds = now / 1000;
  if (product !== undefined && claims.product.sku !== product)
    return ["wrong_product", `The license is for ${claims.product.name}.`];
  if (revocations && isRevoked(claims, revocations))
    return ["revoked", `The vendor withdrew the license ${claims.jti}.`];
  // All written so that a time which is not a number passes none. The clock first: the rest believes it.
  if (lastSeen !== undefined && !(now >= lastSeen - CLOCK_TOLERANCE_MS))
    return ["clock_rolled_back", `It was later already: this computer has seen ${time(lastSeen / 1000)}.`];
  // RFC 7519 section 4.1.5: a license that was made just now has begun, also by a clock that is a little slow.
  if (!(seconds + CLOCK_TOLERANCE_MS / 1000 >= claims.nbf))
    return ["not_yet_valid", `The license starts at ${time(claims.nbf)}.`];
  if (claims.exp !== undefined && !(seconds < lastSecond(claims)))
    return ["expired", `The license ended at ${time(claims.exp)}.`];
  if (
    claims.maintenance !== undefined &&
    version?.releasedAt !== undefined &&
    !(version.releasedAt / 1000 <= claims.maintenance)
  )
    return [
      "version_not_covered",
      `Maintenance ended at ${time(claims.maintenance)}, and version ${version.number ?? "this"} came out later.`,
    ];
  return null;
}

function isRevoked(claims: LicenseClaims, { licenses, activations, entitlements }: RevocationList): boolean {
  const { jti, activation, generation, entitlement } = claims;
  return (
    licenses.has(jti) || entitlements.has(entitlement) || generation <= (activations.get(activation) ?? 0)
  );
}

/** When a license stops running: its end, and the grace after it, where its policy gives one. */
function lastSecond({ exp = MAX_NUMERIC_DATE, policy }: LicenseClaims): number {
  const end = policy.grace === undefined ? exp : addDuration(exp * 1_000_000, policy.grace) / 1_000_000;
  return end <= MAX_NUMERIC_DATE ? end : MAX_NUMERIC_DATE;
}

function time(seconds: number): string {
  return Math.abs(seconds) <= MAX_NUMERIC_DATE ? new Date(seconds * 1000).toISOString() : "no time";
}

function refused(reason: LicenseFault, detail: string, lastSeen: number): Refused {
  return { ok: false, reason, detail, remedy: licenseFaults[reason].remedy, lastSeen };
}

/** Whether the claims that are read here have the types that they are read as; what is signed by us has the rest too. */
function isLicenseClaims(claims: Record<string, unknown>): claims is Record<string, unknown> & LicenseClaims {
  const isIfAny = (name: string, is: (value: unknown) => boolean) =>
    claims[name] === undefined || is(claims[name]);
  const isText = (value: unknown) => typeof value === "string";
  const { product, policy } = claims;
  return (
    isText(claims["jti"]) &&
    isText(claims["entitlement"]) &&
    isText(claims["activation"]) &&
    Number.isSafeInteger(claims["generation"]) &&
    isNumericDate(claims["nbf"]) &&
    isIfAny("exp", isNumericDate) &&
    isIfAny("maintenance", isNumericDate) &&
    isIfAny("host", isText) &&
    isIfAny("user", isText) &&
    isObject(product) &&
    isText(product["sku"]) &&
    isText(product["name"]) &&
    isObject(policy) &&
    (policy["grace"] === undefined || (typeof policy["grace"] === "string" && isDuration(policy["grace"])))
  );
}
