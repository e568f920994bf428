// Pure. A plain line → its fact, from bytes to bytes.

import { ByteMemory, HASH_CHARACTERS } from "./byte-memory.ts";
import { type Output, pieceOf, type Piece } from "./bytes.ts";
import { joints } from "./fact.ts";
import type { PlainLine } from "./plain.ts";
import { noPlatform } from "./platforms.ts";

/** An ID of ours, with its prefix. */
const OWN_CHARACTERS = 32;
/** A time up to its seconds. */
const SECONDS_CHARACTERS = "2026-01-05T10:00:00".length;

const { entitlement, activation, hostHash, userHash, id, appVersion, detail } = joints;
const pieces = {
  /** Ends a time, by the digits that its fraction has. */
  time: [".000000Z", "00000Z", "0000Z", "000Z", "00Z", "0Z", "Z"].map((end) => pieceOf(`${end}"`)),
  entitlement: pieceOf(entitlement),
  activation: pieceOf(activation),
  host: pieceOf(`${hostHash}"`),
  noHost: pieceOf(`${hostHash}null`),
  user: pieceOf(`${userHash}"`),
  noUser: pieceOf(`${userHash}null`),
  id: pieceOf(`${id}"`),
  appVersion: pieceOf(`${appVersion}"`),
  noAppVersion: pieceOf(`${appVersion}null`),
  detail: pieceOf(detail),
  noDetail: pieceOf(`${detail}{}}`),
};

const [QUOTE, CLOSE_OBJECT] = [0x22, 0x7d];

/** More than a fact has beside its ID, its version and its data: names of ours, two hashes, and a platform twice. */
const MAX_MORE = 1024;

/** A memory for each key that IDs are hashed under. */
const memories = new WeakMap<(id: string) => string, ByteMemory>();

export function memoryOf(hashId: (id: string) => string): ByteMemory {
  const memory = memories.get(hashId) ?? new ByteMemory(hashId);
  memories.set(hashId, memory);
  return memory;
}

/** Writes the fact of a line that was read, and found to be plain. */
export function writeFact(line: PlainLine, out: Output, memory: ByteMemory): void {
  const { view, type, platform = noPlatform } = line;
  if (!type) throw new TypeError("a line that is not plain has no fact here");
  out.reserve(
    line.idEnd -
      line.idBegin +
      line.versionEnd -
      line.versionBegin +
      line.dataEnd -
      line.dataBegin +
      MAX_MORE,
  );
  out.piece(type.head);
  writeTime(line, out);
  if (line.entitlement > 0)
    writeQuoted(out, pieces.entitlement, view, line.entitlement, line.entitlement + OWN_CHARACTERS);
  if (line.activation > 0)
    writeQuoted(out, pieces.activation, view, line.activation, line.activation + OWN_CHARACTERS);
  writeHash(line, out, memory, line.hostBegin, line.hostEnd, pieces.host, pieces.noHost);
  writeHash(line, out, memory, line.userBegin, line.userEnd, pieces.user, pieces.noUser);
  out.piece(platform.known);
  writeQuoted(out, pieces.id, view, line.idBegin, line.idEnd);
  out.piece(platform.said);
  if (line.versionEnd > 0) writeQuoted(out, pieces.appVersion, view, line.versionBegin, line.versionEnd);
  else out.piece(pieces.noAppVersion);
  if (line.dataEnd > 0) {
    out.piece(pieces.detail);
    out.copy(view, line.dataBegin, line.dataEnd);
    out.byte(CLOSE_OBJECT);
  } else out.piece(pieces.noDetail);
}

function writeTime({ view, timeBegin, timePlaces }: PlainLine, out: Output): void {
  const point = timePlaces === 0 ? 0 : 1;
  out.copy(view, timeBegin, timeBegin + SECONDS_CHARACTERS + point + timePlaces);
  out.piece(pieces.time[timePlaces] ?? pieces.noDetail);
}

function writeQuoted(out: Output, piece: Piece, view: DataView, begin: number, end: number): void {
  out.piece(piece);
  out.copy(view, begin, end);
  out.byte(QUOTE);
}

function writeHash(
  { bytes, view }: PlainLine,
  out: Output,
  memory: ByteMemory,
  begin: number,
  end: number,
  piece: Piece,
  none: Piece,
): void {
  if (end === 0) return out.piece(none);
  const at = memory.hashAt(bytes, view, begin, end);
  writeQuoted(out, piece, memory.view, at, at + HASH_CHARACTERS);
}
