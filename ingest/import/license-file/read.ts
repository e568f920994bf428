// A license file, from its text to entries. What a line says depends on the others, so a file is read whole, within bounds.

import {
  type Entry,
  type ForeignRight,
  type Place,
  type Source,
  SourceFault,
} from "../../importers/importer.ts";
import { linesOf } from "../text.ts";
import { dayOf } from "./day.ts";
import type { Grant } from "./grant.ts";
import { type LicenseLine, licenseLines } from "./lines.ts";
import { type Part, settle } from "./settle.ts";

/** The largest license file that we know of, of a vendor of chip design tools, has 8 MB. */
export const MAX_LICENSE_FILE_BYTES = 32 * 1024 * 1024;
/** Licenses of a file, all of which are in memory at once: with so many of 270 characters, a process has 330 MB. */
const MAX_LICENSES = 50_000;

/** What a line comes to by itself. */
export type Read = { kind: "grant"; grant: Grant } | { kind: "entry"; entry: Entry };

/** How a format reads. */
export interface Format<Other> {
  /** What begins a line, in upper case. */
  keywords: ReadonlySet<string>;
  /** What a line comes to; null for one that grants nothing to anybody, as a server's. */
  understand(line: LicenseLine): Read | Other | null;
  /** What a file is not, in which no line begins with a keyword. */
  otherwise(line: LicenseLine): string;
}

/**
 * Reads all lines of a file.
 * @throws SourceFault where no line is one of the format, or the file is larger than any
 */
export async function readLines<Other>(source: Source, format: Format<Other>): Promise<(Read | Other)[]> {
  if (source.size > MAX_LICENSE_FILE_BYTES)
    throw new SourceFault({}, `The file has more than ${MAX_LICENSE_FILE_BYTES} bytes: no license file has.`);
  const reads: (Read | Other)[] = [];
  let other: LicenseLine | null = null;
  let isOne = false;
  let count = 0;
  for await (const line of licenseLines(linesOf(source), format.keywords)) {
    count += 1;
    if (count > MAX_LICENSES)
      throw new SourceFault(
        { line: line.line },
        `The file has more than ${MAX_LICENSES} licenses: import it in parts.`,
      );
    isOne ||= line.keyword !== "";
    other ??= line.keyword === "" ? line : null;
    const read = format.understand(line);
    if (read) reads.push(read);
  }
  if (other && !isOne)
    throw new SourceFault({ line: other.line, column: other.column }, format.otherwise(other));
  return reads;
}

/** The entries of a file whose lines are read. */
export function* entriesOf(reads: readonly Read[]): Generator<Entry> {
  const settled = settle(reads.flatMap((read) => (read.kind === "grant" ? [read.grant] : [])));
  for (const read of reads) {
    if (read.kind === "entry") {
      yield read.entry;
      continue;
    }
    const { grant } = read;
    const { line, column, input } = grant;
    const outcome = settled.get(grant);
    if (outcome?.kind === "rights")
      for (const part of outcome.parts)
        yield { place: { line, column }, input, ...rightOrProblem(grant, part) };
    else if (outcome)
      yield { place: { line, column }, input, kind: "problem", code: outcome.kind, detail: outcome.detail };
  }
}

type RightOrProblem =
  | { kind: "right"; right: ForeignRight }
  | { kind: "problem"; place?: Place; code: "incomplete" | "invalid"; detail: string };

function rightOrProblem(grant: Grant, { base, lineNumber, quantity }: Part): RightOrProblem {
  const { orderedAt } = base;
  const { startsAt, endsAt } = grant;
  if (orderedAt === undefined)
    return {
      kind: "problem",
      code: "incomplete",
      detail: "The license does not say when it was issued: give --ordered-at YYYY-MM-DD for those.",
    };
  const beginsAt = startsAt ?? orderedAt;
  if (endsAt !== null && endsAt <= beginsAt) {
    const isGiven = startsAt === undefined && base.issuedAt === undefined;
    const advice = isGiven ? ", the day of --ordered-at: give an earlier one" : ", so it never was in force";
    return {
      kind: "problem",
      place: grant.expiry,
      code: "invalid",
      detail: `It ends with ${dayOf(endsAt - 1)}, and begins on ${dayOf(beginsAt)}${advice}.`,
    };
  }
  const { vendor, name, version, features, model } = grant;
  // An order is one customer's.
  const { customer } = base;
  const seats = grant.seats.length <= quantity ? grant.seats : [];
  return {
    kind: "right",
    right: {
      order: base.id,
      lineNumber,
      product: `${vendor}/${name}`,
      productName: name,
      brand: vendor,
      version,
      ...(features.length > 0 ? { features } : {}),
      model,
      quantity,
      ...(customer ? { customer } : {}),
      orderedAt,
      ...(startsAt === undefined ? {} : { startsAt }),
      endsAt,
      seats: seats.map((seat) => ({ ...seat, boundAt: orderedAt })),
    },
  };
}
