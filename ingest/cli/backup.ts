// `npm run backup`: the ledger into one file, while the service runs.

import { resolve } from "node:path";
import { homeOf } from "../home.ts";
import { backupLedger } from "../ledger/backup.ts";
import { runCommand } from "./run.ts";

const HELP = `npm run -s backup -- FILE

Copies the ledger of KEYHOUSE_HOME into FILE, which must not be there yet, as it is at this moment. The service may run
meanwhile. FILE holds activation codes and customers' names: keep it as safe as the ledger.

The keys are not in it: keep KEYHOUSE_HOME/keys and KEYHOUSE_SECRET as well, elsewhere. They change when a key is rotated.
Segments, lake and site need no backup: they are made anew from the ledger.`;

await runCommand(HELP, async ([file, more], say) => {
  if (file === undefined || more !== undefined) throw new Error(`Say which file, and one.\n\n${HELP}`);
  const path = resolve(file);
  const { lastSeq } = await backupLedger(homeOf(process.env).ledger, path, (share) =>
    say(`${Math.round(share * 100)} %`),
  );
  return `${path} holds the ledger up to event ${lastSeq}.`;
});
