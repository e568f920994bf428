// Pure. How a customer stood on a day: what was in force, and who held its seats.

import { type Child, h } from "./dom.js";
import { choose, chosen } from "./address.js";
import type { Customer } from "./customerData.js";
import { count, counted, date, isoDay, minute } from "./format.js";
import {
  type ChangeRow,
  type EntitlementRow,
  countsSeats,
  holderText,
  seatsOf,
  statusName,
} from "./history.js";
import { longTable } from "./table.js";

const DAY_MS = 86_400_000;

/** An entitlement as it stood. */
export interface Standing {
  entitlement: EntitlementRow;
  status: string;
  quantity: number | null;
  seats_bound: number;
}

/** A seat and who held it. */
export interface HeldSeat {
  entitlement: EntitlementRow | undefined;
  bound: ChangeRow;
}

/** Entitlements as they stood at a time, by their last change up to it; none of those that were granted later. */
export function standingAt({ entitlements, changes }: Customer, time: number): Standing[] {
  const last = new Map<string, ChangeRow>();
  for (const change of changes) if (change.occurred_at <= time) last.set(change.entitlement_id, change);
  return entitlements.flatMap((entitlement) => {
    const change = last.get(entitlement.entitlement_id);
    return change === undefined
      ? []
      : [
          {
            entitlement,
            status: change.status_after,
            quantity: change.quantity_after,
            seats_bound: change.seats_bound_after,
          },
        ];
  });
}

/** Seats that were held at a time: bound, not ended since, and not of an entitlement that was cancelled. */
export function seatsAt({ entitlements, changes }: Customer, time: number): HeldSeat[] {
  const of = new Map(entitlements.map((entitlement) => [entitlement.entitlement_id, entitlement]));
  const held = new Map<string, ChangeRow>();
  for (const change of changes) {
    if (change.occurred_at > time) continue;
    const { activation_id: seat } = change;
    if (change.event_type === "activation.bound" && seat !== null) held.set(seat, change);
    if (change.event_type === "activation.ended" && seat !== null) held.delete(seat);
    if (change.event_type === "entitlement.cancelled")
      for (const [id, bound] of held) if (bound.entitlement_id === change.entitlement_id) held.delete(id);
  }
  return Array.from(held.values(), (bound) => ({ entitlement: of.get(bound.entitlement_id), bound }));
}

/** The end of a day, in UTC. @param day as `2026-03-05` */
export const endOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) + DAY_MS - 1;

/** What was in force on the day, in a sentence. */
export function standingSentence(standings: readonly Standing[], time: number): Child[] {
  const active = standings.filter(({ status }) => status === "active");
  const counting = active.filter(({ entitlement }) => countsSeats(entitlement.metric));
  const seats = counting.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
  const bound = counting.reduce((sum, { seats_bound: own }) => sum + own, 0);
  if (standings.length === 0) return [`Nothing had been granted by ${date(time)}.`];
  return [
    `On ${date(time)} `,
    h("strong", {}, `${counted(active.length, "entitlement was", "entitlements were")} in force`),
    ` of ${count(standings.length)} granted by then`,
    seats === 0 ? "." : `, with ${count(bound)} of ${counted(seats, "seat")} bound.`,
  ];
}

/** Rows of a day that are shown at first. */
const AT_ONCE = 15;

/** The entitlements of a day. */
export const standingTable = (standings: readonly Standing[]): HTMLElement =>
  longTable<Standing>(
    "Entitlements on the day",
    [
      { head: "Product", cell: ({ entitlement }) => entitlement.product, isRowHead: true },
      { head: "License model", cell: ({ entitlement }) => entitlement.model },
      { head: "State", cell: ({ status }) => statusName(status) },
      {
        head: "Bound",
        cell: ({ entitlement, quantity, seats_bound: bound }) => seatsOf(bound, quantity, entitlement.metric),
        isNumber: true,
      },
      { head: "Order", cell: ({ entitlement }) => entitlement.order_id },
      {
        head: "Split from",
        cell: ({ entitlement }) =>
          entitlement.parent_entitlement_id === null
            ? "–"
            : h("span", { class: "identifier" }, entitlement.parent_entitlement_id),
      },
    ],
    standings,
    AT_ONCE,
  );

/** The seats of a day, the newest first. */
export const seatTable = (seats: readonly HeldSeat[]): HTMLElement =>
  longTable<HeldSeat>(
    "Seats on the day",
    [
      { head: "Host or user", cell: ({ bound }) => holderText(bound) ?? "not stated", isRowHead: true },
      { head: "Product", cell: ({ entitlement }) => entitlement?.product },
      { head: "Software", cell: ({ bound }) => bound.app_version ?? "–" },
      {
        head: "Bound since (UTC)",
        cell: ({ bound }) => h("span", { class: "nowrap" }, minute(bound.occurred_at)),
        isNumber: true,
      },
      {
        head: "Seat",
        cell: ({ bound }) => h("span", { class: "identifier" }, bound.activation_id),
      },
    ],
    seats.toSorted((a, b) => b.bound.occurred_at - a.bound.occurred_at),
    AT_ONCE,
  );

/** A day to look back to, kept in the address: an input for `view`. @param last the newest that can be asked for, in milliseconds */
export function dayInput(last: number): HTMLElement & { value: string } {
  const newest = isoDay(last);
  const asked = chosen().get("on");
  const start = asked !== undefined && /^\d{4}-\d\d-\d\d$/.test(asked) && asked <= newest ? asked : newest;
  const input = h("input", { type: "date", max: newest, value: start });
  const box = Object.assign(h("div", { class: "control" }, h("label", {}, "As of the end of ", input)), {
    value: start,
  });
  box.addEventListener("input", (event) => {
    // A date that is being typed is none yet.
    if (input.value === "" || input.value > newest) return event.stopImmediatePropagation();
    box.value = input.value;
    choose("on", input.value === newest ? null : input.value);
  });
  return box;
}
