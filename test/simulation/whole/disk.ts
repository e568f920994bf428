// The ledger's file, and what a crash leaves of it.
//
// It is a real file through the real port. A crash takes a copy of the files as they are at that moment, and goes on with
// the copy, as a new process would with what the old one left; a crash in a commit cuts the log anywhere between what was
// in it before and all that the commit adds, as a power cut may. What it cannot show is a drive that lies about fsync, or
// pages that are written in another order than SQLite asked: for those SQLite's own tests stand.

import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sql, SqlValue } from "../../../ingest/ledger/sql.ts";
import { openSqlite, type SqliteFile } from "../../../ingest/ledger/sqlite.ts";

/** The process is gone: what it would have done after this is not done. */
export class Crash extends Error {
  override name = "Crash";
}

/** Where in its next transaction a process dies. */
export type Death =
  /** Before this statement, counted from 1; after the last one it does not die. */
  | { at: "statement"; number: number }
  /** While it commits, with so much of what the commit writes on the disk, from 0 to 1. */
  | { at: "commit"; written: number };

export class Disk {
  readonly #folder: string;
  readonly #losesCommits: boolean;
  /** What was in the log before the last commit. */
  #durableBytes = 0;
  #files = 0;
  #death: Death | null = null;
  #left: string | null = null;
  #connections: SqliteFile[] = [];
  #opened: SqliteFile | null = null;

  /** @param losesCommits for a disk that has not what was committed last, as one that nobody waits for */
  constructor(folder: string, template: string, losesCommits = false) {
    this.#folder = folder;
    this.#losesCommits = losesCommits;
    copyFileSync(template, this.#path);
  }

  get #path(): string {
    return join(this.#folder, `ledger-${this.#files}.sqlite`);
  }

  /** Whether the process that had the service's connection is gone. */
  get isDead(): boolean {
    return this.#left !== null;
  }

  /** The connection of a service that starts. */
  open(): Sql {
    const sql = this.#connect();
    // Small: then a transaction writes to the log before it commits, and a crash leaves that there.
    sql.run("pragma cache_size = 5");
    this.#durableBytes = this.#logBytes();
    let statements: number | null = null;
    const alive = <T>(work: () => T): T => {
      if (this.isDead) throw new Crash("the process is gone");
      if (statements !== null && this.#death?.at === "statement" && ++statements === this.#death.number)
        this.#die();
      return work();
    };
    return {
      run: (text, ...values: SqlValue[]) => alive(() => sql.run(text, ...values)),
      all: <Row>(text: string, ...values: SqlValue[]) => alive(() => sql.all<Row>(text, ...values)),
      get: <Row>(text: string, ...values: SqlValue[]) => alive(() => sql.get<Row>(text, ...values)),
      transaction: (work) => {
        if (this.isDead) throw new Crash("the process is gone");
        statements = 0;
        let before = 0;
        let result: ReturnType<typeof work>;
        try {
          result = sql.transaction(() => {
            const done = work();
            before = this.#logBytes();
            return done;
          });
          this.#durableBytes = this.#losesCommits ? before : this.#logBytes();
        } finally {
          statements = null;
        }
        const death = this.#death;
        if (death?.at === "commit")
          this.#die(before + Math.floor(death.written * (this.#logBytes() - before)));
        this.#death = null;
        return result;
      },
    };
  }

  /** The connection of another process, such as a tool that exports. It opens the file anew after a crash. */
  readonly elsewhere: Sql = {
    run: (text, ...values: SqlValue[]) => this.#other.run(text, ...values),
    all: <Row>(text: string, ...values: SqlValue[]) => this.#other.all<Row>(text, ...values),
    get: <Row>(text: string, ...values: SqlValue[]) => this.#other.get<Row>(text, ...values),
    transaction: (work) => this.#other.transaction(work),
  };

  get #other(): SqliteFile {
    return (this.#opened ??= this.#connect());
  }

  /** Lets the service die in its next transaction; null for not at all. */
  arm(death: Death | null): void {
    this.#death = death;
  }

  /** The service is gone, here and now where it is not already. What it left is what is opened next. */
  crash(): void {
    if (this.#left === null) this.#left = this.#copy(this.#losesCommits ? this.#durableBytes : null);
    this.close();
    this.#files += 1;
    for (const end of ["", "-wal"]) {
      const bytes = readFileSync(this.#left + end);
      if (bytes.length > 0) writeFileSync(this.#path + end, bytes);
    }
    this.#left = null;
    this.#death = null;
  }

  /** Closes all connections, without a trace in what a crash left. */
  close(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections = [];
    this.#opened = null;
    for (const end of ["", "-wal", "-shm"]) rmSync(this.#path + end, { force: true });
  }

  #connect(): SqliteFile {
    const sql = openSqlite(this.#path);
    this.#connections.push(sql);
    return sql;
  }

  #die(logBytes: number | null = null): never {
    this.#left = this.#copy(logBytes);
    throw new Crash("the process died in a transaction");
  }

  #copy(logBytes: number | null): string {
    const left = join(this.#folder, "left");
    copyFileSync(this.#path, left);
    if (this.#logBytes() > 0) copyFileSync(`${this.#path}-wal`, `${left}-wal`);
    else writeFileSync(`${left}-wal`, "");
    if (logBytes !== null) truncateSync(`${left}-wal`, logBytes);
    return left;
  }

  #logBytes(): number {
    return statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }
}
