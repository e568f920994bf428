// One erasure of a home at a time, and a note of those that did not come to their end.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** An erasure takes as long as a load and a build of the site. */
const PATIENCE_MS = 15 * 60_000;

export interface Turn {
  /** Customers whose erasure began and did not end, this one's earlier one among them. */
  unfinished: string[];
  /** Notes that it came to its end. */
  finish(): void;
  /** Lets the next one go on. */
  end(): void;
}

/**
 * Waits for its turn, and notes whose it is. The lock is SQLite's, on a file of its own: the system lets go of it when its
 * holder dies, however that dies. The note holds IDs alone.
 */
export function takeTurn(root: string, customerId: string): Turn {
  const lock = new DatabaseSync(join(root, ".erase.lock"), { timeout: PATIENCE_MS });
  const note = join(root, ".erase.unfinished");
  const write = (ids: string[]) =>
    ids.length === 0
      ? rmSync(note, { force: true })
      : writeFileSync(note, JSON.stringify(ids), { flush: true });
  try {
    lock.exec("begin exclusive");
    const unfinished = existsSync(note) ? (JSON.parse(readFileSync(note, "utf8")) as string[]) : [];
    const others = unfinished.filter((id) => id !== customerId);
    write([...others, customerId]);
    return { unfinished, finish: () => write(others), end: () => lock.close() };
  } catch (error) {
    lock.close();
    throw error;
  }
}
