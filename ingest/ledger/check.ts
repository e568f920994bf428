// Is everything in the ledger as it should be? The file, and that its state is what its events fold to.

import { isDeepStrictEqual } from "node:util";
import {
  type Entitlement,
  type EntitlementEvent,
  type EntitlementState,
  evolve,
  seatLimit,
} from "../../licensing/index.ts";
import { eventSchema } from "../event.ts";
import { moneyFaults } from "./check-money.ts";
import { linesOf, type OutboxRow } from "./outbox.ts";
import { type SeatRow, seatOf } from "./rows.ts";
import type { Sql } from "./sql.ts";

// Whoever has that many faults needs no list of all of them.
const MAX_FAULTS = 100;
const EVENTS_A_STEP = 5000;
/** The places of each entitlement's events, made for the look alone: to keep them cost 3 % of the time of an activation. */
const BY_ENTITLEMENT = "temp.event_by_entitlement";

/** What is told while it goes on: of what, how many so far, and of how many. */
export type OnProgress = (what: string, done: number, of: number) => void;

/**
 * Looks at all of a ledger, in one view of it: what is committed meanwhile is not in it.
 * @param sql inside a reading transaction
 * @returns what is wrong, in sentences, a hundred at most; none where all is well
 */
export function checkLedger(sql: Sql, shard: number, onProgress: OnProgress): string[] {
  const faults: string[] = [];
  for (const look of [fileFaults, eventFaults, profileFaults, entitlementFaults, orderFaults, exportFaults])
    for (const fault of look(sql, shard, onProgress)) {
      faults.push(fault);
      if (faults.length === MAX_FAULTS)
        return [...faults, "… and perhaps more: this is where looking ended."];
    }
  return faults;
}

function* fileFaults(sql: Sql, _shard: number, onProgress: OnProgress): Generator<string> {
  onProgress("the file", 0, 2);
  for (const { integrity_check: said } of sql.all<{ integrity_check: string }>("pragma integrity_check"))
    if (said !== "ok") yield `The file is damaged: ${said}`;
  onProgress("the file", 1, 2);
  for (const row of sql.all<{ table: string; rowid: number; parent: string }>("pragma foreign_key_check"))
    yield `Row ${row.rowid} of ${row.table} refers to no row of ${row.parent}.`;
  onProgress("the file", 2, 2);
}

/** Events lie densely from 1, say their own place, and are what the contract between rooms says. */
function* eventFaults(sql: Sql, shard: number, onProgress: OnProgress): Generator<string> {
  const last = countOf(sql, "select coalesce(max(seq), 0) as count from event");
  let expected = 0;
  let recordedAt = "";
  for (let at = 0; at < last; at += EVENTS_A_STEP) {
    const rows = sql.all<OutboxRow>(
      "select seq, line, batch from event where seq > ? and seq <= ? order by seq",
      at,
      at + EVENTS_A_STEP,
    );
    for (const [seq, line] of rows.flatMap((row) => placed(row, shard))) {
      if (seq !== ++expected) yield `Event ${expected} is missing.`;
      expected = seq;
      const event = eventSchema.safeParse(parsed(line));
      if (!event.success) yield `Event ${seq} does not fit its contract: ${event.error.issues[0]?.message}`;
      else if (event.data.seq !== seq || event.data.shard !== shard)
        yield `Event ${seq} says that it is ${event.data.seq} of shard ${event.data.shard}.`;
      else if (event.data.recorded_at < recordedAt)
        yield `Event ${seq} was recorded before the one before it.`;
      else recordedAt = event.data.recorded_at;
    }
    onProgress("events", Math.min(at + EVENTS_A_STEP, last), last);
  }
}

/** The events of a row, each with the place that the row says it has. */
function placed(row: OutboxRow, shard: number): [seq: number, line: string][] {
  const lines = linesOf(row, shard);
  return lines.map((line, i) => [row.seq - lines.length + 1 + i, line]);
}

function* profileFaults(sql: Sql): Generator<string> {
  const { last = 0, count = 0 } =
    sql.get<{ last: number; count: number }>(
      "select coalesce(max(seq), 0) as last, count(*) as count from profile",
    ) ?? {};
  if (last !== count) yield `There are ${count} profiles up to place ${last}: some are missing.`;
}

/** The state of each entitlement is the fold of its events, and so are its seats; no more are taken than may be. */
function* entitlementFaults(sql: Sql, _shard: number, onProgress: OnProgress): Generator<string> {
  onProgress("the history of entitlements", 0, 1);
  sql.run(`create temp table ${BY_ENTITLEMENT} (entitlement_id text, seq integer, primary key (entitlement_id, seq))
    without rowid`);
  sql.run(
    `insert into ${BY_ENTITLEMENT} select entitlement_id, seq from event where entitlement_id is not null order by 1, 2`,
  );
  onProgress("the history of entitlements", 1, 1);
  const ids = sql.all<{ id: string; state: string; customer: string }>(
    "select entitlement_id as id, state, customer_id as customer from entitlement order by rowid",
  );
  for (const [index, { id, state, customer }] of ids.entries()) {
    if (index % 100 === 0) onProgress("entitlements", index, ids.length);
    const kept = parsed(state) as Entitlement;
    const folded = fold(sql, id);
    if (typeof folded === "string") yield `Entitlement ${id}: its events cannot be folded: ${folded}`;
    else yield* differences(sql, { id, customer, kept, folded });
  }
  onProgress("entitlements", ids.length, ids.length);
  for (const { id } of sql.all<{ id: string }>(
    `select distinct entitlement_id as id from ${BY_ENTITLEMENT}
     where entitlement_id not in (select entitlement_id from entitlement) limit ?`,
    MAX_FAULTS,
  ))
    yield `Entitlement ${id} has events, and no state.`;
  sql.run(`drop table ${BY_ENTITLEMENT}`);
}

function* differences(
  sql: Sql,
  {
    id,
    customer,
    kept,
    folded,
  }: { id: string; customer: string; kept: Entitlement; folded: EntitlementState },
): Generator<string> {
  const { entitlement } = folded;
  for (const name of new Set([...Object.keys(kept), ...Object.keys(entitlement)]) as Set<keyof Entitlement>)
    if (!isDeepStrictEqual(plain(kept[name]), plain(entitlement[name])))
      yield `Entitlement ${id}: ${name} is ${JSON.stringify(kept[name])}, and its events say ${JSON.stringify(entitlement[name])}.`;
  if (customer !== kept.customerId)
    yield `Entitlement ${id} is listed with customer ${customer}, and is ${kept.customerId}'s.`;
  const rows = sql.all<SeatRow>("select * from seat where entitlement_id = ?", id);
  const seats = new Map(rows.map((row) => [row.activation_id, seatOf(row)]));
  for (const activationId of new Set([...seats.keys(), ...folded.seats.keys()]))
    if (!isDeepStrictEqual(plain(seats.get(activationId)), plain(folded.seats.get(activationId))))
      yield `Entitlement ${id}: the seat ${activationId} is not what its events say.`;
  const taken = [...seats.values()].filter(({ endedAt }) => endedAt === null).length;
  if (taken !== kept.seatsBound)
    yield `Entitlement ${id} has ${taken} seats taken, and counts ${kept.seatsBound}.`;
  const limit = seatLimit(kept);
  if (limit !== null && taken > limit)
    yield `Entitlement ${id} has ${taken} seats taken, and may have ${limit}.`;
}

/** @returns the state, or why there is none */
function fold(sql: Sql, entitlementId: string): EntitlementState | string {
  let state: EntitlementState | undefined;
  try {
    for (const { line } of sql.all<{ line: string }>(
      `select line from ${BY_ENTITLEMENT} as place join event using (seq) where place.entitlement_id = ? order by seq`,
      entitlementId,
    ))
      state = evolve(state, parsed(line) as EntitlementEvent) ?? state;
  } catch (error) {
    return (error as Error).message;
  }
  return state ?? "there are none.";
}

function* orderFaults(sql: Sql, _shard: number, onProgress: OnProgress): Generator<string> {
  onProgress("the money of orders", 0, 1);
  yield* moneyFaults(sql, MAX_FAULTS);
  onProgress("the money of orders", 1, 1);
}

function* exportFaults(sql: Sql): Generator<string> {
  for (const { stream, through } of sql.all<{ stream: string; through: number }>(
    "select stream, max(exported_through, coalesce(writing_through, 0)) as through from export",
  )) {
    const last = countOf(
      sql,
      `select coalesce(max(seq), 0) as count from ${stream === "profiles" ? "profile" : "event"}`,
    );
    if (through > last) yield `The ${stream} are exported up to ${through}, and end at ${last}.`;
  }
}

const countOf = (sql: Sql, query: string): number => sql.get<{ count: number }>(query)?.count ?? 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** As it would be kept: what is undefined is not there. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
