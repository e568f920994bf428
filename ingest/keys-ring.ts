// The keys that the service holds, wherever they are kept: in a file on Node, in secrets on Workers.

import { hash } from "node:crypto";
import { type PublicJwk, type Signer, webCryptoSigner } from "../licensing/index.ts";
import type { ReadBody } from "./telemetry/batch.ts";

export interface Keys {
  signer: Signer;
  /** Every key that licenses may be signed with. */
  publicKeys: PublicJwk[];
  /** `kid` of keys that are trusted no more: the revocation list names them. */
  compromised: string[];
  hashId: (id: string) => string;
  /** Reads bodies of telemetry beside the thread that decides; absent where the runtime has no other. */
  readBody?: ReadBody;
}

/**
 * Makes keys of their bytes.
 * @param signing private Ed25519 keys of 32 bytes, the newest last; that one signs, all of them verify
 * @param hostKey hashes host and user IDs, so that the lake does not know them
 * @param signerOf makes the signer of a private key: the best that the runtime has
 */
export async function keyRing(
  signing: readonly Uint8Array[],
  hostKey: Uint8Array,
  signerOf: (privateKey: Uint8Array) => Promise<Signer> = webCryptoSigner,
): Promise<Keys> {
  const signers = await Promise.all(signing.map((privateKey) => signerOf(privateKey)));
  const signer = signers.at(-1);
  if (!signer) throw new TypeError("there is no signing key");
  return {
    signer,
    publicKeys: signers.map(({ publicJwk }) => publicJwk),
    // On Workers a compromised key is no longer among the secrets.
    compromised: [],
    hashId: hashUnder(hostKey),
  };
}

/** Hashes IDs of hosts and users. 128 bits tell them apart, and keep the lake's columns short. */
export function hashUnder(hostKey: Uint8Array): Keys["hashId"] {
  const hmac = hmacUnder(hostKey);
  return remembering((id) => hmac(id).slice(0, 32));
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/**
 * HMAC-SHA-256 (RFC 2104) under a key of a block at most, in hexadecimal. Two calls of the engine's hash: an object of its
 * HMAC took 5 microseconds of an activation, most of them to be collected again.
 */
function hmacUnder(key: Uint8Array): (text: string) => string {
  if (key.length > BLOCK_BYTES)
    throw new RangeError(`a key has ${BLOCK_BYTES} bytes at most, not ${key.length}`);
  const padded = (pad: number) => Uint8Array.from({ length: BLOCK_BYTES }, (_, i) => (key[i] ?? 0) ^ pad);
  const inner = padded(0x36);
  const outer = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES);
  outer.set(padded(0x5c));
  return (text) => {
    const message = Buffer.concat([inner, Buffer.from(text)]);
    outer.set(hash("sha256", message, "buffer"), BLOCK_BYTES);
    return hash("sha256", outer, "hex");
  };
}

// Computers that told of themselves lately: some megabytes of memory.
const REMEMBERED = 20_000;

/** A computer sends telemetry again and again: to hash its ID anew took a twelfth of an event's time. */
function remembering(compute: (id: string) => string): (id: string) => string {
  const known = new Map<string, string>();
  return (id) => {
    const hashed = known.get(id) ?? compute(id);
    if (known.size === REMEMBERED) known.clear();
    known.set(id, hashed);
    return hashed;
  };
}
