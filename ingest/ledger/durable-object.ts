// The ledger's port on Workers: the SQLite database of one Durable Object.
//
// What the port says of durability holds by the object's output gate: nothing that the object sends, be it an answer or a
// segment on its way to R2, leaves before every write that came before it is stored; where that fails, nothing leaves at
// all, and the object starts anew from what is stored. There is no `pragma synchronous` to look at here.
// https://developers.cloudflare.com/durable-objects/best-practices/rules-of-durable-objects/ (input and output gates)

import type { DurableObjectStorage } from "@cloudflare/workers-types";
import type { Sql, SqlValue } from "./sql.ts";

/** The port over an object's storage. It caches prepared statements itself. */
export function durableSql(storage: Pick<DurableObjectStorage, "sql" | "transactionSync">): Sql {
  const all = <Row>(text: string, values: SqlValue[]): Row[] => {
    try {
      // A cursor is read to its end at once: one that is left open would see what is written after it.
      return storage.sql
        .exec(text, ...values.map(wellFormed))
        .toArray()
        .map(asPromised) as Row[];
    } catch (error) {
      throw withResultCode(error);
    }
  };
  let isOpen = false;
  return {
    run: (text, ...values) => void all(text, values),
    all: <Row>(text: string, ...values: SqlValue[]) => all<Row>(text, values),
    get: <Row>(text: string, ...values: SqlValue[]) => all<Row>(text, values)[0],
    // `begin` is refused here. Nobody else has this database: its write lock is always ours.
    transaction(work) {
      // Here it would be a savepoint, and half of what its caller takes for one transaction could be undone.
      if (isOpen) throw new Error("cannot start a transaction within a transaction");
      isOpen = true;
      try {
        return storage.transactionSync(work);
      } finally {
        isOpen = false;
      }
    },
  };
}

/** The name of a shard's object. */
export const shardName = (shard: number): string => `shard-${String(shard).padStart(3, "0")}`;

/** The shard that an object of this name is. */
export function shardOf(name: string | undefined): number {
  const shard = Number(name?.slice("shard-".length));
  if (!Number.isInteger(shard) || shardName(shard) !== name)
    throw new TypeError(`no shard has the name ${String(name)}`);
  return shard;
}

/** Half of a surrogate pair would come back as three signs for a wrong character, where Node has one. */
const wellFormed = (value: SqlValue): SqlValue => (typeof value === "string" ? value.toWellFormed() : value);

/** A blob comes as an ArrayBuffer, where the port has bytes; an integer beyond 2^53 comes rounded, where it throws. */
function asPromised(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) {
    const value = row[name];
    if (value instanceof ArrayBuffer) row[name] = new Uint8Array(value);
    else if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new RangeError(`${name} is ${String(value)}, or near it: too large to be exact`);
  }
  return row;
}

// https://sqlite.org/rescode.html: what a caller decides by.
const RESULT_CODES: Record<string, number> = {
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_IOERR: 10,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_TOOBIG: 18,
  SQLITE_CONSTRAINT: 19,
};

/** SQLite's result code stands in an error's text, such as "…: SQLITE_FULL (extended: …)"; the port has it as `errcode`. */
function withResultCode(error: unknown): unknown {
  const code = error instanceof Error && /: (SQLITE_[A-Z]+)/.exec(error.message)?.[1];
  const errcode = code ? RESULT_CODES[code] : undefined;
  return errcode === undefined ? error : Object.assign(error as Error, { errcode });
}
