// Pure. What every format says of a line alike: whose license it is and of what, when it was issued, and what it replaces; or why it
// is not read.

import type { ReadContext } from "../../importers/importer.ts";
import type { Instant } from "../../../licensing/index.ts";
import { type Fields, problemOf, unreadable } from "./fields.ts";
import { type Grant, keyOf } from "./grant.ts";
import type { LicenseLine } from "./lines.ts";
import { type Fault, isFault } from "./options.ts";
import type { Read } from "./read.ts";

/**
 * What a line comes to: as it is read, or why not.
 * @param read of a line whose words can be told apart; null for one that grants nothing to anybody
 */
export function understood<Other extends object>(
  line: LicenseLine,
  input: string,
  read: () => Read | Other | Fault | null,
): Read | Other | null {
  const result = line.fault ? unreadable(line.fault) : read();
  return result !== null && isFault(result)
    ? { kind: "entry", entry: problemOf(line, input, result) }
    : result;
}

/** Of the options of a license, those that all formats have. */
interface Dated {
  issuedAt: Instant | undefined;
  startsAt: Instant | undefined;
}

/** Keys of what a license replaces: of those that it names, its own where it names none; null where it replaces nothing. */
export const replacedBy = (
  vendor: string,
  name: string,
  names: readonly string[] | null,
): readonly string[] | null =>
  names === null ? null : (names.length === 0 ? [name] : names).map((other) => keyOf(vendor, other));

/** What a grant has of its line's fields, and of its days. */
export function statedIn(
  { line, column }: LicenseLine,
  { expiry, vendor, name, version, from, endsAt }: Fields,
  dated: Dated,
  context: ReadContext,
) {
  // Who does not say when it was issued says when it starts.
  const issuedAt = dated.issuedAt ?? dated.startsAt;
  return {
    line,
    column,
    expiry,
    vendor,
    name,
    version,
    from,
    issuedAt,
    orderedAt: issuedAt ?? context.orderedAt,
    startsAt: dated.startsAt,
    endsAt,
  } satisfies Partial<Grant>;
}
