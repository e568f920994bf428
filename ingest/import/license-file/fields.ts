// Pure. The fields that every license begins with: whose and what, its version, its last day, how many.

import type { Entry } from "../../importers/importer.ts";
import type { Instant } from "../../../licensing/index.ts";
import { dayAfter, readDay } from "./day.ts";
import type { LicenseLine, Word } from "./lines.ts";
import { type Fault, faultAt, nameFault } from "./options.ts";
import { readVersion } from "./version.ts";

export interface Fields {
  vendor: string;
  name: string;
  version: string;
  /** Of an upgrade: the lowest version that it upgrades. */
  from: string | null;
  endsAt: Instant | null;
  expiry: { line: number; column: number };
  count: Word;
  rest: readonly Word[];
}

/**
 * Reads the fields of a license, or of an upgrade, which has two versions.
 * @param first what its first two fields are
 */
export function readFields(
  line: LicenseLine,
  first: readonly ["name", "vendor"] | readonly ["vendor", "name"],
): Fields | Fault {
  const isUpgrade = line.keyword === "UPGRADE";
  const fields = [...first, ...(isUpgrade ? ["from-version"] : []), "version", "expiry", "count"];
  const missing = missingField(line, fields);
  if (missing) return missing;
  const word = (field: string) => line.words[fields.indexOf(field)] as Word;
  const [vendor, name, version, expiry] = ["vendor", "name", "version", "expiry"].map(word) as [
    Word,
    Word,
    Word,
    Word,
  ];
  const from = isUpgrade ? word("from-version") : null;
  const fault =
    nameFault(name, "name", 100) ?? nameFault(vendor, "vendor", 100) ?? nameFault(version, "version", 64);
  if (fault) return fault;
  for (const it of from ? [from, version] : [])
    if (!readVersion(it.text))
      return faultAt(it, "invalid", "An upgrade's versions are numbers, such as 2.0.");
  const lastDay = readDay(expiry.text);
  if (lastDay === undefined)
    return faultAt(expiry, "invalid", "This is no last day: days are written as 09-may-2014, or permanent.");
  return {
    vendor: vendor.text,
    name: name.text,
    version: version.text,
    from: from?.text ?? null,
    endsAt: lastDay === null ? null : dayAfter(lastDay),
    expiry: { line: expiry.line, column: expiry.column },
    count: word("count"),
    rest: line.words.slice(fields.length),
  };
}

/** Why a line has fewer fields than it needs; null where it has them. */
export function missingField({ keyword, line, words }: LicenseLine, fields: readonly string[]): Fault | null {
  if (words.length >= fields.length) return null;
  const last = words.at(-1);
  const place = last ? { line: last.line, column: last.column + last.text.length } : { line };
  const detail = `The ${fields[words.length]} is missing: ${keyword} ${fields.join(" ")} …`;
  return { code: "incomplete", place, detail };
}

/** A number of licenses: null for uncounted, undefined for none. */
export function readCount(text: string): number | null | undefined {
  if (/^(?:uncounted|0+)$/i.test(text)) return null;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** A line that is not read, as an entry. */
export function problemOf(
  { line, column }: LicenseLine,
  input: string,
  { code, place, detail }: Fault,
): Entry {
  return { place: { line, column, ...place }, input, kind: "problem", code, detail };
}

/** Why a line whose words cannot be told apart is not read. */
export const unreadable = ({ line, column, detail }: NonNullable<LicenseLine["fault"]>): Fault => ({
  code: "unreadable",
  place: { line, column },
  detail,
});
