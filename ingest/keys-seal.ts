// Sealing under a secret: whoever has the file and not the secret reads nothing, and changes nothing unnoticed.

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";

export interface Seal {
  /** Encrypts; `bound` stays readable beside it, and cannot be changed either. */
  close(plain: string, bound: string): string;
  /** @returns undefined where it was closed under another secret, or either part was changed */
  open(sealed: string, bound: string): string | undefined;
}

// OWASP's Password Storage Cheat Sheet, scrypt: N = 2^17, r = 8, p = 1. Some 128 MiB and half a second, once a start.
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
// A process has one home, and asks for its keys more than once.
const derived = new Map<string, Buffer>();
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key that scrypt makes of the secret. */
export function sealUnder(secret: string, salt: string): Seal {
  const name = JSON.stringify([secret, salt]);
  const key = derived.get(name) ?? scryptSync(secret, salt, 32, SCRYPT);
  derived.set(name, key);
  return {
    close(plain, bound) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(bound));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString("base64url");
    },
    open(sealed, bound) {
      const bytes = Buffer.from(sealed, "base64url");
      try {
        const iv = bytes.subarray(0, IV_BYTES);
        const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(bound));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const body = bytes.subarray(IV_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
