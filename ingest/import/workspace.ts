// Where an import is prepared: a folder of the home that can be made again, and goes when it is done.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Home, openLedger } from "../home.ts";
import { openKeys, readKeySet } from "../keys-file.ts";
import { backupLedger } from "../ledger/backup.ts";
import { Checkpoints } from "../ledger/checkpoints.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Staging } from "./staging.ts";

/** What an import works with. */
export interface Workspace {
  ledger: Ledger;
  staging: Staging;
  stagingPath: string;
  /** What IDs of hosts and users are hashed under, in hexadecimal. */
  hostKey: string;
  /** To be called after each transaction. */
  onCommit(): void;
  /** Closes all; where `isDone`, what was prepared is removed. */
  close(isDone: boolean): Promise<void>;
}

const CACHE_KIB = 256 * 1024;

/** The folder below a home where imports are prepared. It holds what was read: names and addresses too. */
export const importsOf = (home: Pick<Home, "root">): string => join(home.root, "imports");

/**
 * Opens what an import works with.
 * @param isDryRun works on a copy of the ledger: it does what it would do, to nothing that stays
 */
export async function openWorkspace(
  home: Home,
  fingerprint: string,
  isDryRun: boolean,
  secret: string | undefined,
  onCopied: (share: number) => void = () => undefined,
): Promise<Workspace> {
  const folder = join(importsOf(home), isDryRun ? `dry-run-${process.pid}` : fingerprint);
  if (isDryRun) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const place = isDryRun ? { ...home, root: folder, ledger: join(folder, "ledger.sqlite") } : home;
  try {
    if (isDryRun && existsSync(home.ledger)) await backupLedger(home.ledger, place.ledger, onCopied);
    const stagingPath = join(folder, "staging.sqlite");
    const staging = new Staging(stagingPath);
    // Keys are made where there are none: those of a dry run are for it alone.
    const isKeyless = readKeySet(home.keys).length === 0;
    const keys = await openKeys(isDryRun && isKeyless ? join(folder, "keys") : home.keys, secret);
    const { ledger, close } = openLedger(place);
    // Measured with a million rights: with the usual quarter of it, pages that are written again were read again.
    ledger.sql.run(`pragma cache_size = ${-CACHE_KIB}`);
    const checkpoints = new Checkpoints(place.ledger, ledger.sql);
    return {
      ledger,
      staging,
      stagingPath,
      hostKey: keys.hostKey,
      onCommit: () => checkpoints.ask(),
      async close(isDone) {
        await checkpoints.close();
        staging.close();
        close();
        if (isDone || isDryRun) rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    if (isDryRun) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
