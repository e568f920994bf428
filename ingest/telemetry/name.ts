// Pure. A short name for a sender's ID.

// Odd numbers with their bits spread: each word of the ID is multiplied through two states, which turn by other amounts.
const [FIRST, SECOND] = [0x9e3779b1, 0xc2b2ae3d];
const HIGH_BITS = 20;

/**
 * A hash of bytes: an integer of 52 bits, spread evenly. Who wants to can find two IDs of one name, so it decides nothing
 * alone.
 * @param view at least four bytes follow what is hashed
 */
export function nameOf(view: DataView, begin: number, end: number): number {
  let [low, high] = [begin - end, end - begin];
  const last = end - 4;
  let i = begin;
  for (; i <= last; i += 4) {
    const word = view.getInt32(i, true);
    low = Math.imul(low ^ word, FIRST);
    low = (low << 15) | (low >>> 17);
    high = Math.imul(high ^ word, SECOND);
    high = (high << 11) | (high >>> 21);
  }
  if (i < end) {
    const rest = view.getInt32(i, true) & ((1 << (8 * (end - i))) - 1);
    low = Math.imul(low ^ rest, FIRST);
    high = Math.imul(high ^ rest, SECOND);
  }
  low = spread(low ^ (high >>> 15));
  high = spread(high ^ low);
  return (high >>> (32 - HIGH_BITS)) * 2 ** 32 + (low >>> 0);
}

/** Every bit of a word to every other: multiplication alone carries none downward. */
function spread(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), FIRST);
  const twice = Math.imul(once ^ (once >>> 13), SECOND);
  return twice ^ (twice >>> 16);
}
