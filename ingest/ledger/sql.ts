// The small synchronous port to SQLite that every runtime of ours satisfies: `node:sqlite`, and a Durable Object's
// `ctx.storage.sql`. The ledger's SQL is written once, against this.

export type SqlValue = string | number | Uint8Array | null;

/** What SQLite refuses is thrown with its result code (https://sqlite.org/rescode.html) as `errcode`. */
export interface Sql {
  /** Runs a statement for its effect. */
  run(statement: string, ...values: SqlValue[]): void;
  /**
   * All rows of a query, by column name. The caller names the row's type; integers are safe integers.
   * @throws RangeError for one that is not
   */
  all<Row>(query: string, ...values: SqlValue[]): Row[];
  /** The first row, or undefined. */
  get<Row>(query: string, ...values: SqlValue[]): Row | undefined;
  /**
   * Runs `work` in one transaction that takes the write lock at its start: undone if it throws, and durable before
   * anything leaves this process that comes after it. There is none inside of another.
   */
  transaction<T>(work: () => T): T;
}
