// Workbooks for tests: whole ones, and archives that are wrong in every way.

import { crc32, deflateRawSync } from "node:zlib";

/** A part of an archive, and what of it is not as it should be. */
export interface Packed {
  name: string;
  content: string | Uint8Array;
  /** What stands for the content in the archive, instead of its deflated bytes. */
  packed?: Uint8Array;
  size?: number;
  crc?: number;
  flags?: number;
  method?: number;
  isStored?: boolean;
  /** Sizes stand where those of more than 4 GB do. */
  isLong?: boolean;
}

/** An archive of zip: local headers, then the directory, then its end. */
export function zipOf(parts: readonly Packed[]): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const part of parts) {
    const bytes = typeof part.content === "string" ? new TextEncoder().encode(part.content) : part.content;
    const packed = part.packed ?? (part.isStored ? bytes : deflateRawSync(bytes));
    const size = part.size ?? bytes.length;
    const name = Buffer.from(part.name);
    const isLong = part.isLong ?? size > 0xfffffffe;
    const extra = Buffer.alloc(isLong ? 28 : 0);
    if (isLong) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    // Version, flags, method, time, day, checksum, sizes and lengths stand in both headers, in this order.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(part.flags ?? 0, 2);
    common.writeUInt16LE(part.method ?? (part.isStored ? 0 : 8), 4);
    common.writeUInt32LE(part.crc ?? crc32(bytes), 10);
    common.writeUInt32LE(isLong ? 0xffffffff : packed.length, 14);
    common.writeUInt32LE(isLong ? 0xffffffff : size, 18);
    common.writeUInt16LE(name.length, 22);
    locals.push(u32(0x04034b50), common, name, packed);
    const central = Buffer.from(common);
    central.writeUInt16LE(extra.length, 24);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(isLong ? 0xffffffff : offset, 10);
    directory.push(u32(0x02014b50), Buffer.alloc(2), central, rest, name, extra);
    offset += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...locals, listed, u32(0x06054b50), end]));
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** What a workbook is made of; each may be replaced. */
export interface Book {
  sheet: string;
  strings?: string;
  workbook?: string;
  relations?: string;
  root?: string;
  /** How the sheet is packed. */
  packed?: Partial<Packed>;
  more?: Packed[];
}

/** A workbook with a sheet `Orders` of this XML. */
export function bookOf({ sheet, strings, workbook, relations, root, packed, more = [] }: Book): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`;
  return zipOf([
    { name: "[Content_Types].xml", content: "<Types/>" },
    {
      name: "_rels/.rels",
      content:
        root ?? `<Relationships>${relation("rId1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      content:
        workbook ??
        `<workbook xmlns:r="${REL}"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content:
        relations ??
        `<Relationships>${relation("rId1", "worksheet", "worksheets/sheet1.xml")}${relation("rId2", "sharedStrings", "sharedStrings.xml")}</Relationships>`,
    },
    ...(strings === undefined ? [] : [{ name: "xl/sharedStrings.xml", content: strings }]),
    { name: "xl/worksheets/sheet1.xml", content: sheet, ...packed },
    ...more,
  ]);
}

/** A sheet of these rows, as XML of their cells. */
export const sheetOf = (rows: readonly string[], after = ""): string =>
  `<worksheet><sheetData>${rows.map((cells, index) => `<row r="${index + 1}">${cells}</row>`).join("")}</sheetData>${after}</worksheet>`;

/** Cells of texts. */
export const texts = (...cells: string[]): string =>
  cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join("");

/** So many bytes of zeros, packed: as small as a deflated file can be of what it unpacks to. */
export function zeros(bytes: number): Uint8Array {
  const block = 16 * 1024 * 1024;
  // Without the last two bytes, an empty last block, it can be followed by another.
  const packed = deflateRawSync(new Uint8Array(block), { finishFlush: 3, level: 9 });
  const last = deflateRawSync(new Uint8Array(bytes % block));
  return new Uint8Array(
    Buffer.concat([...Array.from({ length: Math.floor(bytes / block) }, () => packed), last]),
  );
}
