// One at a time, over processes: a lock that the system itself lets go when its holder dies, however it dies.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";

/** What is done under the lock takes some milliseconds: who waits this long waits for something that hangs. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 10;

/**
 * Does `work` while nobody else does theirs under the same folder. SQLite's lock on a file of its own serves for it: a
 * lock file that is made and removed would stay behind a crash.
 * @throws Error where the lock is not to be had
 */
export async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(join(folder, ".lock"), { timeout: 0 });
  try {
    for (let waitedMs = 0; !isLocked(database); waitedMs += PAUSE_MS) {
      if (waitedMs >= PATIENCE_MS)
        throw new Error(`another build holds ${join(folder, ".lock")} for too long`);
      await setTimeout(PAUSE_MS);
    }
    return await work();
  } finally {
    database.close();
  }
}

// https://sqlite.org/rescode.html#busy
const SQLITE_BUSY = 5;

function isLocked(database: DatabaseSync): boolean {
  try {
    database.exec("begin exclusive");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
