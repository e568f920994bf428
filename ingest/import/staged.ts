// The staging database as it is read: by order, and by name.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Entry, ForeignRight, ForeignSeat, Place, Reference } from "../importers/importer.ts";

/** An entry as it stands there, with the file that it came of. */
export interface Staged {
  file: string;
  /** Which of the files it is, from 1: its name may name people. */
  fileNumber: number;
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

/** A distinct name, with what hangs on it. */
export interface Named {
  value: string;
  rights: number;
  seats: number;
  /** The first right that has it. */
  sample: ForeignRight;
}

interface Row {
  order_id: string;
  customer: string;
  number: number;
  name: string;
  place: string;
  input: string;
  body: string;
}

export class StagedEntries {
  readonly #database: DatabaseSync;
  readonly #findReference: StatementSync;
  readonly #hasReferences: boolean;
  readonly #findSeats: StatementSync;
  readonly #hasSeats: boolean;

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true });
    this.#findReference = this.#database.prepare("select body from reference where kind = ? and key = ?");
    this.#findSeats = this.#database.prepare(
      `select order_id, ${STAGED} from seat join file on file.number = seat.file where order_id = ? order by line_number, seq`,
    );
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
    const rights = this.#rows(`
      select customer, order_id, ${STAGED} from right join file on file.number = right.file
      order by customer, order_id, line_number, seq`);
    for (let right = rights.next(); !right.done;) {
      const { order_id: orderId, customer } = right.value;
      const order: StagedOrder = { orderId, rights: [], seats: [] };
      for (
        ;
        !right.done && right.value.order_id === orderId && right.value.customer === customer;
        right = rights.next()
      )
        order.rights.push({ ...stagedOf(right.value), right: JSON.parse(right.value.body) as ForeignRight });
      if (this.#hasSeats) order.seats = (this.#findSeats.all(orderId) as unknown as Row[]).map(seatIn);
      yield order;
    }
    if (!this.#hasSeats) return;
    const seats = this.#rows(`
      select order_id, ${STAGED} from seat join file on file.number = seat.file
      where not exists (select 1 from right where right.order_id = seat.order_id)
      order by order_id, line_number, seq`);
    for (let seat = seats.next(); !seat.done;) {
      const { order_id: orderId } = seat.value;
      const order: StagedOrder = { orderId, rights: [], seats: [] };
      for (; !seat.done && seat.value.order_id === orderId; seat = seats.next())
        order.seats.push(seatIn(seat.value));
      yield order;
    }
  }

  /** What is no right and no seat, in the order in which it was read. */
  *others(): Generator<StagedOther> {
    const rows = this.#database
      .prepare(
        "select other.*, file.number as number, file.name as name from other join file on file.number = other.file order by seq",
      )
      .iterate() as unknown as Iterable<Row>;
    for (const row of rows) yield { ...(JSON.parse(row.body) as Entry), ...stagedOf(row) } as StagedOther;
  }

  close(): void {
    this.#database.close();
  }

  #rows(query: string): Iterator<Row> {
    const rows = this.#database.prepare(query).iterate() as unknown as Iterable<Row>;
    return rows[Symbol.iterator]();
  }
}

const STAGED = "file.number as number, file.name as name, place, input, body";

const stagedOf = ({ number, name, place, input }: Row): Staged => ({
  file: name,
  fileNumber: number + 1,
  place: JSON.parse(place) as Place,
  input,
});

const seatIn = (row: Row): StagedSeat => ({
  ...stagedOf(row),
  seat: JSON.parse(row.body) as StagedSeat["seat"],
});
