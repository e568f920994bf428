// The whole path in one process: an app whose ledger is in a home, and a lake loaded from what it recorded.

import { join } from "node:path";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import type { Lake } from "../../warehouse/read.ts";
import { loadHome, openHome } from "../warehouse/support.ts";

/** Where the ledger of a home is. */
export const ledgerOf = (home: string) => join(home, "ledger.sqlite");

/** Brings everything that a home's ledger recorded into its lake, as of a time, and opens the lake. */
export async function lakeOfHome(home: string, asOf: string): Promise<Lake> {
  const ledger = openSqlite(ledgerOf(home));
  await exportSegments(ledger, 0, folderStore(join(home, "segments")));
  ledger.close();
  await loadHome(home, asOf);
  return openHome(home);
}
