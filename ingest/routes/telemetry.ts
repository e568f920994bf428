import { readBytes } from "../body.ts";
import type { Deps } from "../deps.ts";
import { TELEMETRY_CONFLICT } from "../telemetry/conflict.ts";
import type { MisfitLine } from "../ledger/commands/telemetry.ts";
import type { LedgerPort } from "../ledger/port.ts";
import { NEW, OTHER } from "../ledger/telemetry/recognize.ts";
import { type Problem, problem } from "../problem.ts";
import { type Parsed, parseJson } from "../request.ts";
import type { Answer, Request } from "../route.ts";
import { missingScope } from "../scope.ts";
import type { TelemetryBatch } from "../telemetry/batch.ts";
import { lineOf, partsByPlace } from "../telemetry/parts.ts";
import { readBatch } from "../telemetry/read-body.ts";
import { MAX_LINES } from "../telemetry/split.ts";

// Ten thousand plain events are some 4 MB; a call is in memory while it is recorded.
const MAX_BODY_BYTES = 8 * 1024 * 1024;
// Lines of one transaction: each is looked for and written by itself, and others wait some 10 ms for their turn.
const MISFITS_A_GROUP = 200;

/**
 * POST /v1/events: telemetry, an outcome for each event. A body that cannot be read as a whole is refused as a whole, and
 * nothing of it is on record; of any other, every event is stored, on record already, or kept in quarantine.
 */
export async function recordEvents({ c, deps, key }: Request): Promise<Answer> {
  const sent = await readBytes(c, MAX_BODY_BYTES, deps.operation?.bytesOf);
  if (!sent.ok) return sent;
  const isLines = /^application\/(?:x-)?(?:ndjson|jsonl)\b/i.test(c.req.header("Content-Type") ?? "");
  const lines = isLines ? sent : linesOfArray(sent.value);
  if (!lines.ok) return lines;
  const told = { now: deps.clock(), mayTellHistory: missingScope(key, "history:write") === null };
  const batch = deps.readBody
    ? await deps.readBody(lines.value, told)
    : readBatch(lines.value, { ...told, hashId: deps.hashId });
  return batch === "too_many_lines" ? tooMany : record(batch, deps);
}

/** The elements of an array, a line each: those are read one by one. */
function linesOfArray(bytes: Uint8Array): Parsed<Uint8Array<ArrayBuffer>> {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) return noArray;
  if (json.value.length > MAX_LINES) return tooMany;
  return { ok: true, value: new TextEncoder().encode(json.value.map(textOf).join("\n")) };
}

/** The text of one element. What is nested some thousand deep cannot be written again, and is no event. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deep)";
  }
}

type Refused = { ok: false; problem: Problem };

const tooMany: Refused = {
  ok: false,
  problem: problem(
    "too_many_lines",
    `A call may have ${MAX_LINES} events: nothing was recorded. Send them in parts.`,
  ),
};

const noArray: Refused = {
  ok: false,
  problem: problem(
    "invalid_request",
    "This is no array: send one, or a line an event as application/x-ndjson.",
  ),
};

/** A line that is kept apart: its index, where, and why. */
interface Misfit extends Pick<MisfitLine, "stage"> {
  index: number;
  ledger: LedgerPort;
  problem: Problem;
}

/** A line in quarantine: what it waits under, and why. */
interface Kept {
  quarantineId: string;
  problem: Problem;
}

/** Records events, the shards side by side. Where a ledger fails, what others did is on record. */
async function record(batch: TelemetryBatch, { ledgers }: Deps): Promise<Answer> {
  const novelties = new Uint8Array(batch.begins.length);
  // What could not be read says nothing of its shard.
  const misfits = Array.from(batch.problems, ([index, reason]): Misfit => ({
    index,
    ledger: ledgers.control,
    problem: reason,
    stage: "read",
  }));
  await Promise.all(
    // On Node there is one ledger, and nothing is copied.
    Array.from(
      partsByPlace(batch, (shard) => ledgers.at(shard)),
      async ([ledger, { facts, lines }]) => {
        const recorded = await ledger.execute("recordTelemetry", facts);
        if (!recorded.ok) throw new TypeError(`telemetry is not refused: ${recorded.refusal.code}`);
        for (const [i, novelty] of recorded.value.novelties.entries()) {
          const index = lines[i] ?? 0;
          novelties[index] = novelty;
          if (novelty === OTHER)
            misfits.push({ index, ledger, problem: TELEMETRY_CONFLICT, stage: "decide" });
        }
      },
    ),
  );
  return answerOf(batch.numbers, novelties, await keepApart(batch, misfits));
}

/** An outcome for each line. They are written by hand, a thousand a call: as objects they took a tenth of its time. */
function answerOf(numbers: Uint32Array, novelties: Uint8Array, kept: ReadonlyMap<number, Kept>): Answer {
  let outcomes = "";
  let stored = 0;
  for (let i = 0; i < numbers.length; i++) {
    const misfit = kept.get(i);
    const outcome = misfit ? "quarantined" : novelties[i] === NEW ? "stored" : "duplicate";
    if (outcome === "stored") stored += 1;
    const why = misfit ? `,${JSON.stringify(misfit).slice(1, -1)}` : "";
    outcomes += `${i === 0 ? "" : ","}{"line":${numbers[i]},"outcome":"${outcome}"${why}}`;
  }
  const counts = {
    received: numbers.length,
    stored,
    duplicate: numbers.length - stored - kept.size,
    quarantined: kept.size,
  };
  return { status: 200, json: `{${JSON.stringify(counts).slice(1, -1)},"outcomes":[${outcomes}]}` };
}

/** Keeps lines in quarantine, in order, a group at a time. @returns them by their index */
async function keepApart(batch: TelemetryBatch, misfits: readonly Misfit[]): Promise<Map<number, Kept>> {
  const kept = new Map<number, Kept>();
  const byLedger = Map.groupBy(
    misfits.toSorted((a, b) => a.index - b.index),
    ({ ledger }) => ledger,
  );
  await Promise.all(
    Array.from(byLedger, async ([ledger, own]) => {
      for (let at = 0; at < own.length; at += MISFITS_A_GROUP) {
        const group = own.slice(at, at + MISFITS_A_GROUP);
        const lines = group.map(({ index, stage, problem: { code, detail } }) => ({
          input: lineOf(batch, index),
          stage,
          problem: { code, detail },
        }));
        const recorded = await ledger.execute("keepTelemetry", { lines });
        if (!recorded.ok) throw new TypeError(`telemetry is not refused: ${recorded.refusal.code}`);
        for (const [i, { index, problem: reason }] of group.entries())
          kept.set(index, { quarantineId: recorded.value.quarantineIds[i] ?? "", problem: reason });
      }
    }),
  );
  return kept;
}
