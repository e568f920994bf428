// Pure. One row of a table, field by field. The first thing that is wrong with it is kept, with its column.

import type { Instant } from "../../../licensing/index.ts";
import type { Place, ProblemCode } from "../../importers/importer.ts";
import { cut, MAX_INPUT_LENGTH } from "../input.ts";
import type { Read } from "./amounts.ts";
import { type Cell, hasControls, isError, textOf } from "./cell.ts";
import type { ColumnName } from "./columns.ts";
import { type Layout, namesOf } from "./layout.ts";

/** A row as its file gives it. */
export interface Row {
  cells: readonly Cell[];
  line: number;
  /** Where a cell stands, by its number from 0, and what its heading is. */
  placeOf(index: number, heading: string): Place;
  /** Why a cell's value cannot be taken, where it cannot. */
  faultOf?(index: number): string | undefined;
}

/** What is wrong with a row. */
export interface Fault {
  code: ProblemCode;
  place: Place;
  detail: string;
}

const MAX_TEXT_LENGTH = 300;
const MAX_QUOTED_LENGTH = 80;

/** What nobody needs to see to understand what is wrong with a row. */
const PRIVATE: ReadonlySet<ColumnName> = new Set<ColumnName>(["email", "user"]);

// What JSON writes otherwise than it is.
// oxlint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

interface Used {
  name: ColumnName;
  index: number;
  /** What stands before its value in the row's own text; undefined where it is not shown. */
  label: string | undefined;
}

/** The fields of a row, one row after the other. */
export class Fields {
  readonly #layout: Layout;
  readonly #used: readonly Used[];
  /** What each column says: `""` where the table does not have it, or the row says nothing. */
  readonly texts: Record<ColumnName, string>;
  #row: Row | undefined;
  #input = "";
  fault: Fault | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.texts = Object.fromEntries(namesOf().map((name) => [name, ""])) as Record<ColumnName, string>;
    this.#used = namesOf()
      .map((name) => ({ name, index: layout.indexes[name] }))
      .filter(({ index }) => index >= 0)
      .map(({ name, index }) => ({
        name,
        index,
        label: PRIVATE.has(name) ? undefined : `${JSON.stringify(layout.headings[index])}: `,
      }));
  }

  /** The row as JSON of what the mapping names, without what is private: the quarantine shows it. */
  get input(): string {
    return cut(`{${this.#input}}`);
  }

  /** Begins with a row. */
  open(row: Row): void {
    this.#row = row;
    this.#input = "";
    this.fault = undefined;
    for (const { name, index, label } of this.#used) {
      const text = textOf(row.cells[index]);
      this.texts[name] = text;
      const why = row.faultOf?.(index);
      if (why !== undefined) this.fail("invalid", name, why);
      if (text === "") continue;
      if (label !== undefined && this.#input.length < MAX_INPUT_LENGTH)
        this.#input +=
          (this.#input === "" ? label : `, ${label}`) +
          (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);
      if (text.length > MAX_TEXT_LENGTH)
        this.fail("invalid", name, `has ${text.length} characters: up to ${MAX_TEXT_LENGTH} are kept`);
      else if (isError(text))
        this.fail("invalid", name, `is an error that a spreadsheet shows: mend its formula`);
      else if (hasControls(text)) this.fail("invalid", name, "has control characters");
    }
  }

  /** Says what is wrong with a column's value, unless something else was wrong before. */
  fail(code: ProblemCode, name: ColumnName, why: string): void {
    if (this.fault !== undefined) return;
    const text = this.texts[name];
    const shown = text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
    const heading = this.#headingOf(name);
    const what =
      text === ""
        ? heading
        : PRIVATE.has(name)
          ? `${heading}: its value`
          : `${heading}: ${JSON.stringify(shown)}`;
    this.failAt(code, name, `${what} ${why}.`);
  }

  /** The same, in words of its own. */
  failAt(code: ProblemCode, name: ColumnName, detail: string): void {
    if (this.fault !== undefined || this.#row === undefined) return;
    const index = this.#layout.indexes[name];
    const place =
      index < 0 ? { line: this.#row.line } : this.#row.placeOf(index, this.#layout.headings[index] ?? "");
    this.fault = { code, place, detail };
  }

  #headingOf(name: ColumnName): string {
    const heading = this.#layout.headings[this.#layout.indexes[name]];
    return heading === undefined ? name : JSON.stringify(heading);
  }

  has(name: ColumnName): boolean {
    return this.#layout.indexes[name] >= 0;
  }

  /** A column's value as one of its readers reads it; undefined where the row says nothing, or what it says is wrong. */
  read<T>(name: ColumnName, reader: (cell: Cell) => Read<T>): T | undefined {
    if (this.texts[name] === "") return undefined;
    const read = reader(this.#row?.cells[this.#layout.indexes[name]] ?? null);
    if (read.ok) return read.value;
    this.fail("invalid", name, read.why);
    return undefined;
  }
}

/** When something was ordered of which the row does not say it. */
export function orderedAtOf(
  fields: Fields,
  told: Instant | undefined,
  fallback: Instant | undefined,
): Instant {
  const at = told ?? fallback;
  if (at === undefined)
    fields.failAt(
      "incomplete",
      "orderedAt",
      "The row does not say when it was ordered: map a column to orderedAt, or say --ordered-at YYYY-MM-DD for all that do not.",
    );
  return at ?? 0;
}
