// Pure. What was hashed lately, found by bytes: hosts and users that tell of themselves again and again.

import { PADDING } from "./bytes.ts";
import { nameOf } from "./name.ts";

/** Characters of the hash of a host's or a user's ID. */
export const HASH_CHARACTERS = 32;

// With the hashes 3 MB, of which only what is used is ever touched. An ID has one place of four that follow one another:
// IDs that are many, or were made to meet, push each other out in turn, and looking one up takes no longer for it.
const SLOTS = 1 << 15;
const TRIES = 4;
/** Longer IDs are hashed each time, into a place of their own. */
const MAX_ID = 64;
const PASSING = SLOTS + TRIES;

/** Hashes of IDs, by the IDs' bytes: to make a string of an ID and look that up took as long as the rest of its line. */
export class ByteMemory {
  readonly #hashId: (id: string) => string;
  #turn = 0;
  readonly #lengths = new Uint8Array(PASSING);
  readonly #ids = new Uint8Array(PASSING * MAX_ID + PADDING);
  readonly #idsView = new DataView(this.#ids.buffer);
  readonly #hashes = new Uint8Array((PASSING + 1) * HASH_CHARACTERS + PADDING);
  /** The hashes, {@link HASH_CHARACTERS} each. */
  readonly view = new DataView(this.#hashes.buffer);

  constructor(hashId: (id: string) => string) {
    this.#hashId = hashId;
  }

  /**
   * Where in `view` the hash of an ID begins; it stays there until the next ID is asked for.
   * @param bytes the ID is ASCII there, from `begin` to `end`, and not empty
   */
  hashAt(bytes: Uint8Array, view: DataView, begin: number, end: number): number {
    const length = end - begin;
    if (length > MAX_ID) return this.#hash(PASSING, bytes.subarray(begin, end));
    const home = nameOf(view, begin, end) & (SLOTS - 1);
    let free = -1;
    for (let slot = home; slot < home + TRIES; slot++) {
      const taken = this.#lengths[slot];
      if (taken === length && this.#isAt(slot, view, begin, length)) return slot * HASH_CHARACTERS;
      if (taken === 0) {
        free = slot;
        break;
      }
    }
    if (free < 0) free = home + (this.#turn++ % TRIES);
    const id = bytes.subarray(begin, end);
    const at = this.#hash(free, id);
    this.#lengths[free] = length;
    this.#ids.set(id, free * MAX_ID);
    return at;
  }

  #isAt(slot: number, view: DataView, begin: number, length: number): boolean {
    const ids = this.#idsView;
    const at = slot * MAX_ID;
    let i = 0;
    for (; i + 4 <= length; i += 4)
      if (ids.getInt32(at + i, true) !== view.getInt32(begin + i, true)) return false;
    const rest = (1 << (8 * (length - i))) - 1;
    return ((ids.getInt32(at + i, true) ^ view.getInt32(begin + i, true)) & rest) === 0;
  }

  #hash(slot: number, id: Uint8Array): number {
    const hash = this.#hashId(String.fromCharCode(...id));
    const at = slot * HASH_CHARACTERS;
    if (hash.length !== HASH_CHARACTERS)
      throw new TypeError(`a hash has ${HASH_CHARACTERS} characters, not ${hash.length}`);
    for (let i = 0; i < HASH_CHARACTERS; i++) this.#hashes[at + i] = hash.charCodeAt(i);
    return at;
  }
}
