import { bodyOf, BodyTooLargeError } from "../body.ts";
import type { Deps } from "../deps.ts";
import type { TelemetryLine, TelemetryOutcome } from "../ledger/commands/telemetry.ts";
import type { LedgerPort } from "../ledger/port.ts";
import { type Line, LineReader } from "../ndjson.ts";
import { type Problem, problem } from "../problem.ts";
import { type Parsed, parseJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { missingScope } from "../scope.ts";
import { readEvent, readLine, type Reading } from "../telemetry/read.ts";

/** Events of one call. A sender has an answer within a second, and a call that fails costs little to send again. */
const MAX_EVENTS = 10_000;
// Ten thousand plain events are some 4 MB; a call is in memory while it is recorded.
const MAX_BODY_BYTES = 8 * 1024 * 1024;
// An event has some 400 characters.
const MAX_EVENT_CHARACTERS = 8 * 1024;
// Of a line that is too long, so much is kept in quarantine.
const HEAD_CHARACTERS = 1024;
// Events of one transaction: others wait some 5 ms for their turn.
const EVENTS_A_GROUP = 1000;

/**
 * POST /v1/events: telemetry, an outcome for each event. A body that cannot be read as a whole is refused as a whole, and
 * nothing of it is on record; of any other, every event is stored, on record already, or kept in quarantine.
 */
export async function recordEvents({ c, deps, key }: Request): Promise<Answer> {
  const body = bodyOf(c, MAX_BODY_BYTES);
  if (!body.ok) return body;
  const reading: Reading = {
    now: deps.clock(),
    mayTellHistory: missingScope(key, "history:write") === null,
    hashId: deps.hashId,
  };
  const isLines = /^application\/(?:x-)?(?:ndjson|jsonl)\b/i.test(c.req.header("Content-Type") ?? "");
  const came = await (isLines ? linesOf(body.value) : elementsOf(body.value));
  if (!came.ok) return came;
  return record(
    came.value.map((sent) => readSent(sent, reading)),
    deps,
  );
}

/** An event as it came: its place, from 1, and its text, parsed where it was part of an array. */
type Sent = Line | { number: number; text: string; json: unknown };

async function linesOf(body: ReadableStream<Uint8Array>): Promise<Parsed<Sent[]>> {
  const lines = new LineReader(body, {
    maxCharacters: MAX_EVENT_CHARACTERS,
    maxLines: MAX_EVENTS,
    readAhead: MAX_BODY_BYTES,
    headCharacters: HEAD_CHARACTERS,
  });
  const sent: Line[] = [];
  try {
    for (let some = await lines.take(MAX_EVENTS); some.length > 0; some = await lines.take(MAX_EVENTS))
      for (const line of some) sent.push(line);
  } catch (error) {
    return unread(error);
  }
  const last = sent.at(-1);
  return last && "fault" in last && last.fault === "too_many" ? tooMany : { ok: true, value: sent };
}

async function elementsOf(body: ReadableStream<Uint8Array>): Promise<Parsed<Sent[]>> {
  const text = await new Response(body).text().catch((error: unknown) => unread(error));
  if (typeof text !== "string") return text;
  const json = parseJson(text);
  if (!json.ok) return json;
  if (!Array.isArray(json.value)) return noArray;
  if (json.value.length > MAX_EVENTS) return tooMany;
  return {
    ok: true,
    value: json.value.map((event: unknown, index): Sent => {
      const written = textOf(event);
      return written.length > MAX_EVENT_CHARACTERS
        ? { number: index + 1, fault: "too_long", head: written.slice(0, HEAD_CHARACTERS) }
        : { number: index + 1, text: written, json: event };
    }),
  };
}

/** The text of one element of an array. What is nested some thousand deep cannot be written again, and is no event. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deep)";
  }
}

/** An event as it was read, and its place. */
type Placed = TelemetryLine & { number: number };

function readSent(sent: Sent, reading: Reading): Placed {
  const { number } = sent;
  if ("fault" in sent) return { number, input: sent.head, problem: tooLong };
  const told = "json" in sent ? readEvent(sent.json, reading) : readLine(sent.text, reading);
  return told.ok
    ? { number, input: sent.text, told: told.value }
    : { number, input: sent.text, problem: told.problem };
}

const tooLong = problem("line_too_long", `An event may have ${MAX_EVENT_CHARACTERS} characters.`);

type Refused = { ok: false; problem: Problem };

const tooMany: Refused = {
  ok: false,
  problem: problem(
    "too_many_lines",
    `A call may have ${MAX_EVENTS} events: nothing was recorded. Send them in parts.`,
  ),
};

const noArray: Refused = {
  ok: false,
  problem: problem(
    "invalid_request",
    "This is no array: send one, or a line an event as application/x-ndjson.",
  ),
};

/** What ended the reading of a body. */
function unread(error: unknown): Refused {
  if (error instanceof BodyTooLargeError) {
    const detail = `A body may have ${MAX_BODY_BYTES} bytes, unpacked: nothing was recorded. Send it in parts.`;
    return { ok: false, problem: problem("body_too_large", detail) };
  }
  // A connection that was lost has nobody to answer; what is left is a body that is not what its sender said.
  return { ok: false, problem: problem("malformed_encoding", "The body is no gzip, or not all of it came.") };
}

/** Records events, the shards side by side. Where a ledger fails, what others did is on record. */
async function record(events: readonly Placed[], { ledgers }: Deps): Promise<Answer> {
  // What could not be read says nothing of its shard.
  const byShard = Map.groupBy(events, (event) =>
    "told" in event ? ledgers.ofId(event.told.about) : ledgers.control,
  );
  const outcomes = new Map<Placed, TelemetryOutcome>();
  await Promise.all(Array.from(byShard, ([ledger, own]) => recordIn(ledger, own, outcomes)));
  const counts = { stored: 0, duplicate: 0, quarantined: 0 };
  const told = events.map((event) => {
    const outcome = outcomes.get(event);
    if (!outcome) throw new TypeError("an event was recorded, and nothing came of it");
    counts[outcome.outcome] += 1;
    return { line: event.number, ...outcome };
  });
  return ok({ received: events.length, ...counts, outcomes: told });
}

/** Records events of one shard, in order, a group at a time. */
async function recordIn(
  ledger: LedgerPort,
  events: readonly Placed[],
  outcomes: Map<Placed, TelemetryOutcome>,
): Promise<void> {
  for (let at = 0; at < events.length; at += EVENTS_A_GROUP) {
    const group = events.slice(at, at + EVENTS_A_GROUP);
    const recorded = await ledger.execute("recordTelemetry", { lines: group });
    if (!recorded.ok) throw new TypeError(`telemetry is not refused: ${recorded.refusal.code}`);
    for (const [index, outcome] of recorded.value.entries()) {
      const event = group[index];
      if (event) outcomes.set(event, outcome);
    }
  }
}
