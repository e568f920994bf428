// The small synchronous port to SQLite that every runtime of ours satisfies: `node:sqlite`, and a Durable Object's
// `ctx.storage.sql`. The ledger's SQL is written once, against this.

export type SqlValue = string | number | Uint8Array | null;

export interface Sql {
  /** Runs a statement for its effect. */
  run(statement: string, ...values: SqlValue[]): void;
  /** All rows of a query, by column name. The caller names the row's type; integers are safe integers. */
  all<Row>(query: string, ...values: SqlValue[]): Row[];
  /** The first row, or undefined. */
  get<Row>(query: string, ...values: SqlValue[]): Row | undefined;
  /** Runs `work` in one transaction that takes the write lock at its start: durable when this returns, undone if it throws. */
  transaction<T>(work: () => T): T;
}
