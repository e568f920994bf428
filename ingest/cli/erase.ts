// `npm run erase`: a person out of everything that a home has.

import { parseArgs } from "node:util";
import { erasePerson } from "../erasure/course.ts";
import { programsOf } from "../erasure/programs.ts";
import { reportText } from "../erasure/report.ts";
import { homeOf } from "../home.ts";
import { bucketOf } from "../segments/bucket.ts";
import { COMMAND_LINE } from "./by.ts";
import { runCommand } from "./run.ts";

const HELP = `npm run -s erase -- CUSTOMER [--dry-run] [--json] [--by ROLE]

Erases what names a customer from the ledger of KEYHOUSE_HOME, the segments, every snapshot of the lake and the site, then
looks everywhere again. The ID stays, with orders, entitlements and money. The service may run meanwhile.

  --dry-run   looks, and changes nothing
  --json      says the same as JSON
  --by ROLE   who does it, on record and in the lake

Ends with 0 where nothing is left, else with 1 and what is left; run it again then, as after a crash. It loads the lake and
builds the site: that takes as long as \`npm run load && npm run report\`. Backups, exports and what else people have made of
the lake are not reached. Who orders again later is named again, by that order.`;

await runCommand(HELP, async (args, say) => {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      by: { type: "string", default: COMMAND_LINE },
    },
  });
  const [customerId, more] = positionals;
  if (customerId === undefined || more !== undefined)
    throw new Error(`Say which customer, and one.\n\n${HELP}`);
  const home = homeOf(process.env);
  const report = await erasePerson({
    home,
    customerId,
    by: values.by,
    isDryRun: values["dry-run"],
    bucket: bucketOf(process.env),
    programs: programsOf(home.root),
    onStep: (step) => say(`${step} …`),
  });
  if (report.left.length > 0) process.exitCode = 1;
  return values.json ? JSON.stringify(report, null, 1) : reportText(report);
});
