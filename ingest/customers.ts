// A customer over all shards: their own shard says where to ask, and each entitlement's shard what is so.

import type { Entitlement } from "../licensing/index.ts";
import type { Event } from "./event.ts";
import type { Merger, MergerPreview } from "./ledger/commands/merge.ts";
import type { CustomerEntry } from "./ledger/directory.ts";
import { rejected } from "./ledger/outcome.ts";
import type { LedgerPort } from "./ledger/port.ts";
import type { HistoryBounds } from "./ledger/queries.ts";
import type { Ledgers } from "./ledgers.ts";
import { type Problem, problemOf } from "./problem.ts";

/**
 * What a customer is entitled to, newest first. The directory may be late, by a message that is on its way: what went to
 * somebody else is left out, for its own shard is asked; what came to them a moment ago may be missing still.
 */
export async function entitlementsOf(
  ledgers: Ledgers,
  customerId: string,
  { entitlementIds }: CustomerEntry,
): Promise<Entitlement[]> {
  const byShard = Map.groupBy(entitlementIds, (id) => ledgers.ofId(id));
  const found = await Promise.all(
    Array.from(byShard, ([ledger, ids]) => ledger.ask("entitlementsOfCustomer", customerId, ids)),
  );
  const byId = new Map(found.flat().map((entitlement) => [entitlement.entitlementId, entitlement]));
  return entitlementIds.flatMap((id) => byId.get(id) ?? []);
}

/** How far a history was read: for each shard, the place of the last event. */
export type Places = ReadonlyMap<number, number>;

/** Reads {@link writePlaces} of a page before; undefined where it is none. */
export function readPlaces(text: string): Places | undefined {
  const places = new Map<number, number>();
  if (text.length > MAX_PLACES_LENGTH) return undefined;
  for (const part of text.split("-")) {
    const [, shard = "0", seq] = /^(?:(\d{1,4})\.)?(\d{1,16})$/.exec(part) ?? [];
    if (seq === undefined || !Number.isSafeInteger(Number(seq)) || places.has(Number(shard)))
      return undefined;
    places.set(Number(shard), Number(seq));
  }
  return places;
}

// A place has 22 characters at most, and there are 1,024 shards.
const MAX_PLACES_LENGTH = 1024 * 22;

/** Such as `17-3.204`: through event 17 of shard 0, and 204 of shard 3. */
const writePlaces = (places: Places): string =>
  Array.from(places, ([shard, seq]) => (shard === 0 ? `${seq}` : `${shard}.${seq}`)).join("-");

/**
 * A page of a customer's history. Every shard's events come in their order, none is left out and none comes twice,
 * whatever is recorded between two pages: the next page goes on where each shard was. Between shards they are ordered by
 * their record times, as far as their clocks agree.
 * @returns the page, and where the next one begins; null at the end
 */
export async function historyOf(
  { all }: Ledgers,
  customerId: string,
  { shards }: CustomerEntry,
  { after, bounds }: { after: Places; bounds: HistoryBounds },
): Promise<{ events: Event[]; next: string | null }> {
  // A page's worth in all, and at least one of each: what 1,024 shards give fits into memory as what one gives.
  const share = {
    events: Math.ceil(bounds.events / shards.length),
    bytes: Math.ceil(bounds.bytes / shards.length),
  };
  const parts = await Promise.all(
    shards.flatMap((shard) => {
      const ledger = all[shard];
      return ledger ? [ledger.ask("historyOfCustomer", customerId, after.get(shard) ?? 0, share)] : [];
    }),
  );
  // Where a shard has more, what others have after the end of its part comes with a later page.
  const ends = parts.flatMap(({ events, hasMore }) => (hasMore ? (events.at(-1)?.recorded_at ?? []) : []));
  const horizon = ends.toSorted()[0];
  const events = parts
    .flatMap((part) => part.events)
    .filter(({ recorded_at: at }) => horizon === undefined || at <= horizon)
    .toSorted((a, b) => compare(a.recorded_at, b.recorded_at) || a.shard - b.shard || a.seq - b.seq);
  const places = new Map(after);
  for (const { shard, seq } of events) places.set(shard, Math.max(seq, places.get(shard) ?? 0));
  return { events, next: horizon === undefined ? null : writePlaces(places) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a merger came to. */
export interface Merged {
  /** Entitlements that went with this call. */
  merged: number;
  /** Whether nothing is left that this call saw: if not, the same again goes on. */
  isComplete: boolean;
  /** Why shards did not do their part, where some did not. */
  problems?: Problem[];
}

/**
 * Gives everything that a customer is entitled to to another. All shards are asked first: where the rules of one refuse,
 * nothing is done. Then each does its part, all of it or none; one that fails leaves the others' done, and the same again
 * does what is left, for what went already is no longer the customer's.
 */
export async function mergeCustomers(
  { all }: Ledgers,
  merger: Merger,
  { source, faultOf }: { source: string; faultOf: (error: unknown) => Problem },
): Promise<Merged | { problem: Problem }> {
  const previews = await Promise.all(all.map((ledger) => previewIn(ledger, merger)));
  if (!previews.some(({ isKnown }) => isKnown)) {
    const detail = `Nothing is on record of a customer ${merger.fromCustomerId}.`;
    return { problem: problemOf(rejected("unknown_customer", detail).refusal) };
  }
  const refusal = previews.find((preview) => preview.refusal)?.refusal;
  if (refusal) return { problem: problemOf(refusal) };
  const parts = await Promise.all(
    all
      .filter((_ledger, shard) => (previews[shard]?.waiting ?? 0) > 0)
      .map((ledger) => mergeIn(ledger, { ...merger, source }, faultOf)),
  );
  const problems = parts.flatMap((part) => ("problem" in part ? [part.problem] : []));
  const done = parts.flatMap((part) => ("problem" in part ? [] : [part]));
  const [first] = problems;
  if (first && done.length === 0) return { problem: first };
  return {
    merged: done.reduce((sum, { merged }) => sum + merged, 0),
    isComplete: problems.length === 0 && done.every(({ isComplete }) => isComplete),
    ...(problems.length === 0 ? {} : { problems }),
  };
}

async function previewIn(ledger: LedgerPort, merger: Merger): Promise<MergerPreview> {
  const outcome = await ledger.execute("previewMerger", merger);
  if (!outcome.ok) throw new TypeError("a look ahead was refused");
  return outcome.value;
}

async function mergeIn(
  ledger: LedgerPort,
  command: Merger & { source: string },
  faultOf: (error: unknown) => Problem,
): Promise<{ merged: number; isComplete: boolean } | { problem: Problem }> {
  try {
    const outcome = await ledger.execute("mergeCustomers", command);
    return outcome.ok ? outcome.value : { problem: problemOf(outcome.refusal) };
  } catch (error) {
    return { problem: faultOf(error) };
  }
}
