// Looks after the ledger: what is over by itself is put away, a transaction at a time.

import { isUntidy } from "../ledger/commands/tidy.ts";
import type { Ledger } from "../ledger/ledger.ts";

/** Tidies as long as there is something to tidy; writes nothing where there is not. */
export async function tidyUp(ledger: Ledger): Promise<void> {
  if (!isUntidy(ledger.sql, ledger.now())) return;
  while ((await ledger.execute("tidy", undefined)).isMore);
}
