// Where the keys of a home lie: a folder of numbered files, each the whole key set, of which the highest number counts. A
// new one is linked under the next number, which fails where another was faster: no change is ever lost.

import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { KeySet } from "../licensing/index.ts";

/** One version of the key set. What is public stands in clear text; `sealed` holds the rest, and vouches for both. */
export interface KeysVersion {
  /** 1, 2, 3, … */
  number: number;
  salt: string;
  keys: KeySet;
  sealed: string;
}

/** A version that a later one replaced: its number stays taken, its private key is gone. */
interface ReplacedVersion {
  number: number;
  replacedBy: number;
}

const fileOf = (folder: string, number: number) => join(folder, `${String(number).padStart(6, "0")}.json`);

/** Whether a version exists: how a running service asks for a newer one, for the price of one look. */
export const hasVersion = (folder: string, number: number): boolean => existsSync(fileOf(folder, number));

/** The newest version; undefined where there is none. */
export function newestVersion(folder: string): KeysVersion | undefined {
  for (;;) {
    const number = numbersIn(folder).at(-1);
    if (number === undefined) return undefined;
    const path = fileOf(folder, number);
    const file = JSON.parse(readFileSync(path, "utf8")) as KeysVersion | ReplacedVersion;
    if ("sealed" in file) return file;
    // It was replaced between the two looks, so there is a higher number now.
    if (!hasVersion(folder, number + 1)) throw new Error(`${path} was replaced by a file that is gone.`);
  }
}

/**
 * Adds a version, whole or not at all.
 * @returns whether it is the newest now; false where its number was taken by another process
 */
export function addVersion(folder: string, version: KeysVersion): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = writeTemporary(folder, version);
  try {
    linkSync(temporary, fileOf(folder, version.number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
  syncFolder(folder);
  // Only now is it safe to forget: a key that signs no more is kept nowhere, whatever becomes of the secret.
  for (const number of numbersIn(folder).filter((it) => it < version.number))
    replace(folder, { number, replacedBy: version.number });
  return true;
}

function replace(folder: string, version: ReplacedVersion): void {
  const path = fileOf(folder, version.number);
  if (!("sealed" in (JSON.parse(readFileSync(path, "utf8")) as object))) return;
  renameSync(writeTemporary(folder, version), path);
}

function numbersIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (/^\d{6}\.json$/.test(name) ? [Number(name.slice(0, 6))] : []))
    .toSorted((a, b) => a - b);
}

function writeTemporary(folder: string, content: object): string {
  const path = join(folder, `.${randomUUID()}.tmp`);
  const descriptor = openSync(path, "wx", 0o600);
  writeSync(descriptor, `${JSON.stringify(content, null, 2)}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  return path;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
