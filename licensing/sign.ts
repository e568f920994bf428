// Pure but for the engine's own cryptography. Ed25519 (RFC 8032) behind one interface: WebCrypto, and noble as the
// reference and the fallback. Ed25519 is deterministic: both give the same bytes.

import { getPublicKeyAsync, signAsync, verifyAsync } from "@noble/ed25519";
import { fromBase64Url, toBase64Url } from "./base64url.ts";

/** Signs bytes with one key. */
export interface Signer {
  /** Names the key in a token's header: the key's RFC 7638 thumbprint. */
  kid: string;
  publicJwk: PublicJwk;
  /** @returns the 64 bytes of the signature */
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /**
   * Signs many payloads under one header, faster than one by one; absent where the runtime has no way to.
   * @param header of all of them, in base64url
   * @param payloads each the JSON of its claims
   * @returns JWS compact tokens, in the order of the payloads
   */
  signAll?: (header: string, payloads: string[]) => Promise<string[]>;
}

/** A public key as RFC 8037 section 2 writes it. */
export interface PublicJwk {
  kty: "OKP";
  crv: "Ed25519";
  x: string;
  kid: string;
  alg: "EdDSA";
  use: "sig";
}

/** Bytes of an Ed25519 private key (RFC 8032 section 5.1.5 calls it the seed of the secret scalar). */
export const PRIVATE_KEY_BYTES = 32;

/** A signer on the engine's WebCrypto: the fast one, where the engine knows Ed25519. */
export async function webCryptoSigner(privateKey: Uint8Array): Promise<Signer> {
  const publicJwk = await publicJwkOf(privateKey);
  const { kty, crv, x } = publicJwk;
  const key = await crypto.subtle.importKey(
    "jwk",
    { kty, crv, x, d: toBase64Url(privateKey) },
    { name: "Ed25519" },
    false,
    ["sign"],
  );
  return {
    kid: publicJwk.kid,
    publicJwk,
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, message)),
  };
}

/** A signer on noble: for engines without Ed25519, and as the reference that the other is held against. */
export async function nobleSigner(privateKey: Uint8Array): Promise<Signer> {
  const publicJwk = await publicJwkOf(privateKey);
  return { kid: publicJwk.kid, publicJwk, sign: (message) => signAsync(message, privateKey) };
}

/** Whether a signature is a public key's over a message; false, and no exception, for whatever else the bytes are. */
export type Verifier = (
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  publicKey: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** The reference, in every engine: strict (RFC 8032 section 5.1.7, no ZIP-215 leniency), one statement has one signature. */
export const nobleVerifier: Verifier = (signature, message, publicKey) =>
  verifyAsync(signature, message, publicKey, { zip215: false }).catch(() => false);

/**
 * The engine's WebCrypto, some ten times as fast, for those who choose their engine. Keys are imported once: a vendor has a
 * handful.
 */
export function webCryptoVerifier(): Verifier {
  const imported = new Map<string, Promise<CryptoKey>>();
  return async (signature, message, publicKey) => {
    const name = toBase64Url(publicKey);
    const key =
      imported.get(name) ?? crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    if (imported.size >= MAX_IMPORTED) imported.clear();
    imported.set(name, key);
    return key.then((known) => crypto.subtle.verify("Ed25519", known, signature, message)).catch(() => false);
  };
}

const MAX_IMPORTED = 100;

async function publicJwkOf(privateKey: Uint8Array): Promise<PublicJwk> {
  if (privateKey.length !== PRIVATE_KEY_BYTES)
    throw new RangeError(`an Ed25519 private key has ${PRIVATE_KEY_BYTES} bytes`);
  const x = toBase64Url(await getPublicKeyAsync(privateKey));
  return { kty: "OKP", crv: "Ed25519", x, kid: await thumbprint(x), alg: "EdDSA", use: "sig" };
}

/** RFC 7638 section 3: SHA-256 over the required members in the order of their names. */
export async function thumbprint(x: string): Promise<string> {
  const members = new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", members)));
}

/** The 32 bytes of a public key, or undefined where the JWK, which comes from outside, does not hold an Ed25519 key. */
export function publicKeyBytes({
  kty,
  crv,
  x,
}: { [member in "kty" | "crv" | "x"]?: unknown }): Uint8Array<ArrayBuffer> | undefined {
  if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string") return undefined;
  const bytes = fromBase64Url(x);
  return bytes?.length === 32 ? bytes : undefined;
}
