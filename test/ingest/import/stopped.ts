// An import that was stopped, as others find it.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../../../ingest/home.ts";
import { importsOf } from "../../../ingest/import/workspace.ts";
import type { Ledger } from "../../../ingest/ledger/ledger.ts";

/** Begins an import of files with these names, and leaves what was read of them. */
export async function stoppedImport(
  ledger: Ledger,
  home: Home,
  files: string[],
  read: string,
): Promise<void> {
  await ledger.execute("beginImport", { source: "import:csv", fingerprint: "f", files });
  mkdirSync(join(importsOf(home), "f"), { recursive: true });
  writeFileSync(join(importsOf(home), "f", "staging.sqlite"), read);
}
