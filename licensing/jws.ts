// Pure. What all that we sign has in common: JWS compact tokens (RFC 7515) under Ed25519 (RFC 8037), told apart by type.

import { fromBase64Url, toBase64Url } from "./base64url.ts";
import type { LicenseFault } from "./faults.ts";
import { nobleVerifier, type PublicJwk, publicKeyBytes, type Signer, type Verifier } from "./sign.ts";

/** Why a token is not taken for what it should be. */
export type JwsFault = Extract<
  LicenseFault,
  "malformed" | "wrong_type" | "wrong_algorithm" | "unknown_key" | "compromised_key" | "bad_signature"
>;

/** What a token has to be. */
export interface ExpectedJws {
  /** `typ` of its header (RFC 8725 section 3.11): no token of ours can be taken for one of another kind. */
  type: string;
  /** What people call it, such as "license". */
  name: string;
  maxLength: number;
  keys: readonly PublicJwk[];
  /** Keys that were trusted once: refused, whether or not they are among `keys` still. */
  compromised?: ReadonlySet<string> | undefined;
  /** Who looks at the signature; {@link nobleVerifier} where nobody is named. */
  verifier?: Verifier;
}

export type OpenedJws =
  { ok: true; claims: Record<string, unknown> } | { ok: false; reason: JwsFault; detail: string };

/** Signs claims: `header.payload.signature`, each base64url (RFC 7515 section 7.1). */
export async function signJws(type: string, claims: object, signer: Signer): Promise<string> {
  if (signer.signAll) {
    const [token] = await signer.signAll(headerOf(type, signer), [JSON.stringify(claims)]);
    if (token === undefined) throw new TypeError("a signer of many signed none");
    return token;
  }
  const input = `${headerOf(type, signer)}.${encodeJson(claims)}`;
  return `${input}.${toBase64Url(await signer.sign(utf8.encode(input)))}`;
}

/** Signs many claims, each as {@link signJws} does, to the same bytes. */
export function signAllJws(type: string, claims: readonly object[], signer: Signer): Promise<string[]> {
  return signer.signAll
    ? signer.signAll(
        headerOf(type, signer),
        claims.map((some) => JSON.stringify(some)),
      )
    : Promise.all(claims.map((some) => signJws(type, some, signer)));
}

const utf8 = new TextEncoder();
const encodeJson = (value: object): string => toBase64Url(utf8.encode(JSON.stringify(value)));

// Headers of a key and a type are all alike: to make one again took a fifth of a token's time beside its signature.
const headers = new WeakMap<Signer, Map<string, string>>();

function headerOf(type: string, signer: Signer): string {
  const ofSigner = headers.get(signer) ?? new Map<string, string>();
  const known = ofSigner.get(type);
  if (known !== undefined) return known;
  const header = encodeJson({ alg: "EdDSA", typ: type, kid: signer.kid });
  headers.set(signer, ofSigner.set(type, header));
  return header;
}

/**
 * Checks type, key and signature, and only then looks at the claims. Refuses, and never throws, whatever the token holds.
 * The algorithm is Ed25519, whatever the header says (RFC 8725 section 3.1), and strict (RFC 8032 section 5.1.7, no
 * ZIP-215 leniency): one statement, one signature.
 */
export async function openJws(token: string, expected: ExpectedJws): Promise<OpenedJws> {
  const { type, name } = expected;
  const fault = (reason: JwsFault, detail: string): OpenedJws => ({ ok: false, reason, detail });
  const malformed = `This is not a ${name}: a ${name} is one line of three parts between dots.`;
  if (typeof token !== "string" || token.length > expected.maxLength) return fault("malformed", malformed);
  const [headerText, claimsText, signatureText, more] = token.split(".", 4);
  if (headerText === undefined || claimsText === undefined || signatureText === undefined)
    return fault("malformed", malformed);
  const header = parseObject(headerText);
  const signature = fromBase64Url(signatureText);
  if (more !== undefined || !header || signature?.length !== 64) return fault("malformed", malformed);

  if (header["typ"] !== type) return fault("wrong_type", `This is not a ${name}: its type is not ${type}.`);
  // RFC 7515 section 4.1.11: who does not understand an extension that the vendor calls critical must refuse.
  if (header["crit"] !== undefined)
    return fault("malformed", `The ${name} needs more than this version of the product understands.`);
  if (header["alg"] !== "EdDSA") return fault("wrong_algorithm", `The ${name} is not signed with Ed25519.`);
  const { kid } = header;
  if (typeof kid === "string" && expected.compromised?.has(kid))
    return fault("compromised_key", `The ${name} is signed with a key that others may have.`);
  const jwk = expected.keys.find((key) => key?.kid === kid);
  const publicKey = jwk && publicKeyBytes(jwk);
  if (!publicKey)
    return fault("unknown_key", `The ${name} is signed with a key that this product does not know.`);
  const input = new TextEncoder().encode(`${headerText}.${claimsText}`);
  const { verifier = nobleVerifier } = expected;
  if (!(await verifier(signature, input, publicKey)))
    return fault("bad_signature", `The ${name} was changed, or was not made by the vendor.`);
  const claims = parseObject(claimsText);
  return claims ? { ok: true, claims } : fault("malformed", `The ${name} states nothing that can be read.`);
}

/** The claims as they stand, whoever wrote them: to show them to people, and to decide nothing. */
export function peekJws(token: string): Record<string, unknown> | undefined {
  return parseObject(token.split(".", 2)[1] ?? "");
}

/** Reads a JSON object in base64url; undefined for all else. */
export function parseObject(part: string): Record<string, unknown> | undefined {
  const bytes = fromBase64Url(part);
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with members, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a NumericDate (RFC 7519 section 2) of a calendar's. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= MAX_NUMERIC_DATE;
}

/** The last second that a `Date` holds (ECMA-262, "Time Values and Time Range"). */
export const MAX_NUMERIC_DATE = 8.64e12;
