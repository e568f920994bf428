// What has to be known of a sheet before its rows are read: that it is whole, how far its rows go, which cells are merged, and
// which formulas nobody computed. It is unpacked once for that, at some 300 MB a second, and looked through as it goes by.

import { parseCellRef } from "hucre/xlsx";
import { MAX_COLUMNS } from "../../import/table/layout.ts";
import { SourceFault } from "../importer.ts";
import { type Part, unpacked } from "./zip.ts";

/** Unpacked, the largest sheets that Excel writes, of a million rows and some twenty columns, have less. */
const MAX_SHEET_BYTES = 1024 * 1024 * 1024;

/** More than these are found in no table. */
const MAX_MERGED = 500_000;
const MAX_UNCOMPUTED = 100_000;

/** Characters that are looked through again with the next chunk: a formula has up to 8192, of which each may be written by five. */
const OVERLAP = 64 * 1024;

const END = /<\/(?:\w{1,20}:)?sheetData\s{0,20}>/;
const MERGE = /<(?:\w{1,20}:)?mergeCell\s[^<>]{0,200}?\bref="([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})"/g;
/** A cell with a formula, and without a value or with an empty one. */
const UNCOMPUTED =
  /<(?:\w{1,20}:)?c\s([^<>]{0,200}?)>\s{0,20}<(?:\w{1,20}:)?f(?:\s[^<>]{0,500})?(?:\/>|>[^<]*<\/(?:\w{1,20}:)?f>)\s{0,20}(<(?:\w{1,20}:)?v\s?\/>|<(?:\w{1,20}:)?v><\/(?:\w{1,20}:)?v>)?\s{0,20}<\/(?:\w{1,20}:)?c>/g;

interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export interface Survey {
  /** Bytes up to the end of the rows. */
  length: number;
  /** Why a cell's value cannot be taken, by row and column from 0; undefined where it can. Rows have to be asked for in order. */
  faultOf(row: number, column: number): string | undefined;
}

/** @throws SourceFault where the sheet is damaged, or larger than it may be */
export async function surveyOf(part: Part): Promise<Survey> {
  const merges = new Map<string, Range>();
  const uncomputed = new Set<string>();
  let [before, length] = [0, part.size];
  let text = "";
  let isPast = false;
  for await (const chunk of unpacked(part, MAX_SHEET_BYTES)) {
    const overlap = text.slice(-OVERLAP);
    // One character is one byte, and what is looked for is ASCII.
    text = overlap + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    if (!isPast) {
      if (text.includes("<f") || text.includes(":f")) noteUncomputed(text, uncomputed);
      const end = END.exec(text);
      if (end) length = before - overlap.length + end.index + end[0].length;
      isPast = end !== null;
    }
    if (isPast && text.includes("mergeCell")) noteMerges(text, merges);
    before += chunk.length;
  }
  const covered = coveredBy(Array.from(merges.values()));
  return {
    length,
    faultOf: (row, column) =>
      covered(row, column) ??
      (uncomputed.size > 0 && uncomputed.has(`${column},${row}`)
        ? "is a formula that nobody computed: open the workbook in a spreadsheet, and save it"
        : undefined),
  };
}

function noteUncomputed(text: string, uncomputed: Set<string>): void {
  for (const [, attributes = "", value] of text.matchAll(UNCOMPUTED)) {
    const reference = /\br="([A-Z]{1,3}\d{1,7})"/.exec(attributes)?.[1];
    // The result of a formula may be a text without characters.
    if (reference === undefined || (value !== undefined && attributes.includes('t="str"'))) continue;
    const { row, col } = parseCellRef(reference);
    uncomputed.add(`${col},${row}`);
    if (uncomputed.size > MAX_UNCOMPUTED)
      throw new SourceFault(
        { at: reference },
        "The sheet is full of formulas that nobody computed: open the workbook in a spreadsheet, and save it.",
      );
  }
}

function noteMerges(text: string, merges: Map<string, Range>): void {
  for (const [, from = "", to = ""] of text.matchAll(MERGE)) {
    const [first, last] = [parseCellRef(from), parseCellRef(to)];
    merges.set(`${from}:${to}`, { top: first.row, left: first.col, bottom: last.row, right: last.col });
    if (merges.size > MAX_MERGED) throw tooMany();
  }
}

/** Only the first of merged cells has a value, and whether it is meant for the others as well is not for us to say. */
function coveredBy(merges: readonly Range[]): (row: number, column: number) => string | undefined {
  const byColumn = new Map<number, { from: number; to: number }[]>();
  let count = 0;
  for (const { top, left, bottom, right } of merges)
    // A table is no wider, and a sheet can be.
    for (let column = left; column <= Math.min(right, MAX_COLUMNS); column++) {
      if (++count > MAX_MERGED) throw tooMany();
      const list = byColumn.get(column) ?? [];
      byColumn.set(column, list);
      list.push({ from: column === left ? top + 1 : top, to: bottom });
    }
  for (const [column, list] of byColumn)
    byColumn.set(
      column,
      list.toSorted((a, b) => a.from - b.from),
    );
  const passed = new Map<number, { next: number; until: number }>();
  return (row, column) => {
    const list = byColumn.get(column);
    if (!list) return undefined;
    const state = passed.get(column) ?? { next: 0, until: -1 };
    passed.set(column, state);
    for (let it = list[state.next]; it !== undefined && it.from <= row; it = list[++state.next])
      state.until = Math.max(state.until, it.to);
    return row <= state.until ? MERGED : undefined;
  };
}

const MERGED = "is one of merged cells, of which only the first has a value: unmerge them, and fill each";

const tooMany = () =>
  new SourceFault({}, `The sheet has more than ${MAX_MERGED} merged cells: it is no table.`);
