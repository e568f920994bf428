// Pure. The places that may name a person.

export const placeNames = [
  "ledger: profiles",
  "ledger: names of hosts",
  "ledger: quarantined input",
  "ledger: all other texts",
  "ledger: bytes of the file and its log",
  "segments: lines of profiles",
  "segments: bytes of all files",
  "lake: rows of profiles and dim_customer",
  "lake: texts of all columns",
  "lake: bytes of other files",
  "site",
  "imports: what was read and is not recorded yet",
  "home: other files",
] as const;
export type PlaceName = (typeof placeNames)[number];

/** What was found in a place. */
export interface Found {
  count: number;
  /** How much was looked through, in words. */
  searched: string;
  /** Where exactly, in words. */
  at: string[];
}
