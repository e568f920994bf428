// What was read of an import, before anything of it is recorded: a database of its own, which can be made again at any time. A
// file that turns out to be broken at its end records nothing, what stands twice is found, and memory stays bounded.

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Entry } from "../importers/importer.ts";

const TABLES = {
  right: "customer, order_id, line_number, product, model, quantity, file, place, input, body",
  seat: "order_id, line_number, file, place, input, body",
  other: "kind, file, place, input, body",
  reference: "kind, key, body",
} as const;
type Table = keyof typeof TABLES;

const SCHEMA = `
  create table file (number integer primary key, name text not null) strict;
  create table right (
    seq integer primary key, customer text not null, order_id text not null, line_number integer not null, product text not null,
    model text not null, quantity integer not null, file integer not null, place text not null, input text not null,
    body text not null
  ) strict;
  create table seat (
    seq integer primary key, order_id text not null, line_number integer not null, file integer not null,
    place text not null, input text not null, body text not null
  ) strict;
  create table other (
    seq integer primary key, kind text not null, file integer not null, place text not null, input text not null,
    body text not null
  ) strict;
  create table reference (kind text, key text, body text not null, primary key (kind, key)) strict, without rowid;
  -- Distinct names of rights, no more of each kind than an import may have and one.
  create table name (
    kind text not null, value text not null, rights integer not null, seats integer not null, first integer not null
  ) strict;
  create table complete (entries integer not null) strict;
`;

/** Products and license models that one import may name: above is no catalog, but a column that was taken for another. */
export const MAX_NAMES = 10_000;

/** A name, how many rights have it, of how many seats, and the first of them. */
type Counted = Record<"rights" | "seats" | "first", number>;

// https://sqlite.org/rescode.html#busy
const SQLITE_BUSY = 5;

/** An entry as a row of its table. */
export type StagedRow = [table: Table, ...values: SQLInputValue[]];

/** The first columns of a right. */
type RightValues = [
  customer: string,
  order: string,
  line: number,
  product: string,
  model: string,
  quantity: number,
];

/** The row that an entry of a file is. */
export function rowOf(file: number, entry: Entry): StagedRow {
  const place = JSON.stringify(entry.place);
  const { input } = entry;
  switch (entry.kind) {
    case "reference":
      return ["reference", entry.reference.of, entry.reference.key, JSON.stringify(entry.reference)];
    case "right": {
      const { right } = entry;
      const { order, lineNumber, product, quantity, customer } = right;
      const model = JSON.stringify(right.model);
      const body = JSON.stringify(right);
      const whose = customer?.id ?? customer?.email ?? customer?.name ?? "";
      return ["right", whose, order, lineNumber, product, model, quantity, file, place, input, body];
    }
    case "seat": {
      const { order, lineNumber } = entry.seat;
      return ["seat", order, lineNumber, file, place, input, JSON.stringify(entry.seat)];
    }
    case "use":
    case "message":
    case "problem":
      return ["other", entry.kind, file, place, input, JSON.stringify(entry)];
  }
}

/** The staging database while it is filled. */
export class Staging {
  readonly #database: DatabaseSync;
  readonly #insert = new Map<Table, StatementSync>();
  /** Counted while files are read, when this thread waits: to group the table afterwards took a second for a million rights. */
  readonly #names = { product: new Map<string, Counted>(), model: new Map<string, Counted>() };
  #entries = 0;

  /** @param path where it is, or is made */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -32768");
    const isNew =
      this.#database.prepare("select 1 from sqlite_schema where name = 'complete'").get() === undefined;
    if (isNew) this.#database.exec(SCHEMA);
  }

  /** How many entries there are, references left out; undefined where it was not read to the end. */
  get entries(): number | undefined {
    const row = this.#database.prepare("select entries from complete").get();
    return row === undefined ? undefined : Number(row["entries"]);
  }

  /**
   * Begins anew: what an earlier run left is of files that were not read to their ends.
   * @throws Error where another process reads the same
   */
  begin(files: readonly string[]): void {
    try {
      this.#database.exec("begin immediate");
    } catch (error) {
      throw (error as { errcode?: number }).errcode === SQLITE_BUSY
        ? new Error("The same import is at work in another process: wait for it, or stop it.", {
            cause: error,
          })
        : error;
    }
    for (const table of ["file", "name", ...Object.keys(TABLES)]) this.#database.exec(`delete from ${table}`);
    const insert = this.#database.prepare("insert into file values (?, ?)");
    files.forEach((name, number) => insert.run(number, name));
    this.#entries = 0;
    for (const names of Object.values(this.#names)) names.clear();
  }

  add(rows: readonly StagedRow[]): void {
    for (const [table, ...values] of rows) {
      const { lastInsertRowid } = this.#statement(table).run(...values);
      if (table !== "reference") this.#entries += 1;
      if (table !== "right") continue;
      const [, , , product, model, quantity] = values as RightValues;
      this.#count("product", product, quantity, Number(lastInsertRowid));
      this.#count("model", model, quantity, Number(lastInsertRowid));
    }
  }

  #count(kind: "product" | "model", value: string, seats: number, place: number): void {
    const names = this.#names[kind];
    const known = names.get(value);
    if (known) {
      known.rights += 1;
      known.seats += seats;
    } else if (names.size <= MAX_NAMES) names.set(value, { rights: 1, seats, first: place });
  }

  /** All files were read to their ends: from now on it can be read. */
  finish(): void {
    this.#database.exec(
      "create index if not exists right_by_customer on right (customer, order_id, line_number, seq)",
    );
    // Only seats that are told apart are looked up by their order.
    if (this.#database.prepare("select 1 from seat limit 1").get() !== undefined)
      for (const table of ["right", "seat"])
        this.#database.exec(`create index if not exists ${table}_by_order on ${table} (order_id)`);
    const insert = this.#database.prepare("insert into name values (?, ?, ?, ?, ?)");
    for (const [kind, names] of Object.entries(this.#names))
      for (const [value, { rights, seats, first }] of names) insert.run(kind, value, rights, seats, first);
    this.#database.prepare("insert into complete values (?)").run(this.#entries);
    this.#database.exec("commit");
  }

  close(): void {
    this.#database.close();
  }

  #statement(table: Table): StatementSync {
    const known = this.#insert.get(table);
    if (known) return known;
    const columns = TABLES[table];
    const marks = columns.replaceAll(/\w+/g, "?");
    // References say what others name: the last word counts.
    const statement = this.#database.prepare(
      `insert or replace into ${table} (${columns}) values (${marks})`,
    );
    this.#insert.set(table, statement);
    return statement;
  }
}
