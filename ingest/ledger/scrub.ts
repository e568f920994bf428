// What a row held stays in the file after it: in free pages, in the unused part of others, and in the log. Here it goes.

import { setTimeout } from "node:timers/promises";
import type { Sql } from "./sql.ts";

/** From here on this connection writes zeros over what it deletes: https://sqlite.org/pragma.html#pragma_secure_delete */
export function deleteForGood(sql: Sql): void {
  sql.get("pragma secure_delete = on");
}

/** Readers hold the log for as long as they read, which is milliseconds; a backup or a check for longer. */
const CUT_ATTEMPTS = 50;
const PAUSE_MS = 100;

/**
 * Brings the log into the file, and cuts it to nothing.
 * @returns false where somebody reads all the while: then it still has the pages as they were
 */
export async function cutLog(sql: Sql): Promise<boolean> {
  for (let attempt = 1; attempt <= CUT_ATTEMPTS; attempt += 1) {
    if (sql.get<{ busy: number }>("pragma wal_checkpoint(truncate)")?.busy === 0) return true;
    await setTimeout(PAUSE_MS);
  }
  return false;
}

/**
 * Writes the whole file anew, without what is no row any more. That takes as long as copying it, so it is for where
 * something was left: what others deleted or moved before, without zeros over it.
 */
export async function rewriteFile(sql: Sql): Promise<boolean> {
  sql.run("vacuum");
  return cutLog(sql);
}
