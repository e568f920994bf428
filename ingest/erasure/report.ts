// Pure. What an erasure says at its end: place by place, what was found, what is found now, and what was done.

import { type Found, type PlaceName, placeNames } from "./places.ts";

export interface Report {
  customerId: string;
  places: { place: PlaceName; searched: string; before: number; now: number | null; done: string }[];
  /** What is still there, each with where it is; nothing where nobody looked again. */
  left: string[];
  /** What no command of ours reaches. */
  notReached: string[];
}

export interface Reported {
  customerId: string;
  before: Record<PlaceName, Found>;
  /** Null for a dry run. */
  now: Record<PlaceName, Found> | null;
  done: Partial<Record<PlaceName, string>>;
  left: readonly string[];
  notReached: string[];
}

/** Places that one line names. */
const MAX_NAMED = 10;

export function reportOf({ customerId, before, now, done, left, notReached }: Reported): Report {
  const found = now === null ? [] : placeNames.filter((place) => now[place].count > 0);
  return {
    customerId,
    places: placeNames.map((place) => ({
      place,
      searched: (now ?? before)[place].searched,
      before: before[place].count,
      now: now === null ? null : now[place].count,
      done: outcomeOf(before[place], now === null ? null : now[place], done[place]),
    })),
    left: [...found.map((place) => `${place}: ${listed(now?.[place].at ?? [])}`), ...left],
    notReached,
  };
}

function outcomeOf(before: Found, now: Found | null, done: string | undefined): string {
  if (now === null) return "";
  if (before.count === 0 && now.count === 0) return "nothing to do";
  return done ?? (now.count === 0 ? "gone with what is named above" : "still there");
}

function listed(at: readonly string[]): string {
  const more = at.length - MAX_NAMED;
  return at.slice(0, MAX_NAMED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/** The report as a table, and what is to be known beside it. */
export function reportText({ customerId, places, left, notReached }: Report): string {
  const isDryRun = places.every(({ now }) => now === null);
  const rows = [
    ["place", "searched", "before", "now", "what was done"],
    ...places.map(({ place, searched, before, now, done }) => [
      place,
      searched,
      String(before),
      now === null ? "-" : String(now),
      done,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [
    ...table,
    "",
    ...notReached.map((what) => `Not reached: ${what}.`),
    ...left.map((what) => `LEFT: ${what}.`),
    endOf(customerId, isDryRun, left.length),
  ].join("\n");
}

function endOf(customerId: string, isDryRun: boolean, left: number): string {
  if (isDryRun) return `Nothing was changed. Without --dry-run, this is what is erased of ${customerId}.`;
  if (left > 0) return `Something is left of ${customerId}: mend what is named, then run this again.`;
  return `Nothing that was looked through names ${customerId} any more.`;
}
