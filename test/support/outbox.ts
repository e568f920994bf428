// What is in a ledger's outbox.

import type { OutboxRow } from "../../ingest/ledger/outbox.ts";
import { linesOf } from "../../ingest/ledger/outbox.ts";
import type { Sql } from "../../ingest/ledger/sql.ts";

/** Every event as it is told to others, a line each, in the order of their places. */
export const outboxLines = (sql: Pick<Sql, "all">, shard = 0): string[] =>
  sql.all<OutboxRow>("select seq, line, batch from event order by seq").flatMap((row) => linesOf(row, shard));
