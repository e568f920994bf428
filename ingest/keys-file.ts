// The keys of a home, in one file: made when first asked for, and never in clear text.

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { PRIVATE_KEY_BYTES } from "../licensing/index.ts";
import { type Keys, keyRing } from "./keys-ring.ts";

/** For trying things out only: whoever has this source and the file has the keys. */
const DEVELOPMENT_SECRET = "keyhouse-development-only";

// OWASP's Password Storage Cheat Sheet, scrypt: N = 2^17, r = 8, p = 1. Some 128 MiB and half a second, once a start.
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

interface KeysFile {
  version: 1;
  salt: string;
  hostKey: string;
  /** Signing keys, the newest last; that one signs. */
  signing: { createdAt: string; privateKey: string }[];
}

export interface KeysOfHome extends Keys {
  /** Whether the keys are only protected by the secret that everybody knows. */
  isDevelopment: boolean;
  /** Whether they were made just now. */
  isNew: boolean;
}

/**
 * Reads the keys of a home, and makes them where there are none.
 * @param secret what they are encrypted under (`KEYHOUSE_SECRET`); undefined for the one of development
 * @throws Error where the file was made under another secret, or was changed
 */
export async function openKeys(path: string, secret: string | undefined): Promise<KeysOfHome> {
  const isNew = !existsSync(path);
  if (isNew) makeKeysFile(path, secret ?? DEVELOPMENT_SECRET);
  const file = JSON.parse(readFileSync(path, "utf8")) as KeysFile;
  const unseal = opener(file.salt, secret ?? DEVELOPMENT_SECRET, path);
  if (file.signing.length === 0) throw new Error(`${path} holds no signing key`);
  const keys = await keyRing(
    file.signing.map(({ privateKey }) => unseal(privateKey)),
    unseal(file.hostKey),
  );
  return {
    ...keys,
    isDevelopment: secret === undefined,
    isNew,
  };
}

function makeKeysFile(path: string, secret: string): void {
  const salt = randomBytes(16).toString("base64url");
  const key = scryptSync(secret, salt, 32, SCRYPT);
  const seal = (plain: Uint8Array): string => {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    const sealed = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString("base64url");
  };
  const file: KeysFile = {
    version: 1,
    salt,
    hostKey: seal(randomBytes(32)),
    signing: [{ createdAt: new Date().toISOString(), privateKey: seal(randomBytes(PRIVATE_KEY_BYTES)) }],
  };
  // Whole or not at all, and never over another: a key that was lost could not verify what it signed.
  const temporary = `${path}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, "w", 0o600);
  writeSync(descriptor, `${JSON.stringify(file, null, 2)}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  try {
    linkSync(temporary, path);
  } catch (error) {
    // Another process made the keys at the same moment: those are the keys.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(temporary);
  }
}

function opener(salt: string, secret: string, path: string): (sealed: string) => Buffer {
  const key = scryptSync(secret, salt, 32, SCRYPT);
  return (sealed) => {
    const bytes = Buffer.from(sealed, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    } catch {
      throw new Error(
        `${path} was made under another KEYHOUSE_SECRET, or was changed: set the secret that it was made under.`,
      );
    }
  };
}
