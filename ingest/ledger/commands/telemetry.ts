// Telemetry: what customers' software tells of itself. It changes no seat and no count.

import { withoutCodes } from "../../telemetry/codes.ts";
import type { Problem } from "../../problem.ts";
import type { CommandContext, Outcome } from "../outcome.ts";
import type { Facts } from "../telemetry/recognize.ts";
import { quarantine } from "./quarantine.ts";

/** Where quarantined telemetry came from. */
export const TELEMETRY_SOURCE = "telemetry";

/**
 * Records what is new, in order.
 * @returns for each fact whether it was, or is on record with the same content, or with another one: see
 *   `../telemetry/recognize.ts`
 */
export function recordTelemetry({ store }: CommandContext, told: Facts): Outcome<{ novelties: Uint8Array }> {
  const novelties = store.appendTelemetry(told);
  return { ok: true, isNew: novelties.includes(0), value: { novelties } };
}

/** A line that does not fit: its text, or as much of it as is kept, and why. */
export interface MisfitLine {
  input: string;
  stage: "read" | "decide";
  problem: Pick<Problem, "code" | "detail">;
}

/** Keeps lines apart that do not fit, each with the ID that it waits under. The same line again waits once. */
export function keepTelemetry(
  context: CommandContext,
  { lines }: { lines: readonly MisfitLine[] },
): Outcome<{ quarantineIds: string[] }> {
  let isNew = false;
  const quarantineIds = lines.map(({ input: sent, stage, problem: { code, detail } }) => {
    const input = withoutCodes(sent);
    const waiting = context.store.sql.get<{ id: string }>(
      `select quarantine_id as id from quarantine
       where source = 'telemetry' and replayed_at is null and input = ?`,
      input,
    );
    if (waiting) return waiting.id;
    isNew = true;
    const kept = quarantine(context, { source: TELEMETRY_SOURCE, stage, code, detail, input });
    if (!kept.ok) throw new TypeError(`quarantine refused a line: ${kept.refusal.code}`);
    return kept.value.quarantineId;
  });
  return { ok: true, isNew, value: { quarantineIds } };
}
