// Pure. Which platforms customers use: sums of the rows that a page shows, and what they say in words.

import { type Child, h } from "./dom.js";
import { archName, count, counted, month, osName, share } from "./format.js";

/** Hosts of one platform in one month; `sku` is empty for all products together, a platform's part where it is not stated. */
export interface PlatformRow {
  month_at: number;
  sku: string;
  os_type: string;
  os_version: string;
  arch: string;
  hosts: number;
}

/** Customers with a host on a system; `os_type` is null for any system. */
export interface PlatformCustomerRow {
  sku: string;
  name: string;
  os_type: string | null;
  customers: number;
}

/** A name with its number. */
export interface Slice {
  name: string;
  value: number;
}

/** A line of a chart by month. */
export interface MonthSeries {
  name: string;
  points: { month_at: number; value: number }[];
}

/** Sums hosts by a name, largest first, with what is not stated last. */
function slices(
  rows: readonly PlatformRow[],
  nameOf: (row: PlatformRow) => string,
  notStated: string,
): Slice[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + row.hosts);
  return Array.from(sums, ([name, value]) => ({ name, value })).toSorted(
    (a, b) => Number(a.name === notStated) - Number(b.name === notStated) || b.value - a.value,
  );
}

const system = (row: PlatformRow) => osName(row.os_type || null);

/** Hosts by system in the newest month. */
export const systems = (rows: readonly PlatformRow[]): Slice[] => slices(newest(rows), system, osName(null));

/** Hosts by system and version in the newest month. */
export function versions(rows: readonly PlatformRow[]): Slice[] {
  return slices(
    newest(rows),
    (row) => `${system(row)} ${row.os_version === "" ? "(version not stated)" : row.os_version}`,
    "",
  );
}

/** Processors within each system in the newest month. */
export function processors(
  rows: readonly PlatformRow[],
): { system: string; processor: string; value: number }[] {
  const order = systems(rows).map(({ name }) => name);
  return order.flatMap((name) =>
    slices(
      newest(rows).filter((row) => system(row) === name),
      (row) => archName(row.arch || null),
      archName(null),
    ).map((slice) => ({ system: name, processor: slice.name, value: slice.value })),
  );
}

/** Hosts by system over the months, largest system of the newest month first. A month without a host of it is zero. */
export function systemMonths(rows: readonly PlatformRow[]): MonthSeries[] {
  const months = [...new Set(rows.map((row) => row.month_at))].toSorted((a, b) => a - b);
  const names = [...new Set([...systems(rows).map(({ name }) => name), ...rows.map(system)])];
  return names.map((name) => ({
    name,
    points: months.map((month_at) => ({
      month_at,
      value: rows
        .filter((row) => row.month_at === month_at && system(row) === name)
        .reduce((sum, row) => sum + row.hosts, 0),
    })),
  }));
}

/** The page's first sentence. Hosts are counted, not sampled: what is uncertain is who did not say. */
export function platformLede(
  rows: readonly PlatformRow[],
  customers: readonly PlatformCustomerRow[],
): Child[] {
  const parts = systems(rows);
  const [first] = parts;
  if (first === undefined) return ["No host holds a seat yet, so there is no platform to count."];
  const total = sum(parts);
  const silent = parts.find(({ name }) => name === osName(null))?.value ?? 0;
  const of = customers.find((row) => row.os_type === null)?.customers;
  const on = customers.find(
    (row) => row.os_type !== null && osName(row.os_type || null) === first.name,
  )?.customers;
  return [
    h("strong", {}, `${share(first.value / total)} of active hosts run ${first.name}`),
    `: ${count(first.value)} of the ${counted(total, "host")} that held a seat in ${month(newestMonth(rows))}`,
    of === undefined || on === undefined ? null : `, at ${count(on)} of ${counted(of, "customer")}`,
    silent === 0
      ? ". They are counted, not sampled, and every host stated its system."
      : `. They are counted, not sampled; ${count(silent)} did not state a system, so the true share lies between ${share(first.value / total)} and ${share((first.value + silent) / total)}.`,
  ];
}

/** The newest month of the rows, in milliseconds. */
export const newestMonth = (rows: readonly PlatformRow[]): number =>
  rows.reduce((latest, row) => Math.max(latest, row.month_at), -Infinity);

function newest(rows: readonly PlatformRow[]): PlatformRow[] {
  const latest = newestMonth(rows);
  return rows.filter((row) => row.month_at === latest);
}

const sum = (parts: readonly Slice[]) => parts.reduce((total, { value }) => total + value, 0);
