// The ledger's port on Node: one SQLite file through `node:sqlite`.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Sql, SqlValue } from "./sql.ts";

// A second process (a command-line tool, the exporter) holds the write lock for milliseconds; ten seconds means it hangs.
const BUSY_TIMEOUT_MS = 10_000;

const CACHE_KIB = 64 * 1024;
// Some 64 MB of log, where 4 MB are usual: what many transactions write goes into the file less often. Measured with 512
// activations a transaction: 7 ms for a commit, where 4 MB took 11.
const CHECKPOINT_PAGES = 16_000;

export interface SqliteFile extends Sql {
  /** Closes the file. Everything committed is in it. */
  close(): void;
}

/**
 * Opens a ledger's file, making it where it is not there.
 * @throws where the file cannot be opened, or would not survive a power cut: `synchronous` belongs to the connection, so
 *   it is set and looked at every time
 */
export function openSqlite(path: string): SqliteFile {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;");
  // Hosts are spread over their whole index: with SQLite's own 2 MB most of it would be read again for each of them.
  database.exec(`pragma cache_size = ${-CACHE_KIB}; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
  const level = database.prepare("pragma synchronous").get()?.["synchronous"];
  if (level !== 2) {
    database.close();
    throw new Error(
      `${path}: SQLite runs with synchronous = ${String(level)}, not 2 (FULL): a commit would not be durable`,
    );
  }
  const statements = new Map<string, StatementSync>();
  const prepare = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const statement = database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  return {
    run: (text, ...values: SqlValue[]) => void prepare(text).run(...values),
    all: <Row>(text: string, ...values: SqlValue[]) => prepare(text).all(...values) as Row[],
    get: <Row>(text: string, ...values: SqlValue[]) => prepare(text).get(...values) as Row | undefined,
    transaction<T>(work: () => T): T {
      prepare("begin immediate").run();
      try {
        const result = work();
        prepare("commit").run();
        return result;
      } catch (error) {
        // A full disk may have undone the transaction by itself: then there is nothing left to roll back.
        if (database.isTransaction) prepare("rollback").run();
        throw error;
      }
    },
    close: () => database.close(),
  };
}
