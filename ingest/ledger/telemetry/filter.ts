// Pure. A Bloom filter of names: says "not here" of nearly all that is not here, and never of what is.
//
// B. H. Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 13 (7), 1970; all bits of a name in one line
// of the processor's cache, as F. Putze, P. Sanders and J. Singler, Cache-, hash- and space-efficient Bloom filters, 2007:
// with ten million names the four lines that it takes otherwise were a quarter of an event's time.

// With twelve bits a name or more, some ten of a thousand new names are looked up for nothing.
const BITS_A_NAME = 12;
const MIN_BITS = 1024;
const LINE_BITS_LOG2 = 9;
const LINE_BITS = 2 ** LINE_BITS_LOG2;
const WORD_BITS = 32;

export class NameFilter {
  readonly #words: Uint32Array;
  readonly #mask: number;
  /** How many names it is made for. */
  readonly capacity: number;

  constructor(capacity: number) {
    const bits = 2 ** Math.ceil(Math.log2(Math.max(MIN_BITS, capacity * BITS_A_NAME)));
    this.#words = new Uint32Array(bits / WORD_BITS);
    this.#mask = bits - 1;
    this.capacity = capacity;
  }

  /** @param name an integer below 2^52, a hash: its low half spreads evenly, also among names of one range */
  add(name: number): void {
    const words = this.#words;
    const low = (name % 2 ** 32) | 0;
    const line = ((low & this.#mask) >>> LINE_BITS_LOG2) * (LINE_BITS / WORD_BITS);
    const places = spread(low);
    words[line + ((places >>> 5) & 15)]! |= 1 << (places & 31);
    words[line + ((places >>> 14) & 15)]! |= 1 << ((places >>> 9) & 31);
    words[line + ((places >>> 23) & 15)]! |= 1 << ((places >>> 18) & 31);
  }

  mayHave(name: number): boolean {
    const words = this.#words;
    const low = (name % 2 ** 32) | 0;
    const line = ((low & this.#mask) >>> LINE_BITS_LOG2) * (LINE_BITS / WORD_BITS);
    const places = spread(low);
    return (
      (words[line + ((places >>> 5) & 15)]! & (1 << (places & 31))) !== 0 &&
      (words[line + ((places >>> 14) & 15)]! & (1 << ((places >>> 9) & 31))) !== 0 &&
      (words[line + ((places >>> 23) & 15)]! & (1 << ((places >>> 18) & 31))) !== 0
    );
  }
}

/** Three places in a line, nine bits each. */
const spread = (word: number): number => Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
