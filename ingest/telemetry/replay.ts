// Telemetry from quarantine, on its second way in.

import { TELEMETRY_SOURCE } from "../ledger/commands/telemetry.ts";
import { OTHER } from "../ledger/telemetry/recognize.ts";
import type { Ledgers } from "../ledgers.ts";
import type { Problem } from "../problem.ts";
import { TELEMETRY_CONFLICT } from "./conflict.ts";
import { partsByPlace } from "./parts.ts";
import { readBatch } from "./read-body.ts";
import type { Reading } from "./reading.ts";

/**
 * Sends a line that waits the same way again.
 * @param by who replays it, for the record
 * @returns what is still wrong, and then it waits as before; null where it is on record now
 */
export async function replayTelemetry(
  ledgers: Ledgers,
  { quarantine_id, input }: { quarantine_id: string; input: string },
  reading: Reading,
  by: string,
): Promise<Problem | null> {
  const batch = readBatch(new TextEncoder().encode(input), reading);
  if (batch === "too_many_lines") throw new TypeError("a line is one line");
  for (const problem of batch.problems.values()) return problem;
  for (const [ledger, { facts }] of partsByPlace(batch, (shard) => ledgers.at(shard))) {
    const recorded = await ledger.execute("recordTelemetry", facts);
    if (recorded.ok && recorded.value.novelties.includes(OTHER)) return TELEMETRY_CONFLICT;
  }
  const waiting = { quarantineId: quarantine_id, source: TELEMETRY_SOURCE, by };
  await ledgers.ofId(quarantine_id).execute("markReplayed", waiting);
  return null;
}
