// Pure. What a customer's product embeds: is this license good, here and now? No network, no clock of its own.

import { verifyAsync } from "@noble/ed25519";
import { fromBase64Url } from "./base64url.ts";
import { type PublicJwk, publicKeyBytes } from "./sign.ts";
import { hostDigest, LICENSE_TYPE, type LicenseClaims } from "./token.ts";

/** Why a license is refused. Each has one meaning and one thing that its user can do. */
export type LicenseFault =
  | "malformed"
  | "wrong_type"
  | "wrong_algorithm"
  | "unknown_key"
  | "bad_signature"
  | "not_yet_valid"
  | "expired"
  | "wrong_product"
  | "wrong_host"
  | "wrong_user";

export interface VerifyOptions {
  /** The vendor's public keys, as `/.well-known/jwks.json` gives them, or as the product was built with. */
  keys: readonly PublicJwk[];
  /** The time, in milliseconds since 1970, as `Date.now()` gives it. */
  now: number;
  /** This computer's ID, as it was sent to activate. */
  host?: string;
  /** The user's ID, as it was sent to activate, for a license of a named user. */
  user?: string;
  /** The SKU of the product that asks; absent to accept a license of any. */
  product?: string;
}

export type Verification =
  { ok: true; claims: LicenseClaims } | { ok: false; reason: LicenseFault; detail: string };

/** A license of ours has some two thousand characters; this is more than the largest product of a catalog needs. */
const MAX_TOKEN_LENGTH = 65_536;

/**
 * Verifies a license. Refuses, and never throws, whatever the token holds. The algorithm is Ed25519, whatever the header
 * says (RFC 8725 section 3.1), and strict (RFC 8032 section 5.1.7, no ZIP-215 leniency): one license, one signature.
 */
export async function verifyLicense(token: string, options: VerifyOptions): Promise<Verification> {
  const parsed = parse(token);
  if ("reason" in parsed) return parsed;
  const { header, claims, signature, input } = parsed;
  if (header.typ !== LICENSE_TYPE)
    return fault("wrong_type", `The token is not a license: its type is not ${LICENSE_TYPE}.`);
  // RFC 7515 section 4.1.11: who does not understand an extension that the vendor calls critical must refuse.
  if (header.crit !== undefined)
    return fault("malformed", "The license needs more than this version of the product understands.");
  if (header.alg !== "EdDSA") return fault("wrong_algorithm", "The license is not signed with Ed25519.");
  const jwk = options.keys.find(({ kid }) => kid === header.kid);
  const publicKey = jwk && publicKeyBytes(jwk);
  if (!publicKey)
    return fault("unknown_key", "The license is signed with a key that this product does not know.");
  const isGenuine = await verifyAsync(signature, input, publicKey, { zip215: false }).catch(() => false);
  if (!isGenuine) return fault("bad_signature", "The license was changed, or was not made by the vendor.");
  return (await checkClaims(claims, options)) ?? { ok: true, claims };
}

async function checkClaims(claims: LicenseClaims, options: VerifyOptions): Promise<Verification | null> {
  const seconds = options.now / 1000;
  if (options.product !== undefined && claims.product.sku !== options.product)
    return fault("wrong_product", `The license is for ${claims.product.name}.`);
  // Written so that a time which is not a number passes neither.
  if (!(seconds >= claims.nbf)) return fault("not_yet_valid", `The license starts at ${time(claims.nbf)}.`);
  if (claims.exp !== undefined && !(seconds < claims.exp))
    return fault("expired", `The license ended at ${time(claims.exp)}.`);
  if (
    claims.host !== undefined &&
    (options.host === undefined || claims.host !== (await hostDigest(options.host)))
  )
    return fault("wrong_host", "The license is bound to another computer.");
  if (
    claims.user !== undefined &&
    (options.user === undefined || claims.user !== (await hostDigest(options.user)))
  )
    return fault("wrong_user", "The license is for another user.");
  return null;
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString();

function fault(reason: LicenseFault, detail: string): Verification & { ok: false } {
  return { ok: false, reason, detail };
}

interface Parsed {
  header: { alg: unknown; typ: unknown; kid: unknown; crit: unknown };
  claims: LicenseClaims;
  signature: Uint8Array;
  input: Uint8Array;
}

function parse(token: string): Parsed | (Verification & { ok: false }) {
  const malformed = fault(
    "malformed",
    "This is not a license: a license is one line of three parts between dots.",
  );
  if (typeof token !== "string" || token.length > MAX_TOKEN_LENGTH) return malformed;
  const parts = token.split(".");
  if (parts.length !== 3) return malformed;
  const [headerText = "", claimsText = "", signatureText = ""] = parts;
  const header = parseObject(headerText);
  const claims = parseObject(claimsText);
  const signature = fromBase64Url(signatureText);
  if (!header || !claims || !isLicenseClaims(claims) || signature?.length !== 64) return malformed;
  return {
    header: { alg: header["alg"], typ: header["typ"], kid: header["kid"], crit: header["crit"] },
    claims,
    signature,
    input: new TextEncoder().encode(`${headerText}.${claimsText}`),
  };
}

function parseObject(part: string): Record<string, unknown> | undefined {
  const bytes = fromBase64Url(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the claims that the checks read have the types that they are read as; what is signed by us has the rest too. */
function isLicenseClaims(claims: Record<string, unknown>): claims is Record<string, unknown> & LicenseClaims {
  const isTime = (value: unknown) => typeof value === "number" && Math.abs(value) <= 8.64e12;
  const isTextIfAny = (value: unknown) => value === undefined || typeof value === "string";
  return (
    isTime(claims["nbf"]) &&
    (claims["exp"] === undefined || isTime(claims["exp"])) &&
    isTextIfAny(claims["host"]) &&
    isTextIfAny(claims["user"]) &&
    isObject(claims["product"]) &&
    typeof claims["product"]["sku"] === "string" &&
    typeof claims["product"]["name"] === "string"
  );
}
