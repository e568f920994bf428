// Telemetry: what customers' software tells of itself. It changes no seat and no count.

import { problem, type Problem } from "../../problem.ts";
import { withoutCodes } from "../../telemetry/codes.ts";
import type { TelemetryFact } from "../../telemetry/types.ts";
import type { CommandContext, Outcome } from "../outcome.ts";
import { recognize } from "../telemetry-rows.ts";
import { quarantine } from "./quarantine.ts";

/** A line that was read, with its text or as much of it as is kept, or why it could not be. */
export type TelemetryLine = { input: string } & ({ told: TelemetryFact } | { problem: Problem });

/** What became of a line. */
export type TelemetryOutcome =
  { outcome: "stored" | "duplicate" } | { outcome: "quarantined"; quarantineId: string; problem: Problem };

/** Where quarantined telemetry came from. */
export const TELEMETRY_SOURCE = "telemetry";

/** Records what is new, in order, and keeps apart what does not fit. Every line has an outcome. */
export function recordTelemetry(
  context: CommandContext,
  { lines }: { lines: readonly TelemetryLine[] },
): Outcome<TelemetryOutcome[]> {
  const told = lines.flatMap((line) => ("told" in line ? [line.told] : []));
  const novelties = recognize(context.store.sql, told);
  context.store.appendWritten(told.filter((_, i) => novelties[i] === "new").map(({ fact }) => fact));
  let next = 0;
  const outcomes = lines.map((line): TelemetryOutcome => {
    if ("problem" in line) return keepApart(context, line.input, line.problem, "read");
    const novelty = novelties[next++];
    if (novelty === "new") return stored;
    return novelty === "same" ? duplicate : keepApart(context, line.input, conflict, "decide");
  });
  return { ok: true, isNew: outcomes.some(({ outcome }) => outcome !== "duplicate"), value: outcomes };
}

const stored: TelemetryOutcome = { outcome: "stored" };
const duplicate: TelemetryOutcome = { outcome: "duplicate" };

const conflict = problem(
  "event_id_conflict",
  "Another event of this ID and time is on record: give each event an ID of its own.",
  [{ field: "id", message: "came with another content before" }],
);

/** The same line again waits once. */
function keepApart(context: CommandContext, line: string, reason: Problem, stage: string): TelemetryOutcome {
  const { code, detail } = reason;
  const input = withoutCodes(line);
  const waiting = context.store.sql.get<{ quarantineId: string }>(
    `select quarantine_id as "quarantineId" from quarantine
     where source = 'telemetry' and replayed_at is null and input = ?`,
    input,
  );
  if (waiting) return { outcome: "quarantined", ...waiting, problem: reason };
  const kept = quarantine(context, { source: TELEMETRY_SOURCE, stage, code, detail, input });
  if (!kept.ok) throw new TypeError(`quarantine refused a line: ${kept.refusal.code}`);
  return { outcome: "quarantined", quarantineId: kept.value.quarantineId, problem: reason };
}
