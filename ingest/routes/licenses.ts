import type { z } from "zod";
import { claimsOf, signLicenses } from "../../licensing/index.ts";
import { lineSchema } from "../api/requests.ts";
import type { Deps } from "../deps.ts";
import { faultOf } from "../fault.ts";
import { occurredAt } from "../history.ts";
import { bindingOf, type StatedHost, statementOf } from "../host.ts";
import type { BulkItem } from "../ledger/commands/bulk.ts";
import type { OutcomeOf } from "../ledger/commands/index.ts";
import type { SeatOutcome } from "../ledger/commands/seats.ts";
import type { LedgerPort } from "../ledger/port.ts";
import { type Line, LineReader, streamOf } from "../ndjson.ts";
import { type Problem, problem, problemOf } from "../problem.ts";
import { check, type Parsed, parseJson } from "../request.ts";
import { type Answer, type Request, reporting } from "../route.ts";
import type { ApiKey } from "../scope.ts";
import { activationBody, readCode } from "./activations.ts";

// All fields at their longest, each character as a JSON escape of six, are a little less.
const MAX_LINE_CHARACTERS = 16 * 1024;
// Some minutes of work; what is more can be sent in parts, which may also go side by side.
const MAX_LINES = 1_000_000;
// A client that sends everything before it reads an answer would wait for us, and we for it. So far ahead we read, some
// 100,000 plain lines; who sends more has to read meanwhile, as every common HTTP client can.
const READ_AHEAD_BYTES = 16 * 1024 * 1024;
// Lines of one transaction: an fsync costs next to nothing a line, and others wait some 10 ms for their turn.
const LINES_A_GROUP = 512;
// Groups that are being signed while the next is decided: two even out which of them takes longer.
const GROUPS_BEING_SIGNED = 2;

/** A line that can be decided, and what its license needs beside the outcome. */
interface Wanted {
  item: BulkItem;
  stated: StatedHost;
}

/** A line that was decided, or why it was not. */
type Decided = { number: number } & (
  { problem: Problem } | { wanted: Wanted; granted: SeatOutcome; isNew: boolean }
);

/**
 * POST /v1/licenses: a license for every line, each line answered in its place. Lines are decided in groups, a transaction
 * each, and a group is signed while the next is decided. A caller that goes away stops the work between two groups; the
 * same lines again are answered with the same licenses.
 */
export function generateLicenses(request: Request): Promise<Answer> {
  const { c, key } = request;
  const deps = reporting(request);
  const body = c.req.raw.body ?? new Blob().stream();
  const lines = new LineReader(body, {
    maxCharacters: MAX_LINE_CHARACTERS,
    maxLines: MAX_LINES,
    readAhead: READ_AHEAD_BYTES,
  });
  const stream = streamOf(answers(lines, deps, key), () => lines.cancel());
  return Promise.resolve({ stream, type: "application/x-ndjson" });
}

async function* answers(lines: LineReader, deps: Deps, key: ApiKey | null): AsyncGenerator<string> {
  const next = (): Promise<Decided[]> => {
    const deciding = lines.take(LINES_A_GROUP).then((group) => decide(group, deps, key));
    // Where the caller went away, nobody waits for it any more: a fault then is no fault of the process.
    deciding.catch(() => undefined);
    return deciding;
  };
  const signing: Promise<string>[] = [];
  let deciding: Promise<Decided[]> | undefined = next();
  while (deciding || signing.length > 0) {
    const [oldest] = signing;
    const isOldestNext =
      oldest !== undefined &&
      (!deciding || signing.length > GROUPS_BEING_SIGNED || (await isFirst(oldest, deciding)));
    if (isOldestNext) {
      yield await oldest;
      void signing.shift();
      continue;
    }
    const decided: Decided[] = (await deciding) ?? [];
    if (decided.length > 0) signing.push(sign(decided, deps));
    deciding = decided.length > 0 ? next() : undefined;
  }
}

/** Whether the first of two is there before the other: a caller that pauses has the answers to what it sent. */
const isFirst = (one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> =>
  Promise.race([one.then(() => true), other.then(() => false)]);

async function decide(lines: readonly Line[], deps: Deps, key: ApiKey | null): Promise<Decided[]> {
  const read = lines.map((line) => wantedOf(line, deps, key));
  const items = read.flatMap((it) => (it.ok ? [it.value.item] : []));
  const outcomes = (await activateInShards(items, deps)).values();
  return read.map((it, index): Decided => {
    const number = lines[index]?.number ?? 0;
    if (!it.ok) return { number, problem: it.problem };
    const outcome = outcomes.next().value;
    if (!outcome) throw new TypeError("a line was decided, and nothing came of it");
    if (!outcome.ok)
      return { number, problem: "problem" in outcome ? outcome.problem : problemOf(outcome.refusal) };
    return { number, wanted: it.value, granted: outcome.value, isNew: outcome.isNew };
  });
}

/** Reads a line as what it asks of the ledger. */
function wantedOf(line: Line, deps: Deps, key: ApiKey | null): Parsed<Wanted> {
  if ("fault" in line) return { ok: false, problem: unreadable[line.fault] };
  const json = parseJson(line.text);
  if (!json.ok) return json;
  const fields = check(json.value, lineSchema);
  if (!fields.ok) return fields;
  const entitlement = openedBy(fields.value);
  if (!entitlement.ok) return entitlement;
  const when = occurredAt(fields.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const stated = fields.value;
  const item: BulkItem = {
    entitlement: entitlement.value,
    hostName: stated.host.name ?? null,
    occurredAt: when.value,
    source: "api",
    activate: statementOf(deps, stated),
  };
  return { ok: true, value: { item, stated } };
}

const unreadable = {
  too_long: problem("line_too_long", `A line may have ${MAX_LINE_CHARACTERS} characters.`),
  too_many: problem(
    "too_many_lines",
    `One call may have ${MAX_LINES} lines: this one and those after it were not read. Send them in another call.`,
  ),
};

function openedBy({
  entitlementId,
  activationCode,
}: z.infer<typeof lineSchema>): Parsed<BulkItem["entitlement"]> {
  if (entitlementId !== undefined) return { ok: true, value: { entitlementId } };
  const code = readCode(activationCode ?? "");
  return code.ok ? { ok: true, value: { activationCode: code.value } } : code;
}

type ItemOutcome = OutcomeOf<"activate"> | { ok: false; problem: Problem };

/** Those of a shard together, the shards side by side; outcomes in the order of the items. */
async function activateInShards(items: readonly BulkItem[], deps: Deps): Promise<ItemOutcome[]> {
  const { ledgers } = deps;
  const shardOf = ({ entitlement }: BulkItem): LedgerPort =>
    "activationCode" in entitlement
      ? ledgers.ofCode(entitlement.activationCode)
      : ledgers.ofId(entitlement.entitlementId);
  const byShard = Map.groupBy(items, shardOf);
  const outcomes = new Map<BulkItem, ItemOutcome>();
  await Promise.all(
    Array.from(byShard, async ([ledger, own]) => {
      const decided = await activateAll(ledger, own, deps);
      decided.forEach((outcome, index) => {
        const item = own[index];
        if (item) outcomes.set(item, outcome);
      });
    }),
  );
  return items.flatMap((item) => outcomes.get(item) ?? []);
}

/** All of them in one transaction; where one makes that fail, each on its own, so that the others are recorded. */
async function activateAll(
  ledger: LedgerPort,
  items: readonly BulkItem[],
  deps: Deps,
): Promise<ItemOutcome[]> {
  try {
    const outcome = await ledger.execute("activateAll", { items });
    if (outcome.ok) return outcome.value;
    const refused = problemOf(outcome.refusal);
    return items.map(() => ({ ok: false, problem: refused }));
  } catch (error) {
    const fault = faultOf(error, deps);
    // A full disk, or a full queue, is the same for all.
    if (fault.code !== "internal_error" || items.length === 1)
      return items.map(() => ({ ok: false, problem: fault }));
    return Promise.all(
      items.map((item) =>
        ledger
          .execute("activate", item)
          .catch((again: unknown): ItemOutcome => ({ ok: false, problem: faultOf(again, deps) })),
      ),
    );
  }
}

/** The answers to a group, a line each. */
async function sign(group: readonly Decided[], deps: Deps): Promise<string> {
  // Where something is wrong with the signer, no line of the group has a license: the seats are on record, and wait.
  const signed = await licensesOf(group, deps).then(
    (licenses) => ({ licenses }),
    (error: unknown) => ({ fault: faultOf(error, deps) }),
  );
  return group.map((decided, index) => `${JSON.stringify(answerOf(decided, signed, index))}\n`).join("");
}

function answerOf(
  decided: Decided,
  signed: { licenses: (string | null)[] } | { fault: Problem },
  index: number,
): object {
  const { number: line } = decided;
  if ("problem" in decided) return { line, status: decided.problem.status, problem: decided.problem };
  if ("fault" in signed) return { line, status: signed.fault.status, problem: signed.fault };
  const { entitlement, seat } = decided.granted;
  const activation = activationBody(entitlement, seat);
  return { line, status: decided.isNew ? 201 : 200, activation, license: signed.licenses[index] };
}

/** The license of each line, none where none was granted. */
async function licensesOf(group: readonly Decided[], { issuer, signer }: Deps): Promise<(string | null)[]> {
  const claims = group.flatMap((decided) => {
    if ("problem" in decided) return [];
    const { entitlement, seat } = decided.granted;
    return [claimsOf(issuer, entitlement, seat, bindingOf(decided.wanted.stated))];
  });
  const licenses = claims.length === 0 ? [] : await signLicenses(claims, signer);
  let next = 0;
  return group.map((decided) => ("problem" in decided ? null : (licenses[next++] ?? null)));
}
