// Pure. Which platforms customers use: what the rows say, in words and as what charts draw.

import { type Child, h } from "./dom.js";
import { archName, count, counted, month, osName, share } from "./format.js";
import { sentenceOf } from "./scopes.js";

/** Hosts of one system in one month, of all products. */
export interface PlatformRow {
  month_at: number;
  os_type: string;
  hosts: number;
}

/** What platforms are counted by. */
export type PlatformDimension = "system" | "version" | "processor" | "application";

/** Hosts and customers of one platform in the newest month. */
export interface PlatformNowRow {
  scope: string;
  dimension: PlatformDimension | "all";
  os_type: string;
  member: string;
  hosts: number;
  /** Null where they are too few to be told. */
  customers: number | null;
}

/** Hosts of one system in a product, a price band or a country. */
export interface PlatformMixRow {
  scope: string;
  dimension: string;
  member: string;
  os_type: string;
  hosts: number;
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

/** A platform with its numbers. */
export interface PlatformPart extends Slice {
  customers: number | null;
}

const system = (osType: string): string =>
  osType === "few" ? "Fewer than 5 customers" : osName(osType || null);

/** A platform as people call it: `windows 11` → `Windows 11`. */
export function platformName(dimension: PlatformDimension, member: string): string {
  if (member === "few") return system(member);
  if (member === "rest") return "All others";
  if (dimension === "system") return system(member);
  if (dimension === "processor") return archName(member || null);
  if (dimension === "application") return member === "" ? "Version not stated" : `Version ${member}`;
  const [osType = "", ...version] = member.split(" ");
  return `${system(osType)} ${version.join(" ") || "(version not stated)"}`;
}

/** Sums by a name, largest first, with what is not stated last. */
function slices<T>(rows: readonly T[], nameOf: (row: T) => string, valueOf: (row: T) => number): Slice[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(nameOf(row), (sums.get(nameOf(row)) ?? 0) + valueOf(row));
  return Array.from(sums, ([name, value]) => ({ name, value })).toSorted(
    (a, b) => Number(a.name === osName(null)) - Number(b.name === osName(null)) || b.value - a.value,
  );
}

/** Hosts by system in the newest month. */
export function systems(rows: readonly PlatformRow[]): Slice[] {
  const latest = newestMonth(rows);
  return slices(
    rows.filter((row) => row.month_at === latest),
    (row) => system(row.os_type),
    ({ hosts }) => hosts,
  );
}

/** Hosts by system over the months, largest system of the newest month first. A month without a host of it is zero. */
export function systemMonths(rows: readonly PlatformRow[]): MonthSeries[] {
  const months = [...new Set(rows.map((row) => row.month_at))].toSorted((a, b) => a - b);
  const names = new Set([
    ...systems(rows).map(({ name }) => name),
    ...rows.map(({ os_type: osType }) => system(osType)),
  ]);
  return [...names].map((name) => ({
    name,
    points: months.map((month_at) => ({
      month_at,
      value: rows
        .filter((row) => row.month_at === month_at && system(row.os_type) === name)
        .reduce((sum, row) => sum + row.hosts, 0),
    })),
  }));
}

/** Platforms of one dimension now, most hosts first, with what is not stated last. */
export function platformParts(rows: readonly PlatformNowRow[], dimension: PlatformDimension): PlatformPart[] {
  return rows
    .filter((row) => row.dimension === dimension)
    .map((row) => ({
      name: platformName(dimension, row.member),
      value: row.hosts,
      customers: row.customers,
    }))
    .toSorted(
      (a, b) => Number(a.name === osName(null)) - Number(b.name === osName(null)) || b.value - a.value,
    );
}

/** Processors within each system, the largest system first. */
export function processors(
  rows: readonly PlatformNowRow[],
): { system: string; processor: string; value: number; customers: number | null }[] {
  const order = platformParts(rows, "system").map(({ name }) => name);
  return rows
    .filter((row) => row.dimension === "processor")
    .map((row) => ({
      system: system(row.os_type),
      processor: platformName("processor", row.member),
      value: row.hosts,
      customers: row.customers,
    }))
    .toSorted((a, b) => order.indexOf(a.system) - order.indexOf(b.system) || b.value - a.value);
}

/** Systems within each product, price band or country, in the order of the systems, so that each keeps its color. */
export function mixParts(
  rows: readonly PlatformMixRow[],
  dimension: string,
  order: readonly string[],
  nameOf: (member: string) => string,
): { group: string; part: string; value: number }[] {
  const here = rows.filter((row) => row.dimension === dimension);
  const groups = [...new Set(here.map(({ member }) => member))];
  const place = (osType: string) => (order.indexOf(system(osType)) + order.length + 1) % (order.length + 1);
  return here
    .toSorted((a, b) => place(a.os_type) - place(b.os_type))
    .toSorted((a, b) => groups.indexOf(a.member) - groups.indexOf(b.member))
    .map((row) => ({ group: nameOf(row.member), part: system(row.os_type), value: row.hosts }));
}

/** The page's first sentence, of what is chosen in words. Hosts are counted, not sampled: what is uncertain is who did not say. */
export function platformLede(rows: readonly PlatformNowRow[], monthAt: number, words: string): Child[] {
  const all = rows.find(({ dimension }) => dimension === "all");
  const parts = platformParts(rows, "system");
  const [first] = parts;
  if (all === undefined || first === undefined)
    return [sentenceOf("No host holds a seat, so there is no platform to count.", words)];
  const silent = parts.find(({ name }) => name === osName(null))?.value ?? 0;
  return [
    h("strong", {}, sentenceOf(`${share(first.value / all.hosts)} of active hosts run ${first.name}`, words)),
    `: ${count(first.value)} of the ${counted(all.hosts, "host")} that held a seat in ${month(monthAt)}`,
    first.customers === null || all.customers === null
      ? null
      : `, at ${count(first.customers)} of ${counted(all.customers, "customer")}`,
    silent === 0
      ? ". They are counted, not sampled, and every host stated its system."
      : `. They are counted, not sampled; ${count(silent)} did not state a system, so the true share lies between ${share(first.value / all.hosts)} and ${share((first.value + silent) / all.hosts)}.`,
  ];
}

/** The newest month of the rows, in milliseconds. */
export const newestMonth = (rows: readonly { month_at: number }[]): number =>
  rows.reduce((latest, row) => Math.max(latest, row.month_at), -Infinity);
