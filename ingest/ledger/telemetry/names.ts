// Which names of telemetry are on record, and where: for a billion random IDs as for a thousand.
//
// An index by random IDs touches a page of its B-tree for each (measured: 20 microseconds an event at 700,000 rows). So new
// names are only noted, a row for each command, and kept in memory until there are many for every block of the sorted
// register; blocks take them in turn. Nearly every name is new, and a filter in memory says so without looking.

import type { Sql } from "../sql.ts";
import {
  bytesOf,
  entriesOf,
  ENTRY_BYTES,
  ENTRY_NUMBERS,
  merged,
  pieces,
  placesOf,
  sorted,
} from "./entries.ts";
import { NameFilter } from "./filter.ts";

/** Names are hashes: integers below this, spread evenly. */
export const NAMES = 2 ** 52;

/** How large parts of the register are: set smaller by tests, which have fewer names. */
export interface RegisterSizes {
  /** Blocks that a register begins with. */
  blocks: number;
  /** Entries of a block at most, 16 bytes each: read to look up one name, and written with every turn of it. */
  blockEntries: number;
  /** Names that are noted and in no block yet: this share of all, within bounds. In memory, 16 bytes each. */
  notedShare: number;
  leastNoted: number;
  mostNoted: number;
}

// With a quarter, a name that comes into its block has four others written again; measured at ten million, an eighth made the
// whole path 22 % slower than with ten thousand. At most 64 MB wait.
const SIZES: RegisterSizes = {
  blocks: 64,
  blockEntries: 4096,
  notedShare: 1 / 4,
  leastNoted: 65_536,
  mostNoted: 4_194_304,
};

/** A range of names: those in its row, and those that are noted. */
interface Block {
  /** Its first name; it ends where the next begins. */
  from: number;
  /** How many are in its row. */
  count: number;
  /** Up to this place, every name of its range is in its row. */
  through: number;
  /** Made when a name is first looked for. */
  filter: NameFilter | undefined;
  /** Each name that is noted, and its place after it: side by side, for memory is slow to come. */
  noted: number[];
}

/** The register, in memory what its two tables say. */
export class TelemetryNames {
  readonly #sql: Sql;
  readonly #sizes: RegisterSizes;
  #blocks: Block[] | undefined;
  /** Where each block begins: searched for every name. */
  #froms = new Float64Array();
  /** The name that was looked for last, and its block: who finds none adds it. */
  #sought: { name: number; block: Block } | undefined;
  /** The block whose turn is next. */
  #turn = 0;
  /** All names; those of them that are in no block's row; and the place of the newest. */
  #count = 0;
  #noted = 0;
  #last = 0;
  /** Names of this transaction: of the events up to place `#last`, one after another. */
  #unwritten: number[] = [];

  constructor(sql: Sql, sizes = SIZES) {
    this.#sql = sql;
    this.#sizes = sizes;
  }

  /** Makes sure that memory says what the tables say: another process may have written them. */
  refresh(): void {
    const last = this.#sql.get<{ last: number | null }>("select max(seq) as last from telemetry_noted")?.last;
    if (this.#blocks && (last ?? 0) === this.#last) return;
    this.#load();
  }

  /** What memory has may not be on record: a transaction was undone. */
  forget(): void {
    this.#blocks = undefined;
    this.#unwritten = [];
  }

  /** The places of the events under a name, in rising order: none for nearly every new one. */
  find(name: number): number[] {
    const block = this.#blockOf(name);
    this.#sought = { name, block };
    if (!this.#filterOf(block).mayHave(name)) return [];
    const places = block.count === 0 ? [] : placesOf(this.#read(block), name);
    const { noted } = block;
    for (let at = 0; at < noted.length; at += ENTRY_NUMBERS)
      if (noted[at] === name) places.push(noted[at + 1]!);
    return places;
  }

  /** Notes the name of the next event: places follow one another. */
  add(name: number, seq: number): void {
    const block = this.#sought?.name === name ? this.#sought.block : this.#blockOf(name);
    const filter = this.#filterOf(block);
    block.noted.push(name, seq);
    filter.add(name);
    this.#unwritten.push(name);
    this.#count += 1;
    this.#noted += 1;
    this.#last = seq;
  }

  /** Writes what was added. To be called in its transaction, once for places that follow one another. */
  settle(): void {
    if (this.#unwritten.length === 0) return;
    const names = bytesOf(Float64Array.from(this.#unwritten));
    this.#sql.run("insert into telemetry_noted (seq, names) values (?, ?)", this.#last, names);
    this.#unwritten = [];
    const mayWait = this.#mayWait();
    if (this.#noted <= mayWait) return;
    while (this.#noted > mayWait) this.#takeTurn();
    // What all blocks have in their rows. The newest row stays, for it tells of changes.
    const through = Math.min(this.#last - 1, oldestOf(this.#blocks!));
    this.#sql.run("delete from telemetry_noted where seq <= ?", through);
  }

  #mayWait(): number {
    const { notedShare, leastNoted, mostNoted } = this.#sizes;
    return Math.min(Math.max(leastNoted, this.#count * notedShare), mostNoted);
  }

  /** The next block takes what is noted of its range into its row. */
  #takeTurn(): void {
    const blocks = this.#blocks!;
    const block = blocks[this.#turn]!;
    const entries = merged(this.#read(block), sorted(block.noted));
    const parts = pieces(entries, this.#sizes.blockEntries);
    const taken = parts.map((part, i): Block => ({
      from: i === 0 ? block.from : part[0]!,
      count: part.length / ENTRY_NUMBERS,
      through: this.#last,
      // Where the block is what it was, it has all of them already.
      filter: parts.length === 1 ? block.filter : undefined,
      noted: [],
    }));
    for (const [i, { from, through }] of taken.entries())
      this.#sql.run(
        "insert or replace into telemetry_name (from_name, through, entries) values (?, ?, ?)",
        from,
        through,
        bytesOf(parts[i]!),
      );
    this.#noted -= block.noted.length / ENTRY_NUMBERS;
    blocks.splice(this.#turn, 1, ...taken);
    this.#froms = Float64Array.from(blocks, ({ from }) => from);
    this.#sought = undefined;
    this.#turn = (this.#turn + parts.length) % blocks.length;
  }

  #blockOf(name: number): Block {
    let low = 0;
    let high = this.#froms.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#froms[middle]! <= name) low = middle;
      else high = middle - 1;
    }
    return this.#blocks![low]!;
  }

  #filterOf(block: Block): NameFilter {
    const size = block.count + block.noted.length / ENTRY_NUMBERS;
    if (block.filter && size < block.filter.capacity) return block.filter;
    // Room for what is noted until its next turn, and twice of it while there are no turns yet.
    const filter = new NameFilter(2 * size);
    const entries = this.#read(block);
    for (let at = 0; at < entries.length; at += ENTRY_NUMBERS) filter.add(entries[at]!);
    for (let at = 0; at < block.noted.length; at += ENTRY_NUMBERS) filter.add(block.noted[at]!);
    return (block.filter = filter);
  }

  #read({ from, count }: Block): Float64Array {
    if (count === 0) return new Float64Array();
    const row = this.#sql.get<{ entries: Uint8Array }>(
      "select entries from telemetry_name where from_name = ?",
      from,
    );
    if (!row) throw new Error(`the register of telemetry has lost its block from ${from} on`);
    return entriesOf(row.entries);
  }

  #load(): void {
    this.#unwritten = [];
    this.#blocks = this.#readBlocks();
    this.#froms = Float64Array.from(this.#blocks, ({ from }) => from);
    this.#sought = undefined;
    this.#count = this.#blocks.reduce((sum, { count }) => sum + count, 0);
    this.#noted = 0;
    this.#last = 0;
    for (const { seq, names: blob } of this.#sql.all<{ seq: number; names: Uint8Array }>(
      "select seq, names from telemetry_noted order by seq",
    )) {
      const names = entriesOf(blob);
      for (const [i, name] of names.entries()) {
        const block = this.#blockOf(name);
        const place = seq - names.length + 1 + i;
        if (place <= block.through) continue;
        block.noted.push(name, place);
        this.#noted += 1;
      }
      this.#last = seq;
    }
    this.#count += this.#noted;
    this.#turn = nextTurn(this.#blocks);
  }

  #readBlocks(): Block[] {
    const rows = this.#sql.all<{ from: number; count: number; through: number }>(
      `select from_name as "from", octet_length(entries) / ${ENTRY_BYTES} as count, through
       from telemetry_name order by from_name`,
    );
    if (rows.length > 0) return rows.map((row) => ({ ...row, filter: undefined, noted: [] }));
    // The first command makes all blocks, so that each says up to where it has its names.
    const { blocks } = this.#sizes;
    return Array.from({ length: blocks }, (_, i) => {
      const from = Math.floor((i * NAMES) / blocks);
      this.#sql.run(
        "insert into telemetry_name (from_name, through, entries) values (?, 0, ?)",
        from,
        new Uint8Array(),
      );
      return { from, count: 0, through: 0, filter: undefined, noted: [] };
    });
  }
}

/** Of blocks that take turns in a circle: the one that had the oldest; of several, the one that begins them. */
function nextTurn(blocks: readonly Block[]): number {
  const oldest = oldestOf(blocks);
  const begins = blocks.findIndex(
    ({ through }, i) => through === oldest && blocks.at(i - 1)?.through !== oldest,
  );
  return Math.max(begins, 0);
}

const oldestOf = (blocks: readonly Block[]): number =>
  blocks.reduce((oldest, { through }) => Math.min(oldest, through), Infinity);
