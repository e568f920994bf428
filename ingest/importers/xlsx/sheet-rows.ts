// A sheet → its rows, by hucre's reader of streams.
//
// What that reader is given is an archive of our own making, unpacked, with the sheet and what its cells refer to: it then reads
// any workbook in a stream (of most it would first keep the whole, for their archives say sizes at the end), and never sees a
// part that was not bounded and checked. It parses as fast as bytes come, whether or not anybody takes its rows; so bytes are
// given only while it has none. A row that does not end shows by that as well.

import { setImmediate } from "node:timers/promises";
import { streamXlsxRows, type StreamRow } from "hucre/xlsx";
import { SourceFault } from "../importer.ts";
import type { Sheet } from "./workbook.ts";
import { type Part, unpacked, wholePart } from "./zip.ts";

/** Texts that cells share are parsed as a whole, which takes some 400 bytes an element: a million texts have two million. */
const MAX_STRINGS_BYTES = 128 * 1024 * 1024;
const MAX_STRINGS_ELEMENTS = 2_000_000;
const MAX_STYLES_BYTES = 16 * 1024 * 1024;
const MAX_STYLES_ELEMENTS = 500_000;

/** Bytes of the sheet in which a row ends: the widest that Excel writes have a megabyte. */
const MAX_ROW_BYTES = 4 * 1024 * 1024;

/** Rows that Excel has. */
const MAX_ROWS = 1_048_576;

/**
 * The rows of a sheet.
 * @param length bytes of it, up to the end of its rows
 * @throws SourceFault where they cannot be read
 */
export async function* rowsOf(sheet: Sheet, length: number): AsyncGenerator<StreamRow> {
  const valve = new Valve();
  const parts = await smallParts(sheet);
  const rows = streamXlsxRows(streamOf(bytesOf(parts, sheet.rows, length, valve)));
  let last = -1;
  try {
    for (;;) {
      const next = rows.next();
      valve.open();
      const { done, value } = await next;
      valve.shut();
      if (done === true) return;
      valve.rows += 1;
      if (!(value.index > last && value.index < MAX_ROWS))
        throw new SourceFault(
          { line: last + 1 },
          "The sheet is damaged: after this row comes one without a number that it can have.",
        );
      last = value.index;
      yield value;
    }
  } catch (error) {
    if (error instanceof SourceFault) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new SourceFault({ at: sheet.name }, `The sheet is damaged, or no sheet: ${message.slice(0, 300)}`);
  } finally {
    await rows.return();
  }
}

/** Lets bytes pass while the reader has no row to give. */
class Valve {
  /** Rows that came out. */
  rows = 0;
  #turn = 0;
  #isOpen = false;
  #wake: (() => void) | undefined;

  open(): void {
    this.#isOpen = true;
    this.#turn += 1;
    this.#wake?.();
  }

  shut(): void {
    this.#isOpen = false;
  }

  /** Waits until one and the same question for a row stands unanswered while all else had its turn. */
  async pass(): Promise<void> {
    for (;;) {
      if (!this.#isOpen) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
      }
      const turn = this.#turn;
      await setImmediate();
      if (this.#isOpen && this.#turn === turn) return;
    }
  }
}

async function* bytesOf(
  parts: [name: string, bytes: Uint8Array][],
  rows: Part,
  length: number,
  valve: Valve,
) {
  for (const [name, bytes] of parts) {
    yield headerOf(name, bytes.length);
    yield bytes;
  }
  yield headerOf("xl/worksheets/sheet1.xml", length);
  let [passed, sinceRow, rowsBefore] = [0, 0, 0];
  for await (const chunk of unpacked(rows, rows.size)) {
    const wanted = chunk.subarray(0, length - passed);
    passed += wanted.length;
    await valve.pass();
    if (wanted.length === 0) return;
    sinceRow = valve.rows > rowsBefore ? wanted.length : sinceRow + wanted.length;
    rowsBefore = valve.rows;
    if (sinceRow > MAX_ROW_BYTES)
      throw new SourceFault(
        {},
        `After ${rowsBefore} rows comes one of more than ${MAX_ROW_BYTES} bytes: it is none of a table.`,
      );
    yield wanted;
  }
}

function streamOf(bytes: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await bytes.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await bytes.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

/** The parts of a workbook of one sheet, but for the sheet. */
async function smallParts({ strings, styles, is1904 }: Sheet): Promise<[name: string, bytes: Uint8Array][]> {
  const xml = (text: string) => new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
  const related = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`;
  const relations = (content: string) =>
    xml(`<Relationships xmlns="${PACKAGE}/relationships">${content}</Relationships>`);
  return [
    ["[Content_Types].xml", xml(`<Types xmlns="${PACKAGE}/content-types"></Types>`)],
    ["_rels/.rels", relations(related("rId1", "officeDocument", "xl/workbook.xml"))],
    [
      "xl/_rels/workbook.xml.rels",
      relations(
        related("rId1", "worksheet", "worksheets/sheet1.xml") +
          (strings ? related("rId2", "sharedStrings", "sharedStrings.xml") : "") +
          (styles ? related("rId3", "styles", "styles.xml") : ""),
      ),
    ],
    [
      "xl/workbook.xml",
      xml(
        `<workbook xmlns:r="${REL}"><workbookPr date1904="${is1904 ? 1 : 0}"/><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ),
    ],
    ...(strings
      ? [await bounded("xl/sharedStrings.xml", strings, MAX_STRINGS_BYTES, MAX_STRINGS_ELEMENTS)]
      : []),
    ...(styles ? [await bounded("xl/styles.xml", styles, MAX_STYLES_BYTES, MAX_STYLES_ELEMENTS)] : []),
  ];
}

const LESS_THAN = "<".charCodeAt(0);

async function bounded(
  name: string,
  part: Part,
  maxBytes: number,
  maxElements: number,
): Promise<[string, Uint8Array]> {
  const bytes = await wholePart(part, maxBytes);
  let tags = 0;
  for (let at = bytes.indexOf(LESS_THAN); at >= 0; at = bytes.indexOf(LESS_THAN, at + 1)) tags += 1;
  // An element has two of them, but for one without content.
  if (tags > maxElements * 2)
    throw new SourceFault(
      { at: part.name },
      `It has more than ${maxElements} elements, which do not fit into memory: save the sheet as CSV.`,
    );
  return [name, bytes];
}

/** The header of a part that is not packed (APPNOTE 4.3.7). */
function headerOf(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(30 + name.length);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt32LE(size, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  header.write(name, 30, "latin1");
  return header;
}
