// Runs of imports: begun, finished, taken back; and what of them is no order.

import { decideCancel, formatInstant, type Instant, type Seat } from "../../../licensing/index.ts";
import type { Draft } from "../../event.ts";
import type { ImportCounts } from "../../import/events.ts";
import { newId } from "../../ids.ts";
import type { CommandContext, Outcome } from "../outcome.ts";
import { entitlementsOfOrder, orderRow } from "../queries.ts";
import { importOf } from "./imports.ts";
import { markReplayed, quarantine } from "./quarantine.ts";

/** Begins a run, or goes on with the one that is unfinished where the same was begun before. */
export function beginImport(
  { store, shard }: CommandContext,
  { source, fingerprint, files }: { source: string; fingerprint: string; files: readonly string[] },
): Outcome<{ importId: string; startedAt: Instant; isResumed: boolean }> {
  const running = store.sql.get<{ importId: string; startedAt: number }>(
    `select import_id as importId, started_at as startedAt from import
     where fingerprint = ? and state = 'running'`,
    fingerprint,
  );
  if (running) return { ok: true, isNew: false, value: { ...running, isResumed: true } };
  const importId = newId("imp", shard);
  store.sql.run(
    `insert into import (import_id, source, fingerprint, files, state, started_at)
     values (?, ?, ?, ?, 'running', ?)`,
    importId,
    source,
    fingerprint,
    JSON.stringify(files),
    store.now,
  );
  return { ok: true, isNew: true, value: { importId, startedAt: store.now, isResumed: false } };
}

/** Finishes a run: says what became of it, or, where nothing did, forgets it. Again is no news. */
export function finishImport(
  { store }: CommandContext,
  command: {
    importId: string;
    format: string;
    files: number;
    sizeBytes: number;
    counts: ImportCounts;
    /** Whether anything was recorded. */
    isNews: boolean;
    by: string;
  },
): Outcome<object> {
  const { importId, format, files, sizeBytes, counts, by } = command;
  const row = store.sql.get<{ source: string; state: string; started_at: number }>(
    "select source, state, started_at from import where import_id = ?",
    importId,
  );
  if (!row) throw new TypeError(`there is no import ${importId}`);
  if (row.state !== "running") return { ok: true, isNew: false, value: {} };
  if (!command.isNews) {
    store.sql.run("delete from import where import_id = ?", importId);
    return { ok: true, isNew: false, value: {} };
  }
  store.sql.run(
    "update import set state = 'finished', counts = ? where import_id = ?",
    JSON.stringify(counts),
    importId,
  );
  store.append({
    type: "import.finished",
    source: row.source,
    occurred_at: formatInstant(store.now),
    data: {
      import_id: importId,
      format,
      files,
      size_bytes: sizeBytes,
      started_at: formatInstant(row.started_at),
      ...counts,
      by,
    },
  });
  return { ok: true, isNew: true, value: {} };
}

/** Orders that one transaction takes back. */
const TAKEN_BACK_AT_ONCE = 200;

/**
 * Takes back an import: all that its orders grant ends, and they count as if they had never been. It is done in parts: the
 * same again goes on until `isComplete`.
 */
export function takeBackImport(
  { store }: CommandContext,
  { importId, by }: { importId: string; by: string },
): Outcome<{ takenBack: number; isComplete: boolean }> {
  const run = store.sql.get<{ source: string; state: string }>(
    "select source, state from import where import_id = ?",
    importId,
  );
  if (!run) throw new TypeError(`there is no import ${importId}`);
  if (run.state === "taken_back")
    return { ok: true, isNew: false, value: { takenBack: 0, isComplete: true } };
  const source = run.source;
  const occurred_at = formatInstant(store.now);
  const orders = store.sql.all<{ order_id: string }>(
    "select order_id from orders where import_id = ? and taken_back_at is null limit ?",
    importId,
    TAKEN_BACK_AT_ONCE,
  );
  for (const { order_id: orderId } of orders) {
    const row = orderRow(store.sql, orderId);
    if (!row) throw new TypeError(`order ${orderId} is gone`);
    for (const { entitlement } of entitlementsOfOrder(store.sql, orderId)) {
      const state = { entitlement, seats: new Map<string, Seat>() };
      const decision = decideCancel(state, "import_taken_back", store.now);
      if (!decision.ok) return decision;
      store.record(state, decision.events, source);
    }
    store.append({
      type: "order.taken_back",
      order_id: orderId,
      customer_id: row.customer_id,
      source,
      occurred_at,
      data: { import_id: importId, by },
    });
    store.putOrder({ ...row, cancelled_at: row.cancelled_at ?? store.now, taken_back_at: store.now });
  }
  const isComplete = orders.length < TAKEN_BACK_AT_ONCE;
  if (isComplete) {
    const all = store.sql.get<{ count: number }>(
      "select count(*) as count from orders where import_id = ?",
      importId,
    );
    store.sql.run("delete from imported where import_id = ?", importId);
    store.sql.run("update import set state = 'taken_back' where import_id = ?", importId);
    store.append({
      type: "import.taken_back",
      source,
      occurred_at,
      data: { import_id: importId, orders: all?.count ?? 0, by },
    });
  }
  return { ok: true, isNew: true, value: { takenBack: orders.length, isComplete } };
}

/** How much of a product a license server had lent, ready for the outbox but for the import. */
export interface ImportedUse {
  recordKey: string;
  customerId: string;
  sku: string;
  observedAt: Instant;
  data: Omit<Extract<Draft, { type: "use.observed" }>["data"], "import_id">;
}

/** Records what license servers told. @returns for each whether it is new */
export function recordUses(
  { store }: CommandContext,
  { importId, source, uses }: { importId: string; source: string; uses: readonly ImportedUse[] },
): Outcome<boolean[]> {
  const value = uses.map(({ recordKey, customerId, sku, observedAt, data }) => {
    const known = importOf(store.sql, recordKey);
    if (known !== undefined) return known === importId;
    store.sql.run("insert into imported (record_key, import_id) values (?, ?)", recordKey, importId);
    store.append({
      type: "use.observed",
      customer_id: customerId,
      sku,
      source,
      occurred_at: formatInstant(observedAt),
      data: { import_id: importId, ...data },
    });
    return true;
  });
  return { ok: true, isNew: value.includes(true), value };
}

/** Notes that an import brought in what this names. */
export function noteImported(
  { store }: CommandContext,
  { recordKey, importId }: { recordKey: string; importId: string },
): Outcome<object> {
  store.sql.run("insert or ignore into imported (record_key, import_id) values (?, ?)", recordKey, importId);
  return { ok: true, isNew: true, value: {} };
}

/** A record that was not understood: what names it, its text, and what is wrong. */
export interface MisfitRecord {
  recordKey: string;
  stage: "parse" | "map" | "decide";
  code: string;
  /** With what stands there; `told` without, for the event. */
  detail: string;
  told: string;
  input: string;
}

/** Keeps records that were not understood. One that waits already is not kept again. @returns for each whether it is new */
export function quarantineRecords(
  context: CommandContext,
  { source, records }: { source: string; records: readonly MisfitRecord[] },
): Outcome<boolean[]> {
  const value = records.map((record) => {
    if (waitingUnder(context, record.recordKey) !== undefined) return false;
    quarantine(context, { source, ...record });
    return true;
  });
  return { ok: true, isNew: value.includes(true), value };
}

/** Notes that records went through which waited, if any did. */
export function settleRecords(
  context: CommandContext,
  { source, by, recordKeys }: { source: string; by: string; recordKeys: readonly string[] },
): Outcome<{ settled: number }> {
  let settled = 0;
  for (const recordKey of recordKeys) {
    const quarantineId = waitingUnder(context, recordKey);
    if (quarantineId === undefined) continue;
    markReplayed(context, { quarantineId, by, source });
    settled += 1;
  }
  return { ok: true, isNew: settled > 0, value: { settled } };
}

const waitingUnder = ({ store }: CommandContext, recordKey: string): string | undefined =>
  store.sql.get<{ id: string }>(
    "select quarantine_id as id from quarantine where record_key = ? and replayed_at is null",
    recordKey,
  )?.id;
