// The ledger: commands in, facts out. One shard of it; on Node there is one.

import { type Instant, parseInstant } from "../../licensing/index.ts";
import { activateAll } from "./commands/bulk.ts";
import { publishCatalog } from "./commands/catalog.ts";
import { cancelOrder, recordOrder, withdrawOrder } from "./commands/orders.ts";
import { markReplayed, quarantine } from "./commands/quarantine.ts";
import { changeEntitlement, mergeCustomers, splitEntitlement } from "./commands/entitlements.ts";
import { activate, revokeLicense, useSeat } from "./commands/seats.ts";
import { CommitGroup } from "./group.ts";
import { decideOnce, type RequestName } from "./once.ts";
import type { CommandContext } from "./outcome.ts";
import { migrations } from "./schema.sql.ts";
import type { Sql } from "./sql.ts";
import { Store } from "./store.ts";

/** Every command, by name. */
const commands = {
  publishCatalog,
  recordOrder,
  withdrawOrder,
  cancelOrder,
  activate,
  activateAll,
  useSeat,
  revokeLicense,
  changeEntitlement,
  splitEntitlement,
  mergeCustomers,
  quarantine,
  markReplayed,
};

export type CommandName = keyof typeof commands;
export type CommandOf<Name extends CommandName> = Parameters<(typeof commands)[Name]>[1];
export type OutcomeOf<Name extends CommandName> = ReturnType<(typeof commands)[Name]>;

export interface LedgerOptions {
  sql: Sql;
  /** Which shard this is, 0 to 1023. */
  shard: number;
  clock: () => Instant;
  /** See {@link CommitGroup}. */
  defer: (callback: () => void) => void;
}

export class Ledger {
  /** For reading: `queries.ts`, `api-keys.ts` and the exporter have their own statements. */
  readonly sql: Sql;
  readonly shard: number;
  readonly #group: CommitGroup<CommandContext>;

  constructor({ sql, shard, clock, defer }: LedgerOptions) {
    this.sql = sql;
    this.shard = shard;
    migrate(sql);
    let lastRecordedAt = newestRecordTime(sql);
    this.#group = new CommitGroup({
      defer,
      transact: (work) =>
        sql.transaction(() => {
          // Record times never run backward, whatever the clock does: the lake's partitions and snapshots rely on it.
          lastRecordedAt = Math.max(clock(), lastRecordedAt);
          work({ store: new Store(sql, shard, lastRecordedAt), shard });
        }),
    });
  }

  /**
   * Decides a command and records what it leads to. The answer comes once that is durable.
   * @param once names the request, so that the same again is answered the same, and decided once
   * @throws OverloadedError where too much waits; or the storage's fault, with nothing recorded
   */
  execute<Name extends CommandName>(
    name: Name,
    command: CommandOf<Name>,
    once?: RequestName,
  ): Promise<OutcomeOf<Name>> {
    const handler = commands[name] as (context: CommandContext, command: CommandOf<Name>) => OutcomeOf<Name>;
    return this.#group.run((context) =>
      once === undefined
        ? handler(context, command)
        : decideOnce(context, once, () => handler(context, command)),
    );
  }
}

function newestRecordTime(sql: Sql): Instant {
  const row = sql.get<{ line: string }>("select line from event order by seq desc limit 1");
  if (!row) return 0;
  const { recorded_at: text } = JSON.parse(row.line) as { recorded_at: string };
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`the newest event has no record time: ${row.line}`);
  return instant;
}

/** Takes the steps of the schema that the file has not seen, all in one transaction. */
function migrate(sql: Sql): void {
  sql.run("create table if not exists migration (step integer primary key) strict");
  sql.transaction(() => {
    const taken = sql.get<{ steps: number }>("select count(*) as steps from migration")?.steps ?? 0;
    if (taken > migrations.length)
      throw new Error(
        `the ledger was written by a newer Keyhouse (schema ${taken}, this one knows ${migrations.length})`,
      );
    migrations.slice(taken).forEach((statements, index) => {
      for (const statement of statements.split(/;\s*$/m)) if (statement.trim() !== "") sql.run(statement);
      sql.run("insert into migration (step) values (?)", taken + index + 1);
    });
  });
}
