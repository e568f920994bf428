// Telemetry from quarantine, on its second way in.

import { TELEMETRY_SOURCE } from "../ledger/commands/telemetry.ts";
import type { Ledgers } from "../ledgers.ts";
import type { Problem } from "../problem.ts";
import { readLine, type Reading } from "./read.ts";

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
  const told = readLine(input, reading);
  if (!told.ok) return told.problem;
  const recorded = await ledgers
    .ofId(told.value.about)
    .execute("recordTelemetry", { lines: [{ input, told: told.value }] });
  const outcome = recorded.ok ? recorded.value[0] : undefined;
  if (outcome?.outcome === "quarantined") return outcome.problem;
  const waiting = { quarantineId: quarantine_id, source: TELEMETRY_SOURCE, by };
  await ledgers.ofId(quarantine_id).execute("markReplayed", waiting);
  return null;
}
