// Pure. The options of RLM's license lines that say what is granted.

import { type Instant, isDuration } from "../../../licensing/index.ts";
import { readDay } from "../../import/license-file/day.ts";
import type { Word } from "../../import/license-file/lines.ts";
import { type Locks, readLocks } from "../../import/license-file/locks.ts";
import { type Fault, faultAt, isFault, type Option, readOptions } from "../../import/license-file/options.ts";

/** Options that are a word alone, or may be. */
const FLAGS = new Set(["NAMED_USER", "PERSONAL", "REPLACE"]);

/** What nobody needs to see: signatures, activation keys, passwords. */
export const SECRETS: ReadonlySet<string> = new Set(["AKEY", "PASSWORD", "SIG", "_PASSWORD"]);

/** A signature that stands without `sig=`. Names of hosts and products are shorter. */
export const KEY = /^[0-9A-Z*]{24,}$/i;

const MAX_HOSTS = 5000;

export interface Options {
  locks: Locks;
  isNamedUser: boolean;
  isDemo: boolean;
  /** Of as many as the license counts, those that were bought; the others may be used, and are told of. */
  softLimit: number | null;
  roamDays: number;
  issuedAt: Instant | undefined;
  startsAt: Instant | undefined;
  /** Products whose older licenses this replaces; empty for its own, null for none. */
  replaces: readonly string[] | null;
  token: string | null;
  features: readonly string[];
  customer: string | null;
  /** What an upgrade has to have in common with what it upgrades. */
  pool: string;
  identity: readonly unknown[];
}

/** Reads what follows a license's fields: its signature where that has no name, and options in any order. */
export function readLicenseOptions(words: readonly Word[]): Options | Fault {
  const [first] = words;
  const isKey = first !== undefined && !first.text.includes("=") && !FLAGS.has(first.text.toUpperCase());
  const options = readOptions(
    isKey ? [{ ...first, text: `sig=${first.text}` }, ...words.slice(1)] : words,
    FLAGS,
  );
  if (isFault(options)) return options;
  for (const { key, value, word } of options.values()) {
    const detail = value === null ? null : wrongIn(key, value);
    if (detail !== null) return faultAt(word, "invalid", detail);
  }
  const value = (name: string) => options.get(name)?.value ?? null;
  const locks = readLocks(value("HOSTID") ?? "");
  const roam = Number(value("MAX_ROAM") ?? 0);
  return {
    locks,
    isNamedUser: options.has("NAMED_USER"),
    isDemo: /\b(?:demo|eval)/i.test(value("TYPE") ?? ""),
    softLimit: value("SOFT_LIMIT") === null ? null : Number(value("SOFT_LIMIT")),
    // Roaming is turned off by a negative number of days.
    roamDays: Math.max(0, roam),
    issuedAt: readDay(value("ISSUED") ?? "") ?? undefined,
    startsAt: readDay(value("START") ?? "") ?? undefined,
    replaces: options.has("REPLACE") ? (value("REPLACE") ?? "").split(" ").filter(Boolean) : null,
    token: value("TOKEN"),
    features: (value("OPTIONS") ?? "").split(" ").filter(Boolean),
    customer: value("CUSTOMER"),
    pool: JSON.stringify(
      ["DISABLE", "OPTIONS", "SHARE", "MAX_SHARE", "TIMEZONE"].map((name) => value(name)?.toLowerCase()),
    ),
    identity: identityOf(options),
  };
}

function wrongIn(key: string, value: string): string | null {
  switch (key) {
    case "ISSUED":
    case "START":
      return readDay(value) === undefined
        ? `${key.toLowerCase()} is no day: days are written as 09-may-2014.`
        : null;
    case "SOFT_LIMIT":
      return /^\d{1,9}$/.test(value) && Number(value) > 0 ? null : "soft_limit is a number of licenses.";
    case "MAX_ROAM":
      return /^(?:-\d{1,5}|0+)$/.test(value) || (/^\d{1,5}$/.test(value) && isDuration(`P${value}D`))
        ? null
        : "max_roam is a number of days, of fifty years at most.";
    case "HOSTID":
      if (value === "") return "hostid names no host.";
      return value.split(" ").length > MAX_HOSTS ? `hostid names more than ${MAX_HOSTS} hosts.` : null;
    case "CUSTOMER":
      return /^[^\p{Cc}\p{Cs}]{1,300}$/u.test(value)
        ? null
        : "customer is a name, of at most 300 characters.";
    default:
      return null;
  }
}

/** What begins with `_` may be changed by the license administrator, and is no part of the license. */
function identityOf(options: ReadonlyMap<string, Option>): unknown[] {
  return Array.from(options.values())
    .filter(({ key }) => !key.startsWith("_"))
    .map(({ key, value }): [string, unknown] => [key, value === null ? null : canonical(key, value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A license is the same in upper and lower case, but for a short signature. */
function canonical(key: string, value: string): unknown {
  if (key === "SIG") return value.replaceAll(" ", "");
  if (key === "HOSTID") return value.toLowerCase().split(" ").filter(Boolean).toSorted();
  if (key === "ISSUED" || key === "START") return readDay(value);
  return value.toLowerCase();
}
