// Pure. Names with the places of their events, sorted by name and packed into bytes: a block of the register of names.

/** Two numbers an entry: the name, and the `seq` of its event. */
export const ENTRY_NUMBERS = 2;
export const ENTRY_BYTES = ENTRY_NUMBERS * 8;

/** Entries of a blob, as numbers. */
export function entriesOf(blob: Uint8Array): Float64Array {
  // Numbers begin at a multiple of eight; a blob may lie anywhere.
  const bytes = blob.byteOffset % 8 === 0 ? blob : blob.slice();
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}

/** The same as bytes. */
export const bytesOf = (numbers: Float64Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** The places under a name, in rising order. */
export function placesOf(entries: Float64Array, name: number): number[] {
  let [low, high] = [0, entries.length / ENTRY_NUMBERS];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle * ENTRY_NUMBERS]! < name) low = middle + 1;
    else high = middle;
  }
  const places: number[] = [];
  for (let at = low * ENTRY_NUMBERS; entries[at] === name; at += ENTRY_NUMBERS) places.push(entries[at + 1]!);
  return places;
}

/** Two sorted lists as one. */
export function merged(one: Float64Array, other: Float64Array): Float64Array {
  const both = new Float64Array(one.length + other.length);
  let [i, j] = [0, 0];
  for (let at = 0; at < both.length; at += ENTRY_NUMBERS) {
    const isOne =
      j === other.length ||
      (i < one.length && (one[i]! < other[j]! || (one[i] === other[j] && one[i + 1]! <= other[j + 1]!)));
    if (isOne) {
      both[at] = one[i]!;
      both[at + 1] = one[i + 1]!;
      i += ENTRY_NUMBERS;
    } else {
      both[at] = other[j]!;
      both[at + 1] = other[j + 1]!;
      j += ENTRY_NUMBERS;
    }
  }
  return both;
}

/** Names and their places, side by side, sorted. */
export function sorted(noted: readonly number[]): Float64Array {
  const order = Uint32Array.from(
    { length: noted.length / ENTRY_NUMBERS },
    (_, i) => i * ENTRY_NUMBERS,
  ).toSorted((a, b) => noted[a]! - noted[b]! || noted[a + 1]! - noted[b + 1]!);
  const entries = new Float64Array(noted.length);
  for (const [i, at] of order.entries()) {
    entries[i * ENTRY_NUMBERS] = noted[at]!;
    entries[i * ENTRY_NUMBERS + 1] = noted[at + 1]!;
  }
  return entries;
}

/**
 * Cuts entries into pieces of about the same length, `max` entries at most, but for one name that has more by itself:
 * a name is never in two pieces.
 */
export function pieces(entries: Float64Array, max: number): Float64Array[] {
  const count = entries.length / ENTRY_NUMBERS;
  const length = Math.ceil(count / Math.ceil(count / max));
  const cut: Float64Array[] = [];
  for (let begin = 0; begin < entries.length;) {
    let end = Math.min(begin + length * ENTRY_NUMBERS, entries.length);
    while (end < entries.length && entries[end] === entries[end - ENTRY_NUMBERS]) end += ENTRY_NUMBERS;
    cut.push(entries.subarray(begin, end));
    begin = end;
  }
  return cut.length === 0 ? [entries] : cut;
}
