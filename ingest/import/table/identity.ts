// Pure. What names a row's right for ever, from what stands in the row alone.
//
// A table that has no numbers of lines gives a line the number of its product: a hash, and where the order has that number
// already, the next one that is free. To count rows instead would be easier to read; but a row that is inserted, a table that is
// sorted anew, or an order whose rows are in two files would then give the numbers of other lines, and a line would be recorded
// twice or taken for another. As it is, a line keeps its number whatever stands around it, also when its price, its dates or its
// customer were corrected. What does depend on the order of rows: lines of one order for the same product (and, once in some
// hundred thousand orders, products whose hashes meet). Where those are sorted anew and differ, the import says so as a conflict.

import { hash } from "node:crypto";

/** As the ledger counts lines. */
export const MAX_LINE_NUMBER = 1_000_000;

/** Rows of a table whose numbers are given here: more than this would take more than 400 MB while the table grows. */
export const MAX_COUNTED_ROWS = 16_000_000;

/** Lines of one order for one product: the ledger takes 500 lines, and each is looked for from the first on. */
export const MAX_ALIKE = 1000;

const ID = /^[A-Za-z0-9][A-Za-z0-9._:/#@+=-]{0,100}$/;
const READABLE_LENGTH = 80;

/**
 * An ID of the source as one that we can keep. What has other characters keeps what can be read of it, and a hash so that it
 * stays apart from all others.
 */
export function keptId(text: string): string {
  if (ID.test(text)) return text;
  const readable = text.replaceAll(/[^A-Za-z0-9._:/#@+=-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "");
  return `${readable.slice(0, READABLE_LENGTH) || "id"}:${hashOf([text]).slice(0, 12)}`;
}

/** The hash of what makes something what it is: 32 hex digits. */
export function hashOf(parts: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(parts), "hex").slice(0, 32);
}

/** The numbers of lines of one table's orders. */
export class LineNumbers {
  /** Numbers that are given: hashes of order and number, of 53 bits, in a table that is at most half full. 0 is free. */
  #given = new Float64Array(1024);
  #count = 0;

  /** How many were given. */
  get count(): number {
    return this.#count;
  }

  /** @returns undefined where the order has more lines for one product than any order has */
  next(order: string, product: string): number | undefined {
    const [high, low] = hashesOf(order, FNV_BASIS);
    const [start] = hashesOf(product.toLowerCase(), high ^ low);
    if (this.#count * 2 >= this.#given.length) this.#grow();
    for (let step = 0; step < MAX_ALIKE; step++) {
      const number = ((start + step) % MAX_LINE_NUMBER) + 1;
      if (this.#give(keyOf(high, low, number))) return number;
    }
    return undefined;
  }

  #give(key: number): boolean {
    const mask = this.#given.length - 1;
    let slot = key & mask;
    for (let found = this.#given[slot]; found !== 0; found = this.#given[slot]) {
      if (found === key) return false;
      slot = (slot + 1) & mask;
    }
    this.#given[slot] = key;
    this.#count += 1;
    return true;
  }

  #grow(): void {
    const before = this.#given;
    this.#given = new Float64Array(before.length * 2);
    this.#count = 0;
    for (const key of before) if (key !== 0) this.#give(key);
  }
}

// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), twice and from different beginnings: nobody can gain by a collision, which
// gives a line another number.
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function hashesOf(text: string, basis: number): [high: number, low: number] {
  let high = basis;
  let low = ~basis;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, FNV_PRIME);
    low = Math.imul(low ^ code ^ (high >>> 13), FNV_PRIME);
  }
  return [mixed(high), mixed(low)];
}

/** Spreads what differs in the last characters over all bits (the end of MurmurHash3). */
function mixed(hash32: number): number {
  let h = hash32 ^ (hash32 >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Order and number as one whole number below 2^53, never 0. */
function keyOf(high: number, low: number, number: number): number {
  const upper = mixed(high ^ number) & 0x1fffff;
  const lower = mixed(low ^ Math.imul(number, FNV_PRIME));
  return upper * 0x1_0000_0000 + lower + 1;
}
