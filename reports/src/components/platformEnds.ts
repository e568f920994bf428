// Pure. What would be lost if support for a version ended: who and what runs nothing else.

import { type Child, h } from "./dom.js";
import { count, counted, list, money } from "./format.js";
import { type PlatformDimension, type Slice, platformName } from "./platforms.js";
import type { Column, Raw } from "./table.js";

/** One version in one currency; the row without a currency counts all of them. Null is what may not be told, and is little. */
export interface EndRow {
  scope: string;
  dimension: PlatformDimension;
  member: string;
  currency: string;
  hosts: number;
  customers: number;
  customers_only: number | null;
  entitlements: number | null;
  seats: number | null;
  amount: number | null;
}

/** A version with what runs on nothing else. */
export interface End extends EndRow {
  name: string;
  money: { currency: string; amount: number | null }[];
}

const TOO_FEW = "fewer than 5";

/** Versions of a dimension that could end, those first on which most customers depend. */
export function endsOf(rows: readonly EndRow[], dimension: PlatformDimension): End[] {
  const here = rows.filter((row) => row.dimension === dimension);
  return here
    .filter((row) => row.currency === "")
    .map((row) => ({
      ...row,
      name: platformName(dimension, row.member),
      money: here
        .filter((other) => other.member === row.member && other.currency !== "")
        .map(({ currency, amount }) => ({ currency, amount })),
    }))
    .toSorted(
      (a, b) =>
        (b.customers_only ?? 0) - (a.customers_only ?? 0) || b.hosts - a.hosts || (a.name < b.name ? -1 : 1),
    );
}

/** Customers that depend on each version, of which that may be told. */
export const endBars = (ends: readonly End[]): Slice[] =>
  ends.slice(0, 12).flatMap(({ name, customers_only: value }) => (value === null ? [] : [{ name, value }]));

/** What would be lost, in words. */
export function endSentence(end: End): Child[] {
  const told = (value: number | null, noun: string, plural?: string) =>
    value === null ? `${TOO_FEW} ${plural ?? `${noun}s`}` : counted(value, noun, plural);
  const amounts = end.money.flatMap(({ currency, amount }) =>
    amount === null || amount === 0 ? [] : [money(amount, currency)],
  );
  return [
    h(
      "strong",
      {},
      `If support for ${end.name.replace(/^V/, "v")} ended, ${told(end.customers_only, "customer")} would have nothing left that runs`,
    ),
    `, of ${counted(end.customers, "customer")} who use it on ${counted(end.hosts, "host")}. ${
      end.entitlements === 0
        ? "Every entitlement in force has a seat elsewhere."
        : `All bound seats of ${told(end.entitlements, "entitlement")} run it (${
            end.seats === null ? "seats not told" : counted(end.seats, "seat")
          } bought${amounts.length === 0 ? "" : `, for ${list(amounts)}`}).`
    }`,
  ];
}

/** Columns of what would be lost, a column of money a currency. */
export function endColumns(ends: readonly End[]): Column<End>[] {
  const currencies = [
    ...new Set(ends.flatMap((end) => end.money.map(({ currency }) => currency))),
  ].toSorted();
  const amountOf = (end: End, wanted: string): Raw => {
    const found = end.money.find(({ currency }) => currency === wanted);
    return found === undefined ? 0 : found.amount;
  };
  const number = (head: string, valueOf: (end: End) => number | null): Column<End> => ({
    head,
    cell: (end) => {
      const value = valueOf(end);
      return value === null ? TOO_FEW : count(value);
    },
    value: valueOf,
    isNumber: true,
  });
  return [
    { head: "Version", cell: ({ name }) => name, isRowHead: true },
    number("Hosts", ({ hosts }) => hosts),
    number("Customers on it", ({ customers }) => customers),
    number("Customers on nothing else", ({ customers_only: only }) => only),
    number("Entitlements on nothing else", ({ entitlements }) => entitlements),
    number("Their seats", ({ seats }) => seats),
    ...currencies.map((currency): Column<End> => ({
      head: `Their price, ${currency}`,
      cell: (end) => {
        const amount = amountOf(end, currency);
        return typeof amount === "number" ? money(amount, currency) : "not told";
      },
      value: (end) => amountOf(end, currency),
      isNumber: true,
    })),
  ];
}
