// Two customers become one, as after an acquisition: what of it one shard decides.

import {
  type Decision,
  decideTransfer,
  type Decree,
  type Entitlement,
  type EntitlementEvent,
  type Instant,
  type Refusal,
  type Seat,
} from "../../../licensing/index.ts";
import type { CommandContext, Outcome } from "../outcome.ts";
import type { Sql } from "../sql.ts";

export interface Merger {
  fromCustomerId: string;
  toCustomerId: string;
  decree: Decree;
  occurredAt: Instant | null;
}

/** One transaction moves so many; a customer with more in one shard is merged in several calls. */
const MAX_MERGED = 1000;

/** Gives what a customer is entitled to in this shard to another one: all of it goes, or none. Again is no news. */
export function mergeCustomers(
  { store }: CommandContext,
  { source, ...merger }: Merger & { source: string },
): Outcome<{ merged: number; isComplete: boolean }> {
  const { decisions, isComplete } = decideMerger(store.sql, merger, merger.occurredAt ?? store.now);
  for (const { decision } of decisions) if (!decision.ok) return decision;
  for (const { entitlement, decision } of decisions)
    if (decision.ok) store.record({ entitlement, seats: new Map<string, Seat>() }, decision.events, source);
  return { ok: true, isNew: decisions.length > 0, value: { merged: decisions.length, isComplete } };
}

/** What a merger would come to in this shard, before anything of it is done anywhere. */
export interface MergerPreview {
  /** Whether this shard knows the customer. */
  isKnown: boolean;
  /** Entitlements that would go. */
  waiting: number;
  refusal: Refusal | null;
}

/** Looks ahead at {@link mergeCustomers}, by this shard's clock, and records nothing. */
export function previewMerger({ store }: CommandContext, merger: Merger): Outcome<MergerPreview> {
  const { sql, now } = store;
  const { decisions } = decideMerger(sql, merger, merger.occurredAt ?? now);
  const refused = decisions.find(({ decision }) => !decision.ok)?.decision;
  const isKnown =
    sql.get("select 1 from event where customer_id = ? limit 1", merger.fromCustomerId) !== undefined;
  const refusal = refused && !refused.ok ? refused.refusal : null;
  return { ok: true, isNew: false, value: { isKnown, waiting: decisions.length, refusal } };
}

interface Decided {
  decisions: { entitlement: Entitlement; decision: Decision<EntitlementEvent> }[];
  isComplete: boolean;
}

function decideMerger(sql: Sql, { fromCustomerId, toCustomerId, decree }: Merger, now: Instant): Decided {
  const all = sql
    .all<{ state: string }>(
      `select state from entitlement
       where customer_id = ? and state ->> 'cancelledAt' is null
       order by rowid limit ?`,
      fromCustomerId,
      MAX_MERGED + 1,
    )
    .map((row) => JSON.parse(row.state) as Entitlement);
  return {
    decisions: all.slice(0, MAX_MERGED).map((entitlement) => ({
      entitlement,
      decision: decideTransfer(entitlement, toCustomerId, decree, now),
    })),
    isComplete: all.length <= MAX_MERGED,
  };
}
