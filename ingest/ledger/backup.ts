// A ledger into one file, while it is written to; and back into an empty home.

import { copyFile } from "node:fs/promises";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { backup, DatabaseSync } from "node:sqlite";
import type { Home } from "../home.ts";
import { createFile } from "./durable-file.ts";

/** Pages that are copied before others have a turn, and progress is told: 4 MB. */
const PAGES_A_STEP = 1000;

/**
 * Copies a ledger as it is now. Whatever is committed meanwhile is not in it.
 * @param onProgress told of the share that is copied, 0 to 1
 * @returns the newest event in it
 * @throws Error where `file` is there already, or what was copied is not whole
 */
export async function backupLedger(
  ledger: string,
  file: string,
  onProgress: (share: number) => void,
): Promise<{ lastSeq: number }> {
  if (!existsSync(ledger)) throw new Error(`There is no ledger at ${ledger}.`);
  let lastSeq = 0;
  await createFile(file, async (temporary) => {
    const source = new DatabaseSync(ledger, { timeout: 10_000 });
    try {
      // A reading transaction keeps what it sees: without it, the copy would begin anew with each commit of the service.
      source.exec("begin; select count(*) from sqlite_schema;");
      await backup(source, temporary, {
        rate: PAGES_A_STEP,
        progress: ({ totalPages, remainingPages }) =>
          onProgress(1 - remainingPages / Math.max(1, totalPages)),
      });
    } finally {
      source.close();
    }
    lastSeq = verified(temporary).lastSeq;
  });
  return { lastSeq };
}

/**
 * Puts a backup into a home that has no data yet; its keys may lie there already. Everything is exported anew, from the
 * first event on, since what was exported after the backup is not in it: its places will be taken by other facts.
 * @throws Error where the home holds data, or the file is no whole ledger
 */
export async function restoreLedger(file: string, home: Home): Promise<{ lastSeq: number }> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  mkdirSync(home.root, { recursive: true });
  const held = readdirSync(home.root).filter((name) => name !== "keys");
  if (held.length > 0)
    throw new Error(
      `${home.root} holds ${held.join(", ")}: restore into an empty folder (only keys/ may be there), and move the old lake and segments away. What they hold beyond the backup is in no ledger any more.`,
    );
  let lastSeq = 0;
  await createFile(home.ledger, async (temporary) => {
    await copyFile(file, temporary);
    ({ lastSeq } = verified(temporary, (database) =>
      database.exec("update export set exported_through = 0, writing_through = null"),
    ));
  });
  return { lastSeq };
}

/** Looks whether a file is a whole ledger, and leaves it as one file, without a log beside it. */
function verified(path: string, change?: (database: DatabaseSync) => void): { lastSeq: number } {
  const database = new DatabaseSync(path);
  try {
    database.exec("pragma journal_mode = delete; pragma synchronous = full");
    const quick = database.prepare("pragma quick_check(1)").get()?.["quick_check"];
    if (quick !== "ok") throw new Error(`SQLite says: ${String(quick)}.`);
    change?.(database);
    const newest = database.prepare("select coalesce(max(seq), 0) as seq from event").get();
    return { lastSeq: Number(newest?.["seq"]) };
  } catch (error) {
    throw new Error(`This is no whole ledger of ours. ${(error as Error).message}`, { cause: error });
  } finally {
    database.close();
  }
}
