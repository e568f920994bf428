// Pure. A Bloom filter of names: says "not here" of nearly all that is not here, and never of what is.
// B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 13 (7), 1970.

// With twelve bits a name or more and four probes, some six of a thousand new names are looked up for nothing.
const BITS_A_NAME = 12;
const PROBES = 4;
const MIN_BITS = 1024;

export class NameFilter {
  readonly #words: Uint32Array;
  readonly #mask: number;
  /** How many names it is made for. */
  readonly capacity: number;

  constructor(capacity: number) {
    const bits = 2 ** Math.ceil(Math.log2(Math.max(MIN_BITS, capacity * BITS_A_NAME)));
    this.#words = new Uint32Array(bits / 32);
    this.#mask = bits - 1;
    this.capacity = capacity;
  }

  /** @param name an integer below 2^52, a hash: its low half spreads evenly, also among names of one range */
  add(name: number): void {
    let place = (name % 2 ** 32) | 0;
    const step = Math.imul(place ^ (place >>> 15), 0x2c1b3c6d) | 1;
    for (let i = 0; i < PROBES; i++, place = (place + step) | 0) {
      const bit = place & this.#mask;
      this.#words[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  mayHave(name: number): boolean {
    let place = (name % 2 ** 32) | 0;
    const step = Math.imul(place ^ (place >>> 15), 0x2c1b3c6d) | 1;
    for (let i = 0; i < PROBES; i++, place = (place + step) | 0) {
      const bit = place & this.#mask;
      if ((this.#words[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}
