// Pure. Values as spreadsheets take them: as data, never as formulas.

import type { CellValue, ColumnDef } from "hucre/xlsx";
import { isNumeric } from "./format.ts";

/**
 * Where a spreadsheet would take a text for a formula: at its beginning, and after a separator that the reader's language
 * takes for the end of a field (OWASP, "CSV Injection"). The wide forms are those of Japanese keyboards.
 */
const FORMULA = /(?=[=+\-@＝＋－＠])(?<=(?:^|[;\t\r\n])[ "]*)/g;

/** A text that a spreadsheet shows and does not compute: an apostrophe stands before what would begin a formula. */
export function neutralize(text: string): string {
  const safe = text.replaceAll(FORMULA, "'");
  return /^[\t\r\n]/.test(safe) ? `'${safe}` : safe;
}

/** Excel takes a file for UTF-8 where it begins so. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** Rows as lines of CSV (RFC 4180). Null is an empty field; texts are neutralized, numbers and times stand as they are. */
export function csvLines(rows: readonly (string | null)[][], types: readonly string[]): string {
  const isText = types.map((type) => !isPlain(type));
  const field = (value: string | null, column: number) => {
    if (value === null) return "";
    const safe = isText[column] === true ? neutralize(value) : value;
    return safe === "" || /["',;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** Types whose texts DuckDB makes itself: no stranger wrote them. */
function isPlain(type: string): boolean {
  return isNumeric(type) || ["BOOLEAN", "DATE", "TIMESTAMP"].includes(type);
}

/** Excel cuts longer texts itself, or calls the file damaged. */
const MAX_CELL_CHARACTERS = 32_767;

/** Excel computes with 15 digits and shows zeros for the rest. */
const MAX_DIGITS = 15;

/** A cell, and whether something of its text had to be left out. */
export interface Cell {
  value: CellValue;
  isCut: boolean;
}

/**
 * A value as a cell of its own type: numbers and times to compute with, and texts that are texts whatever they begin with.
 * A number of more than 15 digits is a text, so that it is not rounded.
 */
export function cellOf(text: string | null, type: string): Cell {
  if (text === null) return { value: null, isCut: false };
  if (type === "BOOLEAN") return { value: text === "true", isCut: false };
  if (type === "DATE" || type === "TIMESTAMP") {
    const time = new Date(type === "DATE" ? `${text}T00:00:00Z` : `${text.replace(" ", "T")}Z`);
    return { value: Number.isNaN(time.getTime()) ? text : time, isCut: false };
  }
  if (isNumeric(type)) {
    const isExact = /^(FLOAT|DOUBLE)/.test(type) || text.replaceAll(/^0+|\D/g, "").length <= MAX_DIGITS;
    return { value: isExact && Number.isFinite(Number(text)) ? Number(text) : text, isCut: false };
  }
  const isCut = text.length > MAX_CELL_CHARACTERS;
  return { value: isCut ? `${text.slice(0, MAX_CELL_CHARACTERS - 1)}…` : text, isCut };
}

/** A column with a heading, and with the format of its numbers or times. */
export function columnOf(name: string, type: string): ColumnDef {
  const scale = /^DECIMAL\(\d+,(\d+)\)/.exec(type)?.[1];
  const width = Math.min(Math.max(name.length + 2, 12), 40);
  if (type === "DATE") return { header: name, width, numFmt: "yyyy-mm-dd" };
  if (type === "TIMESTAMP")
    return { header: name, width: Math.max(width, 20), numFmt: "yyyy-mm-dd hh:mm:ss" };
  if (scale !== undefined && scale !== "0")
    return { header: name, width, numFmt: `#,##0.${"0".repeat(Number(scale))}` };
  return { header: name, width };
}
