// The ledger: commands in, facts out. One shard of it; on Node there is one.

import { type Instant, parseInstant } from "../../licensing/index.ts";
import {
  type CommandName,
  type CommandOf,
  commands,
  type OutcomeOf,
  seatCommands,
} from "./commands/index.ts";
import { CommitGroup, type GroupOptions } from "./group.ts";
import { decideOnce, type RequestName } from "./once.ts";
import type { CommandContext } from "./outcome.ts";
import { type OutboxRow, recordedAtOf } from "./outbox.ts";
import type { AnswerOf, ArgumentsOf, LedgerPort, QueryName } from "./port.ts";
import { queries } from "./questions.ts";
import { migrations } from "./schema.sql.ts";
import type { Sql } from "./sql.ts";
import { Store } from "./store.ts";
import { TelemetryNames } from "./telemetry/names.ts";

/** How long the commands that do many things at once take, in plain commands. */
const sizes: { [Name in CommandName]?: (command: CommandOf<Name>) => number } = {
  activateAll: ({ items }) => items.length,
  // Measured: a fiftieth of an activation's time.
  recordTelemetry: ({ names }) => names.length / 50,
};

export interface LedgerOptions {
  sql: Sql;
  /** Which shard this is, 0 to 1023. */
  shard: number;
  /** How many shards there are; the same for ever once anything is on record. */
  shards: number;
  clock: () => Instant;
  /** See {@link CommitGroup}. */
  defer: (callback: () => void) => void;
  /** Called when all of a transaction is decided, and its commit is about to wait for the disk. */
  beforeCommit?: () => void;
  /** Told after a commit that left messages for other shards: the courier's turn. */
  onMessages?: () => void;
  observe?: GroupOptions<CommandContext>["observe"] | undefined;
}

export class Ledger implements LedgerPort {
  /** For those beside it: the tools, the exporter and the courier have their own statements. */
  readonly sql: Sql;
  readonly shard: number;
  /** The time that commands are decided at, but that record times never run backward. */
  readonly now: () => Instant;
  readonly #group: CommitGroup<CommandContext>;

  constructor({ sql, shard, shards, clock, defer, beforeCommit, onMessages, observe }: LedgerOptions) {
    this.sql = sql;
    this.shard = shard;
    this.now = clock;
    migrate(sql);
    holdPlacement(sql, shards);
    let lastRecordedAt = newestRecordTime(sql);
    const names = new TelemetryNames(sql);
    this.#group = new CommitGroup({
      defer,
      observe,
      transact: (work) => {
        const sent = undoing(names, () =>
          sql.transaction(() => {
            // Record times never run backward, whatever the clock does: the lake's partitions and snapshots rely on it.
            lastRecordedAt = Math.max(clock(), lastRecordedAt);
            const store = new Store(sql, { shard, shards }, lastRecordedAt, names);
            work({ store, shard });
            store.settle();
            const news = store.sendNews();
            beforeCommit?.();
            return news;
          }),
        );
        if (sent > 0) onMessages?.();
      },
    });
  }

  /** Commands that wait for a transaction. */
  get queueLength(): number {
    return this.#group.queueLength;
  }

  execute<Name extends CommandName>(
    name: Name,
    command: CommandOf<Name>,
    once?: RequestName,
    onDecided?: (outcome: OutcomeOf<Name>) => void,
  ): Promise<OutcomeOf<Name>> {
    const handler = commands[name] as (context: CommandContext, command: CommandOf<Name>) => OutcomeOf<Name>;
    const work = (context: CommandContext) => {
      const decide = () => {
        // What asks the tables themselves has to find there what was decided before it in this group.
        if (!seatCommands.has(name)) context.store.settle();
        return handler(context, command);
      };
      const outcome = once === undefined ? decide() : decideOnce(context, once, decide);
      onDecided?.(outcome);
      return outcome;
    };
    return this.#group.run(work, sizes[name]?.(command));
  }

  async ask<Name extends QueryName>(name: Name, ...args: ArgumentsOf<Name>): Promise<AnswerOf<Name>> {
    const query = queries[name] as unknown as (sql: Sql, ...args: ArgumentsOf<Name>) => AnswerOf<Name>;
    return query(this.sql, ...args);
  }
}

/** Runs a transaction; where it is undone, the names that it noted are not on record. */
function undoing<T>(names: TelemetryNames, transact: () => T): T {
  try {
    return transact();
  } catch (error) {
    names.forget();
    throw error;
  }
}

/** @throws where something is on record that was placed among another number of shards */
function holdPlacement(sql: Sql, shards: number): void {
  const known = sql.get<{ shards: number }>("select shards from placement")?.shards;
  if (known === shards) return;
  const isUsed = sql.get("select 1 from event union all select 1 from customer_shard limit 1") !== undefined;
  if (known !== undefined && isUsed)
    throw new Error(`the ledger was begun with ${known} shards, and does not open with ${shards}`);
  sql.transaction(() => {
    sql.run("delete from placement");
    sql.run("insert into placement values (?)", shards);
  });
}

function newestRecordTime(sql: Sql): Instant {
  const row = sql.get<OutboxRow>("select seq, line, batch from event order by seq desc limit 1");
  if (!row) return 0;
  const text = recordedAtOf(row);
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`the newest event has no record time, but ${text}`);
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
