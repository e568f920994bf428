// `npm run quarantine`: input that was not understood, and its second chance.

import { parseArgs } from "node:util";
import { formatInstant } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { homeOf, openLedger } from "../home.ts";
import { listQuarantined } from "../ledger/queries.ts";
import { Ledgers } from "../ledgers.ts";
import { COMMAND_LINE } from "./by.ts";
import { replay } from "../sources/intake.ts";

const HELP = `npm run -s quarantine -- COMMAND

  list            what waits: its ID, source, when it came, and what was wrong
  replay [ID …]   sends it the same way again, all of it or those named; what still does not fit stays

Replay after a fix: publish the catalog that was missing, for example.`;

/** More than anyone reads, or replays in one go. */
const MAX_LISTED = 10_000;

async function main(args: string[]): Promise<string> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { help: { type: "boolean" } },
  });
  const [verb, ...ids] = positionals;
  if (values.help || verb === undefined) return HELP;
  const { ledger, close } = openLedger(homeOf(process.env));
  try {
    const waiting = listQuarantined(ledger.sql, MAX_LISTED);
    if (verb === "list") {
      const lines = waiting.map(
        (row) =>
          `${row.quarantine_id}  ${row.source}  ${formatInstant(row.received_at).slice(0, 19)}Z  ${row.code}: ${row.detail}`,
      );
      return lines.length === 0 ? "Nothing waits in quarantine." : lines.join("\n");
    }
    if (verb !== "replay") throw new Error(`There is no command "${verb}".\n\n${HELP}`);
    const unknown = ids.filter((id) => !waiting.some((row) => row.quarantine_id === id));
    if (unknown.length > 0)
      throw new Error(`Nothing waits under ${unknown.join(", ")}: \`list\` shows what does.`);
    const chosen = ids.length === 0 ? waiting : waiting.filter((row) => ids.includes(row.quarantine_id));
    let passed = 0;
    for (const row of chosen) {
      const intake = await replay(new Ledgers([ledger]), row, systemClock(), COMMAND_LINE);
      if (intake.kind === "not_understood")
        console.log(`${row.quarantine_id}  still waits: ${intake.problem.detail}`);
      else passed += 1;
    }
    return `${passed} of ${chosen.length} went through.`;
  } finally {
    close();
  }
}

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
