// What one shard of the ledger is to the app, wherever it runs: in this process, or as a Durable Object elsewhere.

import type { CommandName, CommandOf, OutcomeOf } from "./commands/index.ts";
import type { RequestName } from "./once.ts";
import type { queries } from "./questions.ts";

export type QueryName = keyof typeof queries;
/** What a query asks with, beside the database. */
export type ArgumentsOf<Name extends QueryName> =
  Parameters<(typeof queries)[Name]> extends [unknown, ...infer Rest] ? Rest : never;
export type AnswerOf<Name extends QueryName> = ReturnType<(typeof queries)[Name]>;

/** Commands, outcomes, questions and answers are plain data: they may go from one machine to another. */
export interface LedgerPort {
  /**
   * Decides a command and records what it leads to. The answer comes once that is durable.
   * @param once names the request, so that the same again is answered the same, and decided once
   * @param onDecided told the outcome as soon as it is known, and before it is durable where the shard is in this process:
   *   for work that can begin meanwhile, and be thrown away. It may be told again, and the last time counts
   * @throws OverloadedError where too much waits, or the storage's fault with its `errcode`: then nothing was recorded;
   *   UnreachableError where the shard did not say: then it may be on record or not
   */
  execute<Name extends CommandName>(
    name: Name,
    command: CommandOf<Name>,
    once?: RequestName,
    onDecided?: (outcome: OutcomeOf<Name>) => void,
  ): Promise<OutcomeOf<Name>>;
  /** Reads what is committed. @throws as `execute` does */
  ask<Name extends QueryName>(name: Name, ...args: ArgumentsOf<Name>): Promise<AnswerOf<Name>>;
}

/** The shard did not answer: it was overloaded, moved to another machine, or could not store what it had decided. */
export class UnreachableError extends Error {
  override name = "UnreachableError";
}
