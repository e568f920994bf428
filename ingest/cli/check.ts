// `npm run check`: is everything in the ledger as it should be?

import { existsSync } from "node:fs";
import { homeOf, openLedger } from "../home.ts";
import { checkLedger } from "../ledger/check.ts";
import { behindSegments } from "../segments/behind.ts";
import { bucketOf } from "../segments/bucket.ts";
import { folderStore } from "../segments/folder.ts";
import { runCommand } from "./run.ts";

const HELP = `npm run -s check

Looks at the ledger of KEYHOUSE_HOME: the file, that its events are dense, that each entitlement and its seats are what their
events say, that no more seats are taken than may be, and that the segments hold nothing that the ledger does not know.
The service may run meanwhile. Ends with 0 where all is well, else with 1.`;

await runCommand(HELP, async (args, say) => {
  if (args.length > 0) throw new Error(`This takes no arguments.\n\n${HELP}`);
  const home = homeOf(process.env);
  if (!existsSync(home.ledger)) throw new Error(`There is no ledger at ${home.ledger}.`);
  const segments = bucketOf(process.env) ?? folderStore(home.segments);
  const { ledger, close } = openLedger(home);
  try {
    const behind = await behindSegments(ledger.sql, ledger.shard, segments);
    ledger.sql.run("begin");
    const faults = checkLedger(ledger.sql, ledger.shard, (what, done, of) =>
      say(`${what}: ${done} of ${of}`),
    );
    ledger.sql.run("rollback");
    const all = [...faults, ...(behind === null ? [] : [behind])];
    if (all.length > 0) throw new Error(all.join("\n"));
    return "All is well.";
  } finally {
    close();
  }
});
