// Pure. Chance from a seed: the same seed gives the same draws, on any machine.

/**
 * The generator sfc32 ("small fast counter") by Chris Doty-Humphrey, from PractRand 0.94, which it passes: 128 bits of
 * state, one word of them a counter. Seeded as PractRand's `sfc32::seed(Uint64)` does: 12 outputs are thrown away.
 * Not for secrets.
 * @param low the lower 32 bits of the seed
 * @param high the upper 32 bits of the seed
 * @returns a function that draws the next integer from 0 to 2^32 - 1
 */
export function sfc32(low: number, high: number): () => number {
  let a = 0;
  let b = low | 0;
  let c = high | 0;
  let counter = 1;
  const next = () => {
    const drawn = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return drawn >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

/** Draws of every shape that the demo needs. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** A uniform integer, both ends included. */
  integer(lowest: number, highest: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items, all alike. */
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight says against the sum. Weights of zero are never drawn. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** Log-normal: half of the draws lie below the median, and `sigma` is the deviation of the logarithm. */
  lognormal(median: number, sigma: number): number;
  /** Exponential with this mean. */
  exponential(mean: number): number;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
  /** A generator of its own, named: what one part of the year draws does not shift what another draws. */
  fork(name: string): Random;
}

/** A generator for a seed and, after {@link Random.fork}, a path of names. */
export function createRandom(path: string): Random {
  const next = sfc32(fnv1a(path, 0x811c9dc5), fnv1a(path, 0x9747b28c));
  // 53 bits from two draws, as MT19937's genrand_res53 does: all that a double holds below one.
  const uniform = () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  const integer = (lowest: number, highest: number) =>
    lowest + Math.floor(uniform() * (highest - lowest + 1));
  const random: Random = {
    uniform,
    integer,
    chance: (probability) => uniform() < probability,
    pick(items) {
      return itemAt(items, integer(0, items.length - 1));
    },
    weighted(items, weight) {
      let left = uniform() * items.reduce((sum, item) => sum + weight(item), 0);
      const found = items.findIndex((item) => (left -= weight(item)) < 0);
      // Rounding may leave a trace above zero after the last: then it is the last that has a weight at all.
      return itemAt(items, found === -1 ? items.findLastIndex((item) => weight(item) > 0) : found);
    },
    lognormal: (median, sigma) => median * Math.exp(sigma * normal(uniform)),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(""),
    fork: (name) => createRandom(`${path}/${name}`),
  };
  return random;
}

/** A standard normal draw by the transform of Box and Muller (1958). */
function normal(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** FNV-1a over UTF-16 units, 32 bits, from a basis of choice: two bases give the 64 bits of a seed. */
function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (items.length === 0) throw new RangeError("nothing to pick from");
  return items[index] as T;
}
