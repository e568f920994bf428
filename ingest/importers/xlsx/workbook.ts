// A workbook in memory → the parts of one of its sheets. What is in an archive beside them is never unpacked.

import { readXml } from "hucre/xml";
import { SourceFault, type Source } from "../importer.ts";
import { type Part, partsOf, wholePart } from "./zip.ts";

/** A sheet, and what its cells refer to. */
export interface Sheet {
  name: string;
  rows: Part;
  strings: Part | undefined;
  styles: Part | undefined;
  /** Days are counted from 1904 on. */
  is1904: boolean;
}

/** Directories of a workbook: those with a thousand sheets have some hundred kilobytes. */
const MAX_DIRECTORY_BYTES = 2 * 1024 * 1024;

/** What people take for a workbook, by its first bytes. */
const others: { begins: readonly number[]; is: string }[] = [
  {
    begins: [0xd0, 0xcf, 0x11, 0xe0],
    is: "encrypted with a password, or of old Excel: save it as xlsx without a password",
  },
  { begins: [0x1f, 0x8b], is: "compressed by gzip: unpack it first" },
  { begins: [0x25, 0x50, 0x44, 0x46], is: "a PDF" },
];

/**
 * A file as a whole: what is where in an archive stands at its end.
 * @throws SourceFault where it is larger than it may be
 */
export async function archiveOf(source: Source, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source.bytes()) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new SourceFault(
        {},
        `The workbook has more than ${maxBytes} bytes: save it as CSV, which may be larger.`,
      );
    // The source may use its piece again.
    chunks.push(chunk.slice());
  }
  return Buffer.concat(chunks);
}

/**
 * Finds a sheet.
 * @param wanted its name; undefined for the first
 * @throws SourceFault where the file is no workbook, or has no such sheet
 */
export async function sheetOf(archive: Uint8Array, wanted: string | undefined): Promise<Sheet> {
  refuseOther(archive);
  const parts = partsOf(archive);
  const workbookPath = (await relationsOf(parts, ""))
    .find(({ type }) => type.endsWith("/officeDocument"))
    ?.target.toLowerCase();
  if (workbookPath === undefined)
    throw new SourceFault({}, `The archive is no workbook of xlsx${hint(parts)}.`);
  if (workbookPath.endsWith(".bin"))
    throw new SourceFault({}, "The workbook is a binary one (xlsb): save it as xlsx.");
  const workbook = await textOf(parts, workbookPath);
  const relations = await relationsOf(parts, workbookPath);
  const sheets = elementsOf(workbook, "sheet").flatMap((sheet) => {
    const id = Object.entries(sheet).find(([key]) => /:id$/i.test(key))?.[1];
    const target = relations.find(
      (relation) => relation.id === id && relation.type.endsWith("/worksheet"),
    )?.target;
    return target === undefined ? [] : [{ name: sheet["@name"] ?? "", target }];
  });
  const sheet = sheets.find(({ name }) => wanted === undefined || name === wanted);
  if (!sheet) {
    const there = sheets.slice(0, 50).map(({ name }) => JSON.stringify(name));
    const what = wanted === undefined ? "no sheet with cells" : `no sheet ${JSON.stringify(wanted)}`;
    throw new SourceFault({}, `The workbook has ${what}. Its sheets are: ${there.join(", ") || "none"}.`);
  }
  const related = (type: string) => {
    const target = relations.find((relation) => relation.type.endsWith(type))?.target;
    return target === undefined ? undefined : parts.get(target.toLowerCase());
  };
  return {
    name: sheet.name,
    rows: partNamed(parts, sheet.target),
    strings: related("/sharedStrings"),
    styles: related("/styles"),
    is1904: elementsOf(workbook, "workbookPr").some((it) => ["1", "true"].includes(it["@date1904"] ?? "")),
  };
}

function refuseOther(archive: Uint8Array): void {
  const other = others.find(({ begins }) => begins.every((byte, index) => archive[index] === byte));
  if (other) throw new SourceFault({}, `The file is ${other.is}.`);
  if (archive[0] !== 0x50 || archive[1] !== 0x4b)
    throw new SourceFault(
      {},
      "The file is no workbook: xlsx is an archive, and this is none. If it is text, say `csv`.",
    );
}

function hint(parts: ReadonlyMap<string, Part>): string {
  return parts.has("content.xml") ? ", but one of OpenDocument: save it as xlsx" : "";
}

/** Names in a workbook are the same in upper and lower case (ECMA-376, part 2, 6.2.2.3). */
function partNamed(parts: ReadonlyMap<string, Part>, name: string): Part {
  const part = parts.get(name.toLowerCase());
  if (!part)
    throw new SourceFault({ at: name }, "The workbook is damaged: it names a part that is not in it.");
  return part;
}

async function textOf(parts: ReadonlyMap<string, Part>, name: string): Promise<string> {
  return new TextDecoder().decode(await wholePart(partNamed(parts, name), MAX_DIRECTORY_BYTES));
}

interface Relation {
  id: string;
  type: string;
  /** From the root. */
  target: string;
}

/** What a part refers to; `""` is the package itself. */
async function relationsOf(parts: ReadonlyMap<string, Part>, path: string): Promise<Relation[]> {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const name = `${folder}_rels/${path.slice(folder.length)}.rels`;
  if (!parts.has(name)) return [];
  return elementsOf(await textOf(parts, name), "Relationship").map((relation) => ({
    id: relation["@Id"] ?? "",
    type: relation["@Type"] ?? "",
    target: resolved(relation["@Target"] ?? "", folder),
  }));
}

/** What leads out of the package has a scheme of its own: it is asked for nowhere, and no part is called so. */
function resolved(target: string, folder: string): string {
  try {
    return decodeURI(new URL(target, `package:/${folder}`).pathname.slice(1));
  } catch {
    return "";
  }
}

/** The attributes of all elements of a name. */
function elementsOf(xml: string, name: string): Record<string, string | undefined>[] {
  try {
    return readXml(xml, { rowTag: name, stripNamespaces: true }).data as Record<string, string | undefined>[];
  } catch {
    throw new SourceFault({}, "The workbook is damaged: its directory is no XML.");
  }
}
