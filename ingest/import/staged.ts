// The staging database as it is read: by order, and by name.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Entry, ForeignRight, ForeignSeat, Place, Reference } from "../importers/importer.ts";
import { plainly, type Staged } from "./place.ts";

/** A right, and where it stands. */
export interface StagedRight {
  entry: Staged;
  right: ForeignRight;
}
/** A seat that was told apart from its right, and where it stands. */
export interface StagedSeat {
  entry: Staged;
  seat: ForeignSeat & { order: string; lineNumber: number };
}
export type StagedOther = Staged & Exclude<Entry, { kind: "right" | "seat" | "reference" }>;

type Table = "right" | "seat" | "other";

/** One order's worth of what was read: its lines, and seats that were told apart from them. */
export interface StagedOrder {
  /** What its rights call their customer; empty where there are none. */
  customer: string;
  orderId: string;
  rights: StagedRight[];
  seats: StagedSeat[];
}

/** A distinct name, with what hangs on it. */
export interface Named {
  value: string;
  rights: number;
  seats: number;
  /** The first right that has it. */
  sample: ForeignRight;
}

interface Row {
  seq: number;
  customer: string;
  order_id: string;
  file: number;
  body: string;
}

/** SQLite maps less than this anyway: https://sqlite.org/mmap.html */
const MAPPED_BYTES = 2 ** 34;

export class StagedEntries {
  readonly #database: DatabaseSync;
  readonly #files: readonly string[];
  readonly #findReference: StatementSync;
  readonly #hasReferences: boolean;
  readonly #findOrder: StatementSync;
  readonly #findSeats: StatementSync;
  readonly #hasSeats: boolean;
  readonly #locate: Record<Table, StatementSync>;

  constructor(path: string) {
    const database = new DatabaseSync(path, { readOnly: true });
    // Rights are read by customer, and stand by file: a page each. Mapped, they took 28 µs to prepare where reading took 38.
    database.exec(`pragma mmap_size = ${MAPPED_BYTES}`);
    this.#database = database;
    this.#files = database
      .prepare("select name from file order by number")
      .all()
      .map(({ name }) => String(name));
    this.#findReference = database.prepare("select body from reference where kind = ? and key = ?");
    this.#findOrder = database.prepare(
      "select seq, file, body from right where customer = ? and order_id = ? order by line_number, seq",
    );
    this.#findSeats = database.prepare(
      "select seq, file, body from seat where order_id = ? order by line_number, seq",
    );
    const locate = (table: Table) => database.prepare(`select place, input from ${table} where seq = ?`);
    this.#locate = { right: locate("right"), seat: locate("seat"), other: locate("other") };
    const isThere = (table: string) =>
      this.#database.prepare(`select 1 from ${table} limit 1`).get() !== undefined;
    this.#hasReferences = isThere("reference");
    this.#hasSeats = isThere("seat");
  }

  /** How many entries could not be read. */
  get problems(): number {
    const row = this.#database.prepare("select count(*) as count from other where kind = 'problem'").get();
    return Number(row?.["count"] ?? 0);
  }

  /** Names of rights, those with the most seats first, each with the first right that has it; at most {@link MAX_NAMES} and one. */
  named(kind: "product" | "model"): Named[] {
    return this.#database
      .prepare(
        `select value, rights, seats, body from name join right on right.seq = name.first
         where kind = ? order by seats desc, value`,
      )
      .all(kind)
      .map(({ value, rights, seats, body }) => ({
        value: String(value),
        rights: Number(rights),
        seats: Number(seats),
        sample: JSON.parse(String(body)) as ForeignRight,
      }));
  }

  /** Products of which use was told, those most used first. */
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
    const row = this.#hasReferences ? this.#findReference.get(of, key) : undefined;
    return row === undefined ? undefined : (JSON.parse(String(row["body"])) as Reference);
  }

  /**
   * Orders, each with all of its lines and seats: customer by customer, for most of what the ledger keeps of an order is found by
   * its customer, and pages that are written once for many orders are most of an import's time. Then seats of orders that
   * are not among them.
   */
  *orders(): Generator<StagedOrder> {
    const rights = this.#rows(
      "select seq, customer, order_id, file, body from right order by customer, order_id, line_number, seq",
    );
    for (let right = rights.next(); !right.done;) {
      const { order_id: orderId, customer } = right.value;
      const order: StagedOrder = { customer, orderId, rights: [], seats: this.#seatsOf(orderId) };
      for (
        ;
        !right.done && right.value.order_id === orderId && right.value.customer === customer;
        right = rights.next()
      )
        order.rights.push(this.#right(right.value));
      yield order;
    }
    if (!this.#hasSeats) return;
    const seats = this.#rows(`
      select seq, order_id, file, body from seat
      where not exists (select 1 from right where right.order_id = seat.order_id)
      order by order_id, line_number, seq`);
    for (let seat = seats.next(); !seat.done;) {
      const { order_id: orderId } = seat.value;
      const order: StagedOrder = { customer: "", orderId, rights: [], seats: [] };
      for (; !seat.done && seat.value.order_id === orderId; seat = seats.next())
        order.seats.push(this.#seat(seat.value));
      yield order;
    }
  }

  /** An order by what {@link StagedEntries.orders} told of it. */
  order({ customer, orderId }: Pick<StagedOrder, "customer" | "orderId">): StagedOrder {
    const rights = this.#findOrder.all(customer, orderId) as unknown as Row[];
    return {
      customer,
      orderId,
      rights: rights.map((row) => this.#right(row)),
      seats: this.#seatsOf(orderId),
    };
  }

  /** What is no right and no seat, in the order in which it was read. */
  *others(): Generator<StagedOther> {
    for (const row of this.#rows("select seq, file, body from other order by seq")) {
      const entry = JSON.parse(row.body) as Exclude<Entry, { kind: "right" | "seat" | "reference" }>;
      yield { ...entry, ...plainly(this.#entry("other", row)) };
    }
  }

  close(): void {
    this.#database.close();
  }

  #rows(query: string): IterableIterator<Row> {
    return this.#database.prepare(query).iterate() as unknown as IterableIterator<Row>;
  }

  #seatsOf(orderId: string): StagedSeat[] {
    if (!this.#hasSeats) return [];
    return (this.#findSeats.all(orderId) as unknown as Row[]).map((row) => this.#seat(row));
  }

  #right(row: Row): StagedRight {
    return { entry: this.#entry("right", row), right: JSON.parse(row.body) as ForeignRight };
  }

  #seat(row: Row): StagedSeat {
    return { entry: this.#entry("seat", row), seat: JSON.parse(row.body) as StagedSeat["seat"] };
  }

  #entry(table: Table, { seq, file }: Row): Staged {
    return new LazyEntry(this.#files[file] ?? "", file + 1, () => this.#locate[table].get(seq));
  }
}

/** Where an entry stands, read when it is asked for: of most it never is. */
class LazyEntry implements Staged {
  readonly file: string;
  readonly fileNumber: number;
  readonly #read: () => Record<string, unknown> | undefined;
  #row: Record<string, unknown> | undefined;

  constructor(file: string, fileNumber: number, read: () => Record<string, unknown> | undefined) {
    this.file = file;
    this.fileNumber = fileNumber;
    this.#read = read;
  }

  get place(): Place {
    return JSON.parse(String(this.#stored()["place"])) as Place;
  }

  get input(): string {
    return String(this.#stored()["input"]);
  }

  #stored(): Record<string, unknown> {
    return (this.#row ??= this.#read() ?? {});
  }
}
