// What is brought in from other systems: orders with the seats of their rights, many a transaction.

import {
  decideAdopt,
  decideCancel,
  decideOrder,
  decideSuspend,
  type Decision,
  type Entitlement,
  type EntitlementEvent,
  type EntitlementState,
  type HostStatement,
  type Instant,
  type Order,
  type Seat,
} from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import type { CommandContext, Outcome } from "../outcome.ts";
import { entitlementsOfOrder, newestCatalog, orderRow } from "../queries.ts";
import type { Sql } from "../sql.ts";
import { recordGranted } from "./orders.ts";
import { boundTo } from "./seats.ts";

/** A seat that another scheme gave for a line of an order. */
export interface ImportedSeat {
  lineNumber: number;
  host: HostStatement;
  hostName: string | null;
  boundAt: Instant;
}

/** A line of an order that is not in force any more. */
export interface ImportedEnd {
  lineNumber: number;
  kind: "suspended" | "cancelled";
  at: Instant;
  reason: string;
}

/** An order as another system has it; null where only seats of one are told that is on record. */
export interface ImportedOrder {
  orderId: string;
  order: Order | null;
  fingerprint: string;
  seats: readonly ImportedSeat[];
  ends: readonly ImportedEnd[];
}

/** What became of a part: it is new, was known, or was turned away. */
export type PartOutcome = "new" | "known" | { code: string; detail: string };

/**
 * What became of an order; of its seats and ends, each in its place. Of an order that was turned away nothing is. It was
 * resumed where the same import recorded it before it was stopped.
 */
export type ImportedOutcome =
  | { outcome: "recorded" | "resumed" | "known"; seats: PartOutcome[]; ends: PartOutcome[] }
  | { outcome: "conflict" | "refused"; code: string; detail: string };

/** The ID that an order has which comes again after it was taken back: what was recorded stays on record under its own. */
const NEXT = "~";
const MAX_TIMES = 1000;

/**
 * Brings in orders, each for itself: what is turned away of one changes nothing for the others. The same order again is known,
 * and seats that it has got since are taken.
 */
export function importOrders(
  context: CommandContext,
  { importId, source, items }: { importId: string; source: string; items: readonly ImportedOrder[] },
): Outcome<ImportedOutcome[]> {
  const catalog = newestCatalog(context.store.sql)?.catalog;
  const value = items.map((item): ImportedOutcome => {
    const { orderId, known } = placeOf(context, item.orderId);
    if (known?.status === "recorded")
      return item.order !== null && known.fingerprint !== item.fingerprint
        ? {
            outcome: "conflict",
            code: "conflict",
            detail: `Order ${orderId} is on record with another content.`,
          }
        : {
            outcome: known.import_id === importId ? "resumed" : "known",
            ...takeParts(context, orderId, item, { importId, source }),
          };
    if (item.order === null)
      return {
        outcome: "refused",
        code: "unknown_order",
        detail: `There is no order ${orderId} that these seats are of.`,
      };
    if (!catalog) return { outcome: "refused", code: "no_catalog", detail: "There is no catalog." };
    const order = { ...item.order, orderId };
    const decision = decideOrder(order, catalog, () => newId("ent", context.shard));
    if (!decision.ok) {
      const { code, detail } = decision.refusal;
      return { outcome: "refused", code, detail };
    }
    recordGranted(context, { order, fingerprint: item.fingerprint, source, importId }, decision.events);
    return { outcome: "recorded", ...takeParts(context, orderId, item, { importId, source }) };
  });
  return { ok: true, isNew: value.some(isNews), value };
}

/**
 * Takes orders that were granted beside this transaction, from the attached database; see `grant-rows.ts`.
 * @param command.catalog the version of the one that they were granted by
 * @returns what became of them: all were taken; or none, for one is known, or another catalog has been published since
 */
export function takeGrants(
  { store }: CommandContext,
  { importId, catalog }: { importId: string; catalog: string },
): Outcome<"taken" | "known" | "outdated"> {
  const became =
    newestCatalog(store.sql)?.version !== catalog
      ? "outdated"
      : store.takeGrants(importId)
        ? "taken"
        : "known";
  return { ok: true, isNew: became === "taken", value: became };
}

const isNews = (outcome: ImportedOutcome): boolean =>
  outcome.outcome === "recorded" ||
  ("seats" in outcome && [...outcome.seats, ...outcome.ends].includes("new"));

/** Where an order of this ID stands: under it, or under the next where that one was taken back. */
function placeOf({ store }: CommandContext, told: string) {
  let orderId = told;
  for (let times = 2; times < MAX_TIMES; times++) {
    const known = orderRow(store.sql, orderId);
    if (!known || known.taken_back_at === null) return { orderId, known };
    orderId = `${told}${NEXT}${times}`;
  }
  throw new RangeError(`order ${told} was taken back ${MAX_TIMES} times`);
}

/** Takes the seats of an order's rights, and ends those that are over. */
function takeParts(
  { store, shard }: CommandContext,
  orderId: string,
  { seats, ends }: ImportedOrder,
  { importId, source }: { importId: string; source: string },
): { seats: PartOutcome[]; ends: PartOutcome[] } {
  if (seats.length + ends.length === 0) return { seats: [], ends: [] };
  const rights = new Map(
    entitlementsOfOrder(store.sql, orderId).map(({ entitlement }) => [entitlement.lineNumber, entitlement]),
  );
  const change = (lineNumber: number, decide: (entitlement: Entitlement) => Change): PartOutcome => {
    const entitlement = rights.get(lineNumber);
    if (!entitlement) return { code: "unknown_line", detail: `Order ${orderId} has no line ${lineNumber}.` };
    const { state, decision } = decide(entitlement);
    if (!decision.ok) return { code: decision.refusal.code, detail: decision.refusal.detail };
    if (decision.events.length === 0) return "known";
    rights.set(lineNumber, store.record(state, decision.events, source).entitlement);
    return "new";
  };
  const seat = ({ lineNumber, host, hostName, boundAt }: ImportedSeat): PartOutcome => {
    const entitlement = rights.get(lineNumber);
    // A seat may have gone elsewhere since: told again, it does not come back.
    const recordKey = entitlement && `seat ${entitlement.entitlementId} ${boundTo(entitlement, host)}`;
    const known = recordKey === undefined ? undefined : importOf(store.sql, recordKey);
    if (known !== undefined) return known === importId ? "new" : "known";
    const activationId = newId("act", shard);
    const outcome = change(lineNumber, (right) => {
      const state = { entitlement: right, seats: store.seatsFor(right, boundTo(right, host), boundAt) };
      return { state, decision: decideAdopt(state, host, boundAt, activationId) };
    });
    if (outcome === "new" && hostName !== null) store.nameHost(activationId, hostName);
    if (outcome === "new" && recordKey !== undefined)
      store.sql.run("insert into imported (record_key, import_id) values (?, ?)", recordKey, importId);
    return outcome;
  };
  return {
    seats: inOrderOfTime(seats, ({ boundAt }) => boundAt, seat),
    ends: inOrderOfTime(
      ends,
      ({ at }) => at,
      ({ lineNumber, kind, at, reason }) =>
        change(lineNumber, (entitlement) => {
          const state = { entitlement, seats: new Map<string, Seat>() };
          const decision =
            kind === "cancelled"
              ? decideCancel(state, reason, at)
              : decideSuspend(entitlement, { by: source, reason }, at);
          return { state, decision };
        }),
    ),
  };
}

/** A state, and what was decided of it. */
interface Change {
  state: EntitlementState;
  decision: Decision<EntitlementEvent>;
}

/** Does something with each, the earliest first. @returns what it came to, in the order in which they were given */
function inOrderOfTime<T, R>(items: readonly T[], at: (item: T) => Instant, act: (item: T) => R): R[] {
  const results = new Map(items.toSorted((a, b) => at(a) - at(b)).map((item) => [item, act(item)]));
  return items.map((item) => results.get(item) as R);
}

/** The import that brought in what this names; undefined where none did. */
export const importOf = (sql: Sql, recordKey: string): string | undefined =>
  sql.get<{ id: string }>("select import_id as id from imported where record_key = ?", recordKey)?.id;
