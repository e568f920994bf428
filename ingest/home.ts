// Where everything is on a machine: one folder, `KEYHOUSE_HOME`.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { systemClock } from "./clock.ts";
import { Ledger, type LedgerOptions } from "./ledger/ledger.ts";
import { openSqlite } from "./ledger/sqlite.ts";
import { flushSignatures } from "./sign-batch.ts";

export interface Home {
  root: string;
  ledger: string;
  /** The folder of signing keys. */
  keys: string;
  segments: string;
  /** The newest build of the report site. */
  site: string;
}

/** The paths below `KEYHOUSE_HOME`, `./data` where it is not set. */
export function homeOf(env: Record<string, string | undefined>): Home {
  const root = resolve(env["KEYHOUSE_HOME"] || "data");
  return {
    root,
    ledger: join(root, "ledger.sqlite"),
    keys: join(root, "keys"),
    segments: join(root, "segments"),
    site: join(root, "site", "current"),
  };
}

/** Opens the ledger of a home, making both where they are not there. On Node there is one shard: 0. */
export function openLedger(
  home: Home,
  observe?: LedgerOptions["observe"],
): { ledger: Ledger; close: () => void } {
  mkdirSync(home.root, { recursive: true });
  const sql = openSqlite(home.ledger);
  const ledger = new Ledger({
    sql,
    shard: 0,
    shards: 1,
    clock: systemClock,
    defer: setImmediate,
    beforeCommit: flushSignatures,
    observe,
  });
  return { ledger, close: () => sql.close() };
}
