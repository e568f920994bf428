// Files that are whole and stored, or not there: made beside their place, synced, and linked into it.

import { closeSync, fsyncSync, linkSync, openSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Makes a file that was not there before.
 * @param write makes its content under another name, in the same folder; for its owner's eyes alone
 * @throws Error where there is a file already: it stays as it is
 */
export async function createFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${crypto.randomUUID()}.tmp`);
  closeSync(openSync(temporary, "wx", 0o600));
  try {
    await write(temporary);
    sync(temporary);
    // Fails where the name is taken; a rename would not.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new Error(`${path} is there already, and stays as it is: name a new file.`, { cause: error });
  } finally {
    unlinkSync(temporary);
  }
  sync(dirname(path));
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}
