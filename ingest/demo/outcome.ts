// Pure. What came of a year, counted and told.

import type { Change, SeatRequest } from "./steps.ts";

/** What is counted: orders and cancellations, seats bound and asked for again, what programs told, and what was asked for by name. */
export type Deed =
  "order" | "cancellation" | "refund" | "seat" | "repeat" | "merge" | "telling" | SeatRequest | Change;

export interface Outcome {
  /** How often each was done. */
  done: Partial<Record<Deed, number>>;
  /** How often each code refused something. */
  refusals: Record<string, number>;
}

export function note(counts: Record<string, number>, what: string, times = 1): void {
  counts[what] = (counts[what] ?? 0) + times;
}

const words: Record<Deed, string> = {
  order: "orders",
  cancellation: "of them cancelled",
  refund: "refunds and credits",
  seat: "seats bound",
  repeat: "asked for again",
  refresh: "refreshed",
  rehost: "moved to another host",
  repair: "repaired",
  return: "returned",
  release: "released",
  temporary: "temporary licenses",
  renew: "renewals",
  upgrade: "upgrades",
  extend: "extended",
  suspend: "suspended",
  reinstate: "reinstated",
  policy: "policies overridden",
  split: "split",
  transfer: "transferred",
  merge: "customers merged",
  telling: "events of telemetry",
};

const lines: readonly (readonly Deed[])[] = [
  ["order", "cancellation", "refund", "seat", "repeat"],
  ["refresh", "rehost", "repair", "return", "release", "temporary"],
  ["renew", "upgrade", "extend", "suspend", "reinstate", "policy"],
  ["split", "transfer", "merge", "telling"],
];

/** A copy that was left behind shows itself by this refusal. */
const CLONE = "license_superseded";

/** A year in a few lines, for whoever waited for it. */
export function summary({ done, refusals }: Outcome): string {
  const told = lines.map((deeds) =>
    deeds.map((deed) => `${count(done[deed] ?? 0)} ${words[deed]}`).join(", "),
  );
  const clones = refusals[CLONE] ?? 0;
  const codes = Object.entries(refusals).toSorted(([, a], [, b]) => b - a);
  const refused = codes.reduce((sum, [, times]) => sum + times, 0);
  const list = codes.map(([code, times]) => `${code} ${count(times)}`).join(", ");
  return [
    ...told,
    `${count(clones)} clones: licenses that came back from a host which their seat had left`,
    `${count(refused)} refusals${refused === 0 ? "" : `: ${list}`}`,
  ]
    .map((line) => `  ${line}`)
    .join("\n");
}

const count = (number: number) => number.toLocaleString("en-US");
