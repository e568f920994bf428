// License files and machine files: signature checked, content decrypted, and only then read. What does not fit is said without
// quoting it.
//
// The body is base64 of the JSON of {enc, sig, alg}. `alg` names an encoding and a signature, joined by `+`. `enc` is base64 of the
// content; or, encrypted, `ciphertext.iv.tag`, each base64, under AES-256-GCM with the SHA-256 of the license key, in a machine file
// of the license key followed by the machine's fingerprint. `sig` signs the bytes of `license/` or `machine/` followed by `enc`:
// https://keygen.sh/docs/api/cryptography/. The signatures are `ed25519`, `rsa-pss-sha256`, `rsa-sha256` and `ecdsa-p256`, the first
// where nobody asks for another; there is no Ed25519ph among them.

import { createDecipheriv, hash } from "node:crypto";
import { z } from "zod";
import { webCryptoVerifier } from "../../../licensing/index.ts";
import { type ProblemCode, SourceFault } from "../importer.ts";
import type { Block } from "./armor.ts";
import { readJson } from "./json-text.ts";

/** What opens them. */
export interface Keys {
  publicKeys: readonly Uint8Array<ArrayBuffer>[];
  licenseKeys: readonly string[];
  fingerprints: readonly string[];
}

export type Opened = { ok: true; content: unknown } | { ok: false; code: ProblemCode; detail: string };

/** What each kind of file begins its signature with. */
const LICENSE_FILE = "LICENSE FILE";
const MACHINE_FILE = "MACHINE FILE";
const prefixes: Record<string, string> = { [LICENSE_FILE]: "license/", [MACHINE_FILE]: "machine/" };

const ENCRYPTED = "aes-256-gcm";
const ENCODED = "base64";
const SIGNED = "ed25519";
const ENCRYPTED_AND_SIGNED = `${ENCRYPTED}+${SIGNED}`;
const ENCODED_AND_SIGNED = `${ENCODED}+${SIGNED}`;
const OTHER_SIGNATURES = new Set(["rsa-pss-sha256", "rsa-sha256", "ecdsa-p256"]);

/** A machine file is tried with every license key and every fingerprint: some ten microseconds each. */
const MAX_SECRETS = 10_000;

const envelopeSchema = z.object({ enc: z.string(), sig: z.string(), alg: z.string() });

/** The options, as `--help` tells them. */
export const keyOptions = {
  "public-key":
    "an Ed25519 public key of the account, in hexadecimal: license and machine files are verified with it",
  "license-key": "a license's key: its encrypted files are opened with it",
  fingerprint: "a machine's fingerprint: its encrypted files are opened with it and the license's key",
} as const;

/** @throws SourceFault where an option is none; it does not repeat it */
export function keysOf(options: Readonly<Record<string, readonly string[]>>): Keys {
  const publicKeys = (options["public-key"] ?? []).map((hex) => {
    const isKey = /^[\da-f]{64}$/i.test(hex.trim());
    if (!isKey)
      throw new SourceFault(
        { at: "--public-key" },
        "A public key is 32 bytes in hexadecimal: 64 digits and letters a to f.",
      );
    return Uint8Array.fromHex(hex.trim());
  });
  const licenseKeys = options["license-key"] ?? [];
  const fingerprints = options["fingerprint"] ?? [];
  if (licenseKeys.length * Math.max(1, fingerprints.length) > MAX_SECRETS)
    throw new SourceFault(
      { at: "--license-key" },
      `These are more than ${MAX_SECRETS} pairs of a license key and a fingerprint: import the files a part at a time.`,
    );
  return { publicKeys, licenseKeys, fingerprints };
}

const isGenuine = webCryptoVerifier();
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Opens a file. What was changed in it, be it a single bit that is read, is refused. */
export async function openBlock({ label, body }: Block, keys: Keys): Promise<Opened> {
  const prefix = prefixes[label];
  if (prefix === undefined)
    return refused(
      "void",
      "Of what stands between BEGIN and END, only a LICENSE FILE and a MACHINE FILE are read.",
    );
  const bytes = fromBase64(body);
  const envelope = envelopeSchema.safeParse(bytes && jsonOf(bytes));
  if (!envelope.success)
    return refused(
      "unreadable",
      "It was damaged: between BEGIN and END is not the base64 that was written there.",
    );
  const { enc, sig, alg } = envelope.data;
  const wrong = algorithmFault(alg);
  if (wrong) return wrong;
  const missing = missingFor(label, alg, keys);
  if (keys.publicKeys.length === 0)
    return refused("unverified", `Nobody looked at its signature: say ${missing.join(", and ")}.`);
  const signature = fromBase64(sig);
  const message = new TextEncoder().encode(`${prefix}${enc}`);
  const verdicts = signature
    ? await Promise.all(keys.publicKeys.map((key) => isGenuine(signature, message, key)))
    : [];
  if (!verdicts.includes(true))
    return refused(
      "unverified",
      "Its signature does not hold: it was changed, or no --public-key is its account's.",
    );
  if (missing.length > 0)
    return refused(
      "unverified",
      `It is encrypted, and nobody saw its content: say ${missing.join(", and ")}.`,
    );
  return alg === ENCRYPTED_AND_SIGNED
    ? decrypted(enc, keys, label === MACHINE_FILE)
    : contentOf(fromBase64(enc));
}

/** Options without which it cannot be opened, each with what it is. */
function missingFor(label: string, alg: string, { publicKeys, licenseKeys, fingerprints }: Keys): string[] {
  const isEncrypted = alg === ENCRYPTED_AND_SIGNED;
  return [
    ...(publicKeys.length === 0 ? ["--public-key HEX, the account's Ed25519 key"] : []),
    ...(isEncrypted && licenseKeys.length === 0 ? ["--license-key KEY, the license's key"] : []),
    ...(isEncrypted && label === MACHINE_FILE && fingerprints.length === 0
      ? ["--fingerprint FP, the machine's fingerprint"]
      : []),
  ];
}

function algorithmFault(alg: string): (Opened & { ok: false }) | null {
  if (alg === ENCRYPTED_AND_SIGNED || alg === ENCODED_AND_SIGNED) return null;
  const [encoding, signature = ""] = alg.split("+", 2);
  if ((encoding === ENCRYPTED || encoding === ENCODED) && OTHER_SIGNATURES.has(signature))
    return refused(
      "unverified",
      `Its signature is ${signature}, which is not verified here: check it out anew as ${encoding}+${SIGNED}.`,
    );
  return refused("unreadable", "The algorithm that it names is none that Keygen's files have.");
}

function decrypted(enc: string, { licenseKeys, fingerprints }: Keys, isMachine: boolean): Opened {
  const parts = enc.split(".", 4);
  const [ciphertext, iv, tag] = parts.map(fromBase64);
  if (!ciphertext || !iv || tag?.length !== 16 || parts.length !== 3)
    return refused(
      "unreadable",
      "It is signed, and yet it is not what Keygen encrypts: a ciphertext, its IV and its tag.",
    );
  for (const licenseKey of licenseKeys)
    for (const fingerprint of isMachine ? fingerprints : [""]) {
      const content = decipher(hash("sha256", licenseKey + fingerprint, "buffer"), ciphertext, iv, tag);
      if (content) return contentOf(content);
    }
  const tried = isMachine ? "--license-key with any --fingerprint" : "--license-key";
  return refused("unverified", `It is encrypted, and no ${tried} that was given opens it.`);
}

/** @returns undefined where the key is another one's, as GCM notices */
function decipher(
  key: Uint8Array,
  ciphertext: Uint8Array,
  iv: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  try {
    const cipher = createDecipheriv(ENCRYPTED, key, iv, { authTagLength: 16 }).setAuthTag(tag);
    return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
  } catch {
    return undefined;
  }
}

function contentOf(bytes: Uint8Array | undefined): Opened {
  const content = bytes && jsonOf(bytes);
  return content === undefined
    ? refused("unreadable", "It is signed, and yet its content is no JSON.")
    : { ok: true, content };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    const read = readJson(utf8.decode(bytes));
    return read.ok ? read.value : undefined;
  } catch {
    return undefined;
  }
}

/** Reads base64 strictly, to its last bits (RFC 4648 section 3.5): of two texts that say the same, one was changed. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

function refused(code: ProblemCode, detail: string): Opened & { ok: false } {
  return { ok: false, code, detail };
}
