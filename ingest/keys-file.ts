// The keys of a home: made when first asked for, changed while the service runs, and never in clear text.

import { randomBytes } from "node:crypto";
import {
  activeKey,
  compromise,
  compromisedKeys,
  type Instant,
  type KeyRefusal,
  type KeySet,
  PRIVATE_KEY_BYTES,
  publishedKeys,
  rotate,
  webCryptoSigner,
} from "../licensing/index.ts";
import { systemClock } from "./clock.ts";
import { addVersion, hasVersion, type KeysVersion, newestVersion } from "./keys-folder.ts";
import { type Keys, keyRing } from "./keys-ring.ts";
import { type Seal, sealUnder } from "./keys-seal.ts";
import { batchSigner } from "./sign-batch.ts";
import { bodyReader } from "./telemetry/body-reader.ts";

/** For trying things out only: whoever has this source and the file has the keys. */
const DEVELOPMENT_SECRET = "keyhouse-development-only";

/** How often a running service looks for newer keys, in microseconds: a compromised key signs for as long at most. */
const LOOK_EVERY = 1_000_000;

export interface KeysOfHome extends Keys {
  /** The keys of now: looks for newer ones at most once a second, and costs nothing else. */
  current: () => Promise<Keys>;
  /** Whether the keys are only protected by the secret that everybody knows. */
  isDevelopment: boolean;
  /** Whether they were made just now. */
  isNew: boolean;
  /** What hosts' and users' IDs are hashed under, in hexadecimal: for threads of this process. It never changes. */
  hostKey: string;
}

/**
 * Opens the keys of a home, and makes them where there are none.
 * @param folder where they are; see `keys-folder.ts`
 * @param secret what they are encrypted under (`KEYHOUSE_SECRET`); undefined for the one of development
 * @throws Error where they were made under another secret, or were changed
 */
export async function openKeys(
  folder: string,
  secret: string | undefined,
  clock: () => Instant = systemClock,
): Promise<KeysOfHome> {
  const isNew = newestVersion(folder) === undefined;
  let opened = await openOrMake(folder, secret, clock());
  let keys = ringOf(opened);
  let lookedAt = clock();
  const current = (): Promise<Keys> => {
    const now = clock();
    // A clock that was set back looks at once, rather than not again for as long.
    if (Math.abs(now - lookedAt) < LOOK_EVERY) return keys;
    lookedAt = now;
    if (!hasVersion(folder, opened.version.number + 1)) return keys;
    // Where this fails every signature fails until the next look: to go on with keys that may be compromised is worse.
    keys = Promise.try(() => {
      opened = readOpened(folder, opened.seal) ?? opened;
      return ringOf(opened);
    });
    return keys;
  };
  const { hostKey } = opened;
  return { ...(await keys), current, isDevelopment: secret === undefined, isNew, hostKey };
}

/** What a home's files say to everyone: its keys, without the secret. Empty where none were made yet. */
export const readKeySet = (folder: string): KeySet => newestVersion(folder)?.keys ?? [];

/** Makes a new key that signs from now on. @returns its `kid` */
export async function rotateKeys(folder: string, secret: string | undefined, now: Instant): Promise<string> {
  const isFirst = newestVersion(folder) === undefined;
  const before = await openOrMake(folder, secret, now);
  if (isFirst) return signingKid(before.version.keys);
  const key = await newKey();
  change(folder, before, ({ version, hostKey }) => ({
    keys: rotate(version.keys, key.jwk, now),
    secrets: { hostKey, privateKey: key.privateKey },
  }));
  return key.jwk.kid;
}

/**
 * A key is in other hands: what it signed is refused from now on. Where it is the one that signs, a new one takes its place.
 * @returns the `kid` of the key that signs now, or why nothing was changed
 */
export async function compromiseKey(
  folder: string,
  secret: string | undefined,
  kid: string,
  now: Instant,
): Promise<{ ok: true; signing: string } | { ok: false; reason: KeyRefusal }> {
  const before = await openOrMake(folder, secret, now);
  const key = await newKey();
  let refusal: KeyRefusal | undefined;
  const after = change(folder, before, ({ version, hostKey, privateKey }) => {
    const result = compromise(version.keys, kid, now, key.jwk);
    refusal = result.ok ? undefined : result.reason;
    if (!result.ok) return undefined;
    const isReplaced = activeKey(result.set)?.jwk.kid === key.jwk.kid;
    return {
      keys: result.set,
      secrets: { hostKey, privateKey: isReplaced ? key.privateKey : privateKey },
    };
  });
  return refusal === undefined ? { ok: true, signing: signingKid(after) } : { ok: false, reason: refusal };
}

/** What is sealed, in hexadecimal. Only the key that signs has a private half here; the others never need theirs again. */
interface Sealed {
  hostKey: string;
  privateKey: string;
}

interface Opened extends Sealed {
  version: KeysVersion;
  seal: Seal;
}

/** Changes the newest version, as often as others are faster; `make` gives undefined to leave it as it is. */
function change(
  folder: string,
  before: Opened,
  make: (now: Opened) => { keys: KeySet; secrets: Sealed } | undefined,
): KeySet {
  for (;;) {
    const now = readOpened(folder, before.seal) ?? before;
    const next = make(now);
    if (!next) return now.version.keys;
    const { number, salt } = now.version;
    if (addVersion(folder, closed(number + 1, salt, next.keys, next.secrets, before.seal))) return next.keys;
  }
}

async function openOrMake(folder: string, secret: string | undefined, now: Instant): Promise<Opened> {
  const salt = newestVersion(folder)?.salt ?? randomBytes(16).toString("base64url");
  const seal = sealUnder(secret ?? DEVELOPMENT_SECRET, salt);
  const opened = readOpened(folder, seal);
  if (opened) return opened;
  const key = await newKey();
  const secrets = { hostKey: randomBytes(32).toString("hex"), privateKey: key.privateKey };
  const version = closed(1, salt, rotate([], key.jwk, now), secrets, seal);
  // Where another process made the keys at the same moment, those are the keys, and they have a salt of their own.
  return addVersion(folder, version) ? { version, seal, ...secrets } : openOrMake(folder, secret, now);
}

function readOpened(folder: string, seal: Seal): Opened | undefined {
  const version = newestVersion(folder);
  if (!version) return undefined;
  const plain = seal.open(version.sealed, boundOf(version));
  if (plain === undefined)
    throw new Error(
      `${folder} was made under another KEYHOUSE_SECRET, or was changed: set the secret that it was made under.`,
    );
  return { version, seal, ...(JSON.parse(plain) as Sealed) };
}

function closed(number: number, salt: string, keys: KeySet, secrets: Sealed, seal: Seal): KeysVersion {
  const sealed = seal.close(JSON.stringify(secrets), boundOf({ number, salt, keys }));
  return { number, salt, keys, sealed };
}

/** What the seal vouches for: nobody without the secret adds a key, changes a state, or shows an old version as a new one. */
const boundOf = ({ number, salt, keys }: Omit<KeysVersion, "sealed">) => JSON.stringify([number, salt, keys]);

async function ringOf({ version, hostKey, privateKey }: Opened): Promise<Keys> {
  const ring = await keyRing([Uint8Array.fromHex(privateKey)], Uint8Array.fromHex(hostKey), batchSigner);
  return {
    ...ring,
    publicKeys: publishedKeys(version.keys),
    compromised: compromisedKeys(version.keys),
    readBody: bodyReader(hostKey, ring.hashId),
  };
}

async function newKey() {
  const privateKey = new Uint8Array(randomBytes(PRIVATE_KEY_BYTES));
  return { jwk: (await webCryptoSigner(privateKey)).publicJwk, privateKey: privateKey.toHex() };
}

function signingKid(keys: KeySet): string {
  const kid = activeKey(keys)?.jwk.kid;
  if (kid === undefined) throw new TypeError("no key signs");
  return kid;
}
