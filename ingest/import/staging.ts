// What was read of an import, before anything of it is recorded: a database of its own, which can be made again at any time.
// A file that turns out to be broken at its end records nothing; what stands twice is found; memory stays bounded.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Entry, ForeignRight, ForeignSeat, Place, Reference } from "../importers/importer.ts";

const SCHEMA = `
  pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -32768;
  create table file (number integer primary key, name text not null) strict;
  create table right (
    seq integer primary key, order_id text not null, line_number integer not null, product text not null,
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
  create table complete (entries integer not null) strict;
`;

/** An entry as it stands in the staging database, with the file that it came of. */
export interface Staged {
  seq: number;
  file: string;
  place: Place;
  input: string;
}

export type StagedRight = Staged & { right: ForeignRight };
export type StagedSeat = Staged & { seat: ForeignSeat & { order: string; lineNumber: number } };
export type StagedOther = Staged & Exclude<Entry, { kind: "right" | "seat" | "reference" }>;

/** One order's worth of what was read: its lines, and seats that were told apart from them. */
export interface StagedOrder {
  orderId: string;
  rights: StagedRight[];
  seats: StagedSeat[];
}

/** Distinct names in a column, with what hangs on each. */
export interface Named {
  value: string;
  rights: number;
  seats: number;
  /** The first right that has it. */
  sample: ForeignRight;
}

export class Staging {
  readonly #database: DatabaseSync;
  readonly #insert: Record<"right" | "seat" | "other" | "reference", StatementSync>;
  #seq = 0;

  /** @param path where it is, or is made */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    const isNew =
      this.#database.prepare("select 1 from sqlite_schema where name = 'complete'").get() === undefined;
    if (isNew) this.#database.exec(SCHEMA);
    this.#insert = {
      right: this.#database.prepare("insert into right values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      seat: this.#database.prepare("insert into seat values (?, ?, ?, ?, ?, ?, ?)"),
      other: this.#database.prepare("insert into other values (?, ?, ?, ?, ?, ?)"),
      reference: this.#database.prepare("insert or replace into reference values (?, ?, ?)"),
    };
  }

  /** How many entries there are, references left out; undefined where it was not read to the end. */
  get entries(): number | undefined {
    const row = this.#database.prepare("select entries from complete").get();
    return row === undefined ? undefined : Number(row["entries"]);
  }

  /** How many entries could not be read. */
  get problems(): number {
    const row = this.#database.prepare("select count(*) as count from other where kind = 'problem'").get();
    return Number(row?.["count"] ?? 0);
  }

  /** Begins anew: what an earlier run left is of a file that was not read to its end. */
  begin(files: readonly string[]): void {
    for (const table of ["file", "right", "seat", "other", "reference"])
      this.#database.exec(`delete from ${table}`);
    this.#database.exec("begin");
    const insert = this.#database.prepare("insert into file values (?, ?)");
    files.forEach((name, number) => insert.run(number, name));
  }

  /** Adds an entry of a file. */
  add(file: number, entry: Entry): void {
    const { kind, input } = entry;
    if (kind === "reference") {
      const { reference } = entry;
      this.#insert.reference.run(reference.of, reference.key, JSON.stringify(reference));
      return;
    }
    this.#seq += 1;
    const place = JSON.stringify(entry.place);
    if (kind === "right") {
      const { right } = entry;
      const model = JSON.stringify(right.model);
      this.#insert.right.run(
        this.#seq,
        right.order,
        right.lineNumber,
        right.product,
        model,
        right.quantity,
        file,
        place,
        input,
        JSON.stringify(right),
      );
    } else if (kind === "seat") {
      const { seat } = entry;
      this.#insert.seat.run(this.#seq, seat.order, seat.lineNumber, file, place, input, JSON.stringify(seat));
    } else this.#insert.other.run(this.#seq, kind, file, place, input, JSON.stringify(entry));
  }

  /** All files were read to their ends: from now on it can be read. */
  finish(): void {
    this.#database.exec("create index if not exists right_by_order on right (order_id, line_number, seq)");
    this.#database.exec("create index if not exists seat_by_order on seat (order_id, line_number, seq)");
    this.#database.prepare("insert into complete values (?)").run(this.#seq);
    this.#database.exec("commit");
  }

  /** Names in a column of rights, those with the most seats first, each with the first right that has it. */
  named(column: "product" | "model"): Named[] {
    return this.#database
      .prepare(
        `select named.*, first.body as body
         from (
           select ${column} as value, count(*) as rights, sum(quantity) as seats, min(seq) as seq
           from right group by 1
         ) as named join right as first using (seq)
         order by seats desc, value`,
      )
      .all()
      .map(({ value, rights, seats, body }) => ({
        value: String(value),
        rights: Number(rights),
        seats: Number(seats),
        sample: JSON.parse(String(body)) as ForeignRight,
      }));
  }

  /** Products of which only use was told, those most used first. */
  usedProducts(): Omit<Named, "sample">[] {
    return this.#database
      .prepare(
        `select body ->> '$.use.product' as value, count(*) as rights, sum(body ->> '$.use.inUse') as seats
         from other where kind = 'use' group by 1 order by seats desc, value`,
      )
      .all()
      .map(({ value, rights, seats }) => ({
        value: String(value),
        rights: Number(rights),
        seats: Number(seats),
      }));
  }

  reference(of: Reference["of"], key: string): Reference | undefined {
    const row = this.#database.prepare("select body from reference where kind = ? and key = ?").get(of, key);
    return row === undefined ? undefined : (JSON.parse(String(row["body"])) as Reference);
  }

  /** Orders in the order of their IDs, each with all of its lines and seats. @param after begins behind this ID */
  *orders(after = ""): Generator<StagedOrder> {
    const rights = this.#read<StagedRight & { order_id: string }>("right", after);
    const seats = this.#read<StagedSeat & { order_id: string }>("seat", after);
    let right = rights.next();
    let seat = seats.next();
    while (!right.done || !seat.done) {
      const orderId = least(
        right.done ? undefined : right.value.order_id,
        seat.done ? undefined : seat.value.order_id,
      );
      const order: StagedOrder = { orderId, rights: [], seats: [] };
      for (; !right.done && right.value.order_id === orderId; right = rights.next())
        order.rights.push(right.value);
      for (; !seat.done && seat.value.order_id === orderId; seat = seats.next()) order.seats.push(seat.value);
      yield order;
    }
  }

  /** What is no right and no seat, in the order in which it was read. */
  *others(): Generator<StagedOther> {
    const rows = this.#database
      .prepare(
        "select other.*, file.name as name from other join file on file.number = other.file order by seq",
      )
      .iterate() as unknown as Iterable<Row>;
    for (const row of rows)
      yield {
        ...(JSON.parse(row.body) as Entry),
        seq: row.seq,
        file: row.name,
        place: JSON.parse(row.place) as Place,
      } as StagedOther;
  }

  *#read<T>(table: "right" | "seat", after: string): Generator<T> {
    const rows = this.#database
      .prepare(
        `select ${table}.*, file.name as name from ${table} join file on file.number = ${table}.file
         where order_id > ? order by order_id, line_number, seq`,
      )
      .iterate(after) as unknown as Iterable<Row & { order_id: string }>;
    for (const row of rows)
      yield {
        seq: row.seq,
        order_id: row.order_id,
        file: row.name,
        place: JSON.parse(row.place) as Place,
        input: row.input,
        [table]: JSON.parse(row.body) as unknown,
      } as T;
  }

  close(): void {
    this.#database.close();
  }
}

interface Row {
  seq: number;
  name: string;
  place: string;
  input: string;
  body: string;
}

function least(a: string | undefined, b: string | undefined): string {
  if (a === undefined || b === undefined) return a ?? b ?? "";
  // As SQLite compares: by bytes.
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) <= 0 ? a : b;
}
