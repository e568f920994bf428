// Pure. Text in bytes: looked at in place, copied four bytes at a time, and never made a string on the way.

/** Bytes that follow any text that is looked at here, so that nobody has to ask for each of them whether it is there. */
export const PADDING = 16;

/** A text that is written or looked for often: ASCII, and {@link PADDING} after it. */
export interface Piece {
  view: DataView<ArrayBuffer>;
  length: number;
}

export function pieceOf(text: string): Piece {
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(encoded.length + PADDING);
  bytes.set(encoded);
  return { view: new DataView(bytes.buffer), length: encoded.length };
}

/** Whether a piece of four bytes or more stands at a place. It is looked at from the front: what ends sooner is not passed. */
export function holds(view: DataView, at: number, piece: Piece): boolean {
  const { view: own, length } = piece;
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (view.getInt32(at + i, true) !== own.getInt32(i, true)) return false;
  return view.getInt32(at + last, true) === own.getInt32(last, true);
}

const [PLAIN, SEPARATOR, OTHER] = [0, 1, 2];
const [HYPHEN, SPACE, QUOTE, BACKSLASH] = [0x2d, 0x20, 0x22, 0x5c];
/** Of printable ASCII, all but quotes and backslashes stands for itself in JSON. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === HYPHEN || byte === SPACE) return SEPARATOR;
  return byte < SPACE || byte > 0x7e || byte === QUOTE || byte === BACKSLASH ? OTHER : PLAIN;
});

// An activation code is written in four groups of five.
const GROUP = 6;

/**
 * Where a text of plain characters ends that begins at a place. It ends as well before what may be an activation code, or
 * has its separators: whoever expects a quote finds none.
 */
export function endOfText(bytes: Uint8Array, begin: number): number {
  for (let i = begin; ; i++) {
    const byte = bytes[i] ?? 0;
    const kind = kinds[byte];
    if (kind === PLAIN) continue;
    if (kind === OTHER || (bytes[i + GROUP] === byte && bytes[i + 2 * GROUP] === byte)) return i;
  }
}

const MAX_KEPT_BYTES = 1024 * 1024;

/** Bytes that are written one after the other. */
export class Output {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  /** How many there are. */
  length = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size + PADDING);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Makes room: what is written next may be so long, and {@link PADDING} more is touched. */
  reserve(more: number): void {
    const needed = this.length + more + PADDING;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#take(grown);
  }

  /** Writes what stands elsewhere. Short as it is, a loop here takes a third of what `TypedArray.set` does. */
  copy(from: DataView, begin: number, end: number): void {
    const view = this.#view;
    const shift = this.length - begin;
    for (let i = begin; i < end; i += 4) view.setInt32(i + shift, from.getInt32(i, true), true);
    this.length = end + shift;
  }

  piece({ view, length }: Piece): void {
    this.copy(view, 0, length);
  }

  byte(byte: number): void {
    this.#bytes[this.length++] = byte;
  }

  /** Writes a text of any kind, and makes room for it. */
  text(text: string): void {
    // UTF-8 has three bytes at most for each half of a character in a string.
    this.reserve(3 * text.length);
    this.length += encoder.encodeInto(text, this.#bytes.subarray(this.length)).written;
  }

  /** What was written: to be used before more is. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  /** Forgets what was written. What it grew to stays, but for what only a huge text needed. */
  clear(): void {
    this.length = 0;
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#take(new Uint8Array(MAX_KEPT_BYTES));
  }

  #take(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

const encoder = new TextEncoder();
