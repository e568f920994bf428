// An archive of zip (APPNOTE 6.3) in memory → its parts, and their bytes as they are unpacked. What is unpacked is bounded, and
// its size and checksum are held against what the archive says: a file that was cut off, damaged or made to fill a disk is
// refused before anybody reads what is in it. The workbook's reader looks at none of that in a stream.

import { createInflateRaw, crc32 } from "node:zlib";
import { SourceFault } from "../importer.ts";

/** A file in the archive. */
export interface Part {
  name: string;
  /** What was packed, as it lies in the archive. */
  packed: Uint8Array;
  isDeflated: boolean;
  /** Bytes that it unpacks to, as the archive says. */
  size: number;
  crc: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const MAX_COMMENT_LENGTH = 0xffff;
/** What stands in place of a number that does not fit. */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffffffff;

/** Workbooks have some tens; a thousand sheets have some thousands. */
const MAX_PARTS = 10_000;

/** Bytes that are unpacked at a time. */
const CHUNK_BYTES = 1024 * 1024;

const damaged = (what: string): SourceFault =>
  new SourceFault(
    {},
    `The file is a damaged archive, or was cut off: ${what}. Get it again from where it came.`,
  );

/**
 * The parts of an archive by their names, lowercase.
 * @throws SourceFault where it is none, is damaged, or is encrypted
 */
export function partsOf(archive: Uint8Array): Map<string, Part> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const parts = new Map<string, Part>();
  try {
    let { at, count } = directoryOf(view);
    if (count > MAX_PARTS) throw new SourceFault({}, `The archive has ${count} parts: it is no workbook.`);
    for (; count > 0; count--) {
      const { part, next } = partAt(archive, view, at);
      parts.set(part.name.toLowerCase(), part);
      at = next;
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged("its directory ends too early");
    throw error;
  }
  return parts;
}

/** Where the directory of the archive is, and how much it lists. */
function directoryOf(view: DataView): { at: number; count: number } {
  for (
    let at = view.byteLength - END_LENGTH;
    at >= 0 && at >= view.byteLength - END_LENGTH - MAX_COMMENT_LENGTH;
    at--
  ) {
    if (view.getUint32(at, true) !== END || at + END_LENGTH + view.getUint16(at + 20, true) > view.byteLength)
      continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    if (count !== ELSEWHERE_16 && offset !== ELSEWHERE_32) return { at: offset, count };
    if (view.getUint32(at - LOCATOR_LENGTH, true) !== LOCATOR_64) throw damaged("its directory is not found");
    const end = long(view, at - LOCATOR_LENGTH + 8);
    if (view.getUint32(end, true) !== END_64) throw damaged("its directory is not found");
    return { at: long(view, end + 48), count: long(view, end + 32) };
  }
  throw damaged("it has no directory at its end");
}

function partAt(archive: Uint8Array, view: DataView, at: number): { part: Part; next: number } {
  if (view.getUint32(at, true) !== CENTRAL) throw damaged("its directory has something else in it");
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
  const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  const [size, packedSize, offset] = numbersOf(view, at, at + 46 + nameLength, extraLength);
  if ((flags & 1) !== 0)
    throw new SourceFault({ at: name }, "The archive is encrypted: save the workbook without a password.");
  if (method !== 0 && method !== 8)
    throw new SourceFault(
      { at: name },
      "The archive is packed in a way that workbooks are not: save it anew as xlsx.",
    );
  if (view.getUint32(offset, true) !== LOCAL) throw damaged(`${name} is not where its directory says`);
  const begin = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (begin + packedSize > archive.length) throw damaged(`${name} ends too early`);
  const packed = archive.subarray(begin, begin + packedSize);
  return { part: { name, packed, isDeflated: method === 8, size, crc: view.getUint32(at + 16, true) }, next };
}

/** Size, packed size and offset; where they do not fit in 32 bits they stand, in this order, in a field of their own. */
function numbersOf(view: DataView, at: number, extra: number, length: number): [number, number, number] {
  const short = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  let field = extra;
  while (field < extra + length && view.getUint16(field, true) !== 1)
    field += 4 + view.getUint16(field + 2, true);
  let value = field + 4;
  return short.map((number) => {
    if (number !== ELSEWHERE_32) return number;
    value += 8;
    return long(view, value - 8);
  }) as [number, number, number];
}

function long(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damaged("its directory has numbers that cannot be");
  return value;
}

/**
 * A part's bytes, unpacked.
 * @throws SourceFault where it is larger than it may be, or not what the archive says
 */
export async function* unpacked(part: Part, maxBytes: number): AsyncGenerator<Uint8Array> {
  const { name, size } = part;
  if (size > maxBytes)
    throw new SourceFault(
      { at: name },
      `It would unpack to ${size} bytes, and up to ${maxBytes} are read: save it as CSV.`,
    );
  let [bytes, crc] = [0, 0];
  for await (const chunk of chunksOf(part)) {
    bytes += chunk.length;
    // Whoever makes a bomb does not say how large it is.
    if (bytes > size)
      throw new SourceFault({ at: name }, `It unpacks to more than the ${size} bytes that the archive says.`);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (bytes < size || crc !== part.crc) throw damaged(`${name} is not as it was when it was packed`);
}

async function* chunksOf({ name, packed, isDeflated }: Part): AsyncGenerator<Uint8Array> {
  if (!isDeflated) {
    for (let at = 0; at < packed.length; at += CHUNK_BYTES) yield packed.subarray(at, at + CHUNK_BYTES);
    return;
  }
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  inflate.end(packed);
  try {
    for await (const chunk of inflate) yield chunk as Uint8Array;
  } catch (error) {
    throw error instanceof Error && "code" in error
      ? damaged(`${name} does not unpack (${error.message})`)
      : error;
  }
}

/** A part's bytes in one piece. */
export async function wholePart(part: Part, maxBytes: number): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(unpacked(part, maxBytes));
  return Buffer.concat(chunks);
}
