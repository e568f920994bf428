// Searches a ledger's tables for texts, wherever they stand: every text of every table, and the packed telemetry.

import { linesOf, type OutboxRow } from "./outbox.ts";
import type { Sql } from "./sql.ts";

/** Where something was found, and in how many rows. */
export interface LedgerFind {
  table: string;
  column: string;
  rows: number;
}

/** Batches of telemetry that are unpacked at once. */
const BATCHES_A_STEP = 100;

/**
 * Looks through all of a ledger.
 * @returns the columns that hold one of the texts; how many columns were looked through
 */
export function searchLedger(
  sql: Sql,
  shard: number,
  values: readonly string[],
): { finds: LedgerFind[]; columns: number } {
  const finds: LedgerFind[] = [];
  const columns = textColumns(sql);
  const holds = (column: string) => values.map(() => `instr("${column}", ?) > 0`).join(" or ");
  if (values.length === 0) return { finds, columns: columns.length };
  for (const { table, column } of columns) {
    const query = `select count(*) as rows from "${table}" where ${holds(column)}`;
    const rows = sql.get<{ rows: number }>(query, ...values)?.rows ?? 0;
    if (rows > 0) finds.push({ table, column, rows });
  }
  const batches = batchesHolding(sql, shard, values);
  if (batches > 0) finds.push({ table: "event", column: "batch", rows: batches });
  return { finds, columns: columns.length + 1 };
}

function textColumns(sql: Sql): { table: string; column: string }[] {
  return sql.all<{ table: string; column: string }>(
    `select tables.name as "table", columns.name as "column"
     from sqlite_schema as tables join pragma_table_info(tables.name) as columns
     where tables.type = 'table' and columns.type = 'TEXT' order by 1, 2`,
  );
}

function batchesHolding(sql: Sql, shard: number, values: readonly string[]): number {
  let found = 0;
  for (let after = 0; ;) {
    const rows = sql.all<OutboxRow>(
      "select seq, line, batch from event where batch is not null and seq > ? order by seq limit ?",
      after,
      BATCHES_A_STEP,
    );
    const last = rows.at(-1);
    if (!last) return found;
    after = last.seq;
    found += rows.filter((row) =>
      linesOf(row, shard).some((line) => values.some((value) => line.includes(value))),
    ).length;
  }
}
