// Pure. The options of FlexNet's license lines that say what is granted.

import type { Instant } from "../../../licensing/index.ts";
import { isDuration } from "../../../licensing/index.ts";
import { readDay } from "../../import/license-file/day.ts";
import type { Word } from "../../import/license-file/lines.ts";
import { type Borrow, type Locks, readLocks } from "../../import/license-file/locks.ts";
import { type Fault, faultAt, isFault, type Option, readOptions } from "../../import/license-file/options.ts";

/** Options that are a word alone, or may be. */
const FLAGS = new Set(["BORROW", "FLOAT_OK", "HOST_BASED", "ONE_TS_OK", "SUPERSEDE", "TS_OK", "USER_BASED"]);

/** What the license administrator may write there, and the checksum of the line: no part of the license. */
const FREE = new Set(["ASSET_INFO", "CK", "DIST_INFO", "SORT", "USER_INFO", "VENDOR_INFO"]);

/** Signatures: nobody but the vendor's daemon can tell whether they hold. */
export const SIGNATURES: ReadonlySet<string> = new Set(["AUTH", "SIGN", "SIGN2"]);

/** A license key as it stood before there was `SIGN=`; 0 where there is none. */
export const KEY = /^(?:[0-9A-F]{12}|[0-9A-F]{16}|[0-9A-F]{20})$/i;

/** How long a license is lent where `BORROW` does not say it, as the license administration guide has it. */
const BORROW_HOURS = "168";
// As many as a policy of ours can say.
const MAX_OVERDRAFT = 1_000_000;
const MAX_HOSTS = 5000;

export interface Options {
  locks: Locks;
  by: "user" | "host" | "site" | null;
  overdraft: number;
  borrow: Borrow | null;
  issuedAt: Instant | undefined;
  startsAt: Instant | undefined;
  /** Features whose older licenses this replaces; empty for its own, null for none. */
  supersedes: readonly string[] | null;
  options: ReadonlyMap<string, Option>;
  /** All that makes the license what it is, in one order. */
  identity: readonly unknown[];
}

/** Reads what follows a line's fields: the old license key with what stood behind it then, and options in any order. */
export function readLicenseOptions(words: readonly Word[]): Options | Fault {
  const [first] = words;
  const key = first && (first.text === "0" || KEY.test(first.text)) ? first.text.toUpperCase() : null;
  const named = key === null ? words : namedOf(words.slice(1));
  const options = readOptions(named, FLAGS);
  if (isFault(options)) return options;
  const problem = faultOf(options);
  if (problem) return problem;
  const value = (name: string) => options.get(name)?.value ?? null;
  const locks = readLocks(value("HOSTID") ?? "");
  if (locks.hosts.length + locks.users.length > MAX_HOSTS)
    return faultAt((options.get("HOSTID") as Option).word, "invalid", `More than ${MAX_HOSTS} hosts.`);
  const hours = value("BORROW") ?? (options.has("BORROW") ? BORROW_HOURS : "0");
  return {
    locks,
    by: options.has("USER_BASED")
      ? "user"
      : options.has("HOST_BASED")
        ? "host"
        : value("DUP_GROUP")?.toUpperCase() === "SITE"
          ? "site"
          : null,
    overdraft: Number(value("OVERDRAFT") ?? 0),
    borrow: Number(hours) > 0 ? { duration: `PT${Number(hours)}H`, words: `${Number(hours)} hours` } : null,
    issuedAt: readDay(value("ISSUED") ?? "") ?? undefined,
    startsAt: readDay(value("START") ?? "") ?? undefined,
    supersedes: options.has("SUPERSEDE") ? (value("SUPERSEDE") ?? "").split(" ").filter(Boolean) : null,
    options,
    identity: [key === "0" ? null : key, identityOf(options)],
  };
}

/** After a license key stood, without names, the vendor's string in quotes and a host ID. */
function namedOf(words: readonly Word[]): Word[] {
  return words.map((word, index) => {
    if (index > 1 || /[=_]/.test(word.text)) return word;
    if (word.isQuoted) return { ...word, text: `VENDOR_STRING=${word.text}` };
    return /^(?:ANY|DEMO|[0-9A-F]{8,12})$/i.test(word.text) ? { ...word, text: `HOSTID=${word.text}` } : word;
  });
}

/** The first option with a value that cannot be. */
function faultOf(options: ReadonlyMap<string, Option>): Fault | null {
  for (const { key, value, word } of options.values()) {
    const detail = value === null ? null : wrongIn(key, value);
    if (detail !== null) return faultAt(word, "invalid", detail);
    if (key === "SUPERSEDE_SIGN")
      return faultAt(
        word,
        "incomplete",
        "SUPERSEDE_SIGN replaces licenses by their signatures, which is not read: take it and what it replaces out.",
      );
  }
  return null;
}

function wrongIn(key: string, value: string): string | null {
  switch (key) {
    case "ISSUED":
    case "START":
      // Vendors write a day of the year 0 for none.
      return readDay(value) === undefined ? `${key} is no day: days are written as 09-may-2014.` : null;
    case "OVERDRAFT":
      return /^\d{1,7}$/.test(value) && Number(value) <= MAX_OVERDRAFT
        ? null
        : `OVERDRAFT is a number of licenses, at most ${MAX_OVERDRAFT}.`;
    case "BORROW":
      return /^0+$/.test(value) || (/^\d{1,6}$/.test(value) && isDuration(`PT${value}H`))
        ? null
        : "BORROW is a number of hours, of fifty years at most.";
    case "DUP_GROUP":
      return /^(?:NONE|SITE|[UHDV]{1,4})$/i.test(value)
        ? null
        : "DUP_GROUP is NONE, SITE, or some of U, H, D, V.";
    case "HOSTID":
      return value === "" ? "HOSTID names no host." : null;
    default:
      return null;
  }
}

function identityOf(options: ReadonlyMap<string, Option>): unknown[] {
  return Array.from(options.values())
    .filter(({ key }) => !FREE.has(key))
    .map(({ key, value }): [string, unknown] => [key, value === null ? null : canonical(key, value)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function canonical(key: string, value: string): unknown {
  if (SIGNATURES.has(key)) return value.replaceAll(" ", "").toUpperCase();
  if (key === "HOSTID") return value.toLowerCase().split(" ").filter(Boolean).toSorted();
  if (key === "ISSUED" || key === "START") return readDay(value);
  return value;
}
