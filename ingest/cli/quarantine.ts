// `npm run quarantine`: input that was not understood, and its second chance.

import { parseArgs } from "node:util";
import { formatInstant, type Instant } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { homeOf, openLedger } from "../home.ts";
import { openKeys } from "../keys-file.ts";
import { TELEMETRY_SOURCE } from "../ledger/commands/telemetry.ts";
import { listQuarantined } from "../ledger/queries.ts";
import type { QuarantineRow } from "../ledger/rows.ts";
import { Ledgers } from "../ledgers.ts";
import type { Problem } from "../problem.ts";
import { COMMAND_LINE } from "./by.ts";
import { replay } from "../sources/intake.ts";
import { replayTelemetry } from "../telemetry/replay.ts";

const HELP = `npm run -s quarantine -- COMMAND

  list            what waits: its ID, source, when it came, and what was wrong
  replay [ID …]   sends it the same way again, all of it or those named; what still does not fit stays

Replay after a fix: publish the catalog that was missing, for example. Telemetry that lies too far back goes through here:
who replays it says that it is right.`;

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
  const home = homeOf(process.env);
  const { ledger, close } = openLedger(home);
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
    const isTelemetry = (row: QuarantineRow) => row.source === TELEMETRY_SOURCE;
    // Hosts are hashed under the home's key: it is opened where a host may come.
    const secret = process.env["KEYHOUSE_SECRET"] || undefined;
    const keys = chosen.some(isTelemetry) ? await openKeys(home.keys, secret) : null;
    const ledgers = new Ledgers([ledger]);
    let passed = 0;
    for (const row of chosen) {
      const now = systemClock();
      const fault =
        keys && isTelemetry(row)
          ? await replayTelemetry(
              ledgers,
              row,
              { now, mayTellHistory: true, hashId: keys.hashId },
              COMMAND_LINE,
            )
          : await replayOrder(ledgers, row, now);
      if (fault) console.log(`${row.quarantine_id}  still waits: ${fault.detail}`);
      else passed += 1;
    }
    return `${passed} of ${chosen.length} went through.`;
  } finally {
    close();
  }
}

async function replayOrder(ledgers: Ledgers, row: QuarantineRow, now: Instant): Promise<Problem | null> {
  const intake = await replay(ledgers, row, now, COMMAND_LINE);
  return intake.kind === "not_understood" ? intake.problem : null;
}

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
