// `npm run restore`: a backup into an empty home.

import { resolve } from "node:path";
import { homeOf } from "../home.ts";
import { restoreLedger } from "../ledger/backup.ts";
import { runCommand } from "./run.ts";

const HELP = `npm run -s restore -- FILE

Puts a backup into KEYHOUSE_HOME, which must be empty but for keys/. Segments, lake and reports are made anew from it by
the next load. What was recorded after the backup is lost to the ledger; where an older lake is kept, it still says so,
and the same (shard, seq) may be another fact in the new one: do not mix them.`;

await runCommand(HELP, async ([file, more]) => {
  if (file === undefined || more !== undefined) throw new Error(`Say which file, and one.\n\n${HELP}`);
  const home = homeOf(process.env);
  const { lastSeq } = await restoreLedger(resolve(file), home);
  return `${home.root} holds the ledger up to event ${lastSeq}. Put its keys into ${home.keys}, and set KEYHOUSE_SECRET, before the service starts: without them it makes new ones.`;
});
