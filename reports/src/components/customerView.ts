// Pure. One customer: the answer in a sentence, what was bought, and every change, newest first.

import { type Child, h } from "./dom.js";
import type { Customer } from "./customerData.js";
import { count, counted, date, isoDay, list, minute, money } from "./format.js";
import {
  type ChangeRow,
  countsSeats,
  type EntitlementRow,
  endOf,
  seatsOf,
  standing,
  statusName,
  told,
} from "./history.js";
import { longTable, type Numbers, numbers } from "./table.js";

/** Changes that are shown at first. */
const CHANGES_AT_ONCE = 50;

/** The customer's name on the page. */
export const customerName = ({ entry }: Customer): string => entry.name ?? `Customer ${entry.id}`;

/** What this customer has been entitled to, in one sentence. */
export function customerLede(customer: Customer): Child[] {
  const { entitlements, changes } = customer;
  const active = entitlements.filter((row) => row.status === "active");
  const counting = active.filter((row) => countsSeats(row.metric));
  const seats = counting.reduce((sum, row) => sum + row.quantity, 0);
  const bound = counting.reduce((sum, row) => sum + row.seats_bound, 0);
  const since = Math.min(...entitlements.map((row) => row.starts_at));
  const refusals = changes.filter((row) => row.event_type === "activation.refused").length;
  const products = [...new Set(active.map((row) => row.product))];
  return [
    active.length === 0
      ? h("strong", {}, "Nothing is in force now")
      : h("strong", {}, `${counted(active.length, "entitlement")} in force`),
    active.length === 0
      ? `. It has had ${counted(entitlements.length, "entitlement")} since ${date(since)}`
      : ` of ${count(entitlements.length)} since ${date(since)}: ${products.length > 3 ? counted(products.length, "product") : list(products)}${seats === 0 ? "" : `, with ${count(bound)} of ${counted(seats, "seat")} bound`}`,
    refusals === 0 ? "." : `. It was turned away ${refusals === 1 ? "once" : `${count(refusals)} times`}.`,
  ];
}

/** A customer to begin with. */
export interface Suggestion {
  customer_id: string;
  customer: string;
  entitlements: number;
}

/** Customers to begin with, each a link to its history. */
export function suggestions(customers: readonly Suggestion[]): HTMLElement {
  return h(
    "div",
    { class: "suggestions" },
    h("h2", {}, "Or begin with the largest"),
    h(
      "ul",
      {},
      customers.map(({ customer_id: id, customer, entitlements }) =>
        h(
          "li",
          {},
          h("a", { href: `#customer=${encodeURIComponent(id)}` }, customer),
          h("span", { class: "quiet" }, ` ${counted(entitlements, "entitlement")} in force`),
        ),
      ),
    ),
  );
}

/** What was bought: one row an entitlement. */
export function entitlementNumbers(customer: Customer): Numbers {
  return numbers<EntitlementRow>(
    `Entitlements of ${customerName(customer)}`,
    [
      { head: "Product", cell: (row) => row.product, isRowHead: true },
      { head: "License model", cell: (row) => row.model },
      {
        head: "Bound",
        cell: (row) => h("span", { class: "nowrap" }, seatsOf(row.seats_bound, row.quantity, row.metric)),
        isNumber: true,
      },
      { head: "State", cell: (row) => statusName(row.status) },
      { head: "From", cell: (row) => day(row.starts_at), isNumber: true },
      { head: "To", cell: (row) => (endOf(row) === null ? "no end" : day(endOf(row)!)), isNumber: true },
      { head: "Price", cell: (row) => money(row.amount, row.currency), isNumber: true },
      { head: "Order", cell: (row) => h("span", { class: "nowrap" }, row.order_id) },
      {
        head: "Entitlement",
        cell: (row) =>
          h(
            "span",
            { class: "identifier" },
            row.entitlement_id,
            row.parent_entitlement_id === null ? null : ` split from ${row.parent_entitlement_id}`,
          ),
      },
    ],
    customer.entitlements,
  );
}

/** Every change in plain words, newest first. */
export function changeTable(customer: Customer): HTMLElement {
  const entitlements = new Map(customer.entitlements.map((row) => [row.entitlement_id, row]));
  const of = ({ entitlement_id: id }: ChangeRow) => entitlements.get(id);
  return longTable(
    `Every change of ${customerName(customer)}`,
    [
      {
        head: "When (UTC)",
        cell: ({ change }) => h("span", { class: "nowrap" }, minute(change.occurred_at)),
      },
      { head: "What happened", cell: ({ sentence }) => sentence, isRowHead: true },
      { head: "Product", cell: ({ change }) => of(change)?.product },
      { head: "Afterwards", cell: ({ change }) => standing(change, of(change)?.metric ?? "") },
      {
        head: "Order",
        cell: ({ change }) => h("span", { class: "quiet nowrap" }, of(change)?.order_id),
      },
    ],
    told(customer.changes).toReversed(),
    CHANGES_AT_ONCE,
  );
}

const day = (time: number) => h("time", { datetime: isoDay(time), class: "nowrap" }, date(time));
