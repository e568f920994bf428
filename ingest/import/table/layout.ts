// Pure. The headings of a table, and what the mapping says stands under them → which column holds what.

import { type Place, SourceFault } from "../../importers/importer.ts";
import { type ColumnName, columnNames } from "./columns.ts";

/** Where each thing stands in a row, from 0; -1 where the table does not have it. */
export type Indexes = Readonly<Record<ColumnName, number>>;

export interface Layout {
  /** As they stand there, without white space around. */
  headings: readonly string[];
  indexes: Indexes;
}

/** Wider tables are none that people made; and each row is as wide. */
export const MAX_COLUMNS = 1000;

/**
 * Finds the columns.
 * @throws SourceFault where a heading that the mapping names is not there, or is there twice
 */
export function layoutOf(
  cells: readonly string[],
  columns: Readonly<Partial<Record<ColumnName, string>>>,
  place: Place,
  needsProduct = true,
): Layout {
  const headings = cells.map((cell) => cell.trim().replaceAll(/\s+/g, " "));
  if (headings.length > MAX_COLUMNS)
    throw new SourceFault(place, `The table has ${headings.length} columns: up to ${MAX_COLUMNS} are read.`);
  if (needsProduct && columns.product === undefined)
    throw new SourceFault(
      place,
      `No column of the mapping says what was sold: add \`product\`. ${listed(headings)}`,
    );
  const missing: string[] = [];
  const repeated: string[] = [];
  const entries = namesOf().map((name): [ColumnName, number] => {
    const wanted = columns[name];
    if (wanted === undefined) return [name, -1];
    const found = placesOf(wanted, headings);
    if (found.length === 0) missing.push(`"${wanted}" (${name})`);
    if (found.length > 1) repeated.push(`"${wanted}" (${name})`);
    return [name, found[0] ?? -1];
  });
  if (missing.length > 0)
    throw new SourceFault(
      place,
      `These headings of the mapping are not here: ${missing.join(", ")}. ${listed(headings)}`,
    );
  if (repeated.length > 0)
    throw new SourceFault(
      place,
      `These headings stand here more than once: ${repeated.join(", ")}. Rename all but one of them. ${listed(headings)}`,
    );
  return { headings, indexes: Object.fromEntries(entries) as Record<ColumnName, number> };
}

/** The names of what columns may hold. */
export const namesOf = (): ColumnName[] => Object.keys(columnNames) as ColumnName[];

/** As it is written; where nothing is written so, whatever its letters' case and its white space. */
function placesOf(wanted: string, headings: readonly string[]): number[] {
  const exact = headings.flatMap((heading, index) => (heading === wanted ? [index] : []));
  if (exact.length > 0) return exact;
  const folded = wanted.trim().replaceAll(/\s+/g, " ").toLowerCase();
  return headings.flatMap((heading, index) => (heading.toLowerCase() === folded ? [index] : []));
}

const MAX_LISTED = 60;
const MAX_HEADING = 60;

function listed(headings: readonly string[]): string {
  const shown = headings
    .slice(0, MAX_LISTED)
    .map((it) => `"${it.length > MAX_HEADING ? `${it.slice(0, MAX_HEADING)}…` : it}"`);
  const more = headings.length > MAX_LISTED ? ` and ${headings.length - MAX_LISTED} more` : "";
  return `The headings are: ${shown.join(", ")}${more}.`;
}

/** Headings over what nobody but its owner should read. */
const SECRET =
  /licen[sc]e ?(?:key|code)|activation ?(?:code|key)|(?:product|unlock|serial) ?(?:key|code|number|no\b)|pass ?(?:word|phrase|code)|secret|token|credential|\bpin\b|lizenzschlüssel|lizenzcode|freischalt|aktivierungs(?:code|schlüssel)|produktschlüssel|seriennummer|[kp]ass?wort|kennwort/i;

/** Whether a row has to be kept out of sight as it stands. */
export function hasSecrets(headings: readonly string[]): boolean {
  return headings.some((heading) => SECRET.test(heading));
}
