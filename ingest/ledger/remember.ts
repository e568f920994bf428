// What an edge need not ask a shard for again and again: answers that may be some seconds old.

import type { LedgerPort, QueryName } from "./port.ts";

/** A revoked API key opens nothing after so long, and so old may a list of revocations be. */
export const REMEMBERED_MS = 10_000;

/** Answers that are kept at most, the oldest leave first: a caller may make up as many API keys as it likes. */
const MAX_REMEMBERED = 2048;

/** What is remembered, by what tells one question from another: the time at which a list is asked for does not. */
const remembered: Partial<Record<QueryName, (args: readonly unknown[]) => string>> = {
  apiKey: ([keyId]) => String(keyId),
  revoked: () => "",
};

/** A port that remembers some answers. It keeps answers, never the wait for one: on Workers that belongs to its request. */
export function remembering(port: LedgerPort, clockMs: () => number): LedgerPort {
  const answers = new Map<string, { answer: unknown; askedAt: number }>();
  const ask = async (name: QueryName, ...args: never[]): Promise<unknown> => {
    const nameOf = remembered[name];
    if (!nameOf) return (port.ask as (name: QueryName, ...args: never[]) => Promise<unknown>)(name, ...args);
    const question = `${name} ${nameOf(args)}`;
    const askedAt = clockMs();
    const known = answers.get(question);
    if (known && askedAt - known.askedAt < REMEMBERED_MS) return known.answer;
    const answer = await (port.ask as (name: QueryName, ...args: never[]) => Promise<unknown>)(name, ...args);
    answers.delete(question);
    answers.set(question, { answer, askedAt });
    const [oldest] = answers.keys();
    if (answers.size > MAX_REMEMBERED && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
  return {
    execute: (...asked) => port.execute(...asked),
    ask: ask as LedgerPort["ask"],
  };
}
