// What the overview says in words: what changed in the last whole month, and what needs attention.

import { describe, expect, test } from "vitest";
import { type AttentionRow, attentionOf } from "../../reports/src/components/attention.ts";
import { type ChangeRow, against, changesOf } from "../../reports/src/components/changes.ts";
import type { FactsRow } from "../../reports/src/components/quality.ts";

const change = (
  measure: ChangeRow["measure"],
  number: number | null,
  before: number | null,
  currency: string | null = null,
): ChangeRow => ({
  measure,
  currency,
  month_at: Date.UTC(2026, 9),
  month_before_at: Date.UTC(2026, 8),
  number,
  number_before: before,
  customers: 7,
});

describe("a number against the month before", () => {
  test.each<[number, number | null, string]>([
    [946, 1128, ", down 16% from 1,128 the month before"],
    [1100, 1000, ", up 10% from 1,000 the month before"],
    [2000, 1000, ", up 100% from 1,000 the month before"],
    [11, 4, ", 2.8 times the 4 of the month before"],
    [0, 4, ", down 100% from 4 the month before"],
    [5, 0, ", after none the month before"],
    [5, 5, ", as many as the month before"],
    [0, 0, ", as many as the month before"],
    [5, null, ""],
  ])("%s, after %s", (now, before, words) => expect(against(now, before)).toBe(words));
});

const said = (rows: readonly ChangeRow[]) => changesOf(rows).map(({ number, words }) => number + words);

test("what changed is said in a fixed order, one currency a sentence, at most two", () => {
  const rows = [
    change("recurring", 200_00, 100_00, "EUR"),
    change("recurring", 90_00, 100_00, "USD"),
    change("recurring", 90_00, 100_00, "GBP"),
    change("lost", 10_00, 20_00, "EUR"),
    change("due", 40, 30),
    change("renewed", 30, 24),
    change("sold", 1, 2),
    change("refused", 3, 0),
  ];
  expect(said(rows)).toEqual([
    "1 entitlement was sold, down 50% from 2 the month before.",
    "€200 of recurring revenue a month, up 100% from €100 the month before. Ended or lessened: €10, down 50% from €20 the month before.",
    "$90 of recurring revenue a month, down 10% from $100 the month before.",
    "75% of the 40 terms that ended were renewed so far, against 80% of 30 the month before. Some renew late, so the newest rate still rises.",
    "3 requests were turned away, after none the month before.",
  ]);
});

test("what may not be told is not said, and is not taken for nothing", () => {
  expect(
    said([change("sold", null, 12), change("refused", 9, null), change("overdraft", null, null)]),
  ).toEqual(["9 requests were turned away."]);
});

test("seats beyond those bought and copies are one statement, with one number in front", () => {
  expect(changesOf([change("overdraft", 11, 4), change("cloned", 14, 12)])).toEqual([
    {
      number: "11",
      words:
        " seats bound beyond those bought, 2.8 times the 4 of the month before and 14 computers with a copied license, up 17% from 12 the month before.",
      path: "./compliance.html",
    },
  ]);
});

const facts: FactsRow = {
  snapshot: 1,
  as_of: 0,
  created_at: 0,
  events: 10,
  first_occurred_at: 0,
  last_occurred_at: 0,
  last_recorded_at: 0,
  entitlements: 1,
  test_entitlements: 0,
  quarantine_open: 0,
  tests_run: 300,
  warnings: 0,
};

const waiting = (
  what: AttentionRow["what"],
  customers: number,
  currency: string | null = null,
  amount: number | null = null,
): AttentionRow => ({ what, currency, entitlements: customers * 2, customers, seats: customers * 3, amount });

test("doubts come first, all else by how many customers it concerns", () => {
  const rows = [
    waiting("overdraft", 5),
    waiting("due_30", 8),
    waiting("due_90", 90),
    waiting("shelfware", 20),
    waiting("shelfware", 20, "EUR", 1234_00),
  ];
  const found = attentionOf(rows, [change("refused", 30, 20)], { ...facts, warnings: 1, quarantine_open: 2 });
  expect(found.map(({ number, words }) => number + words)).toEqual([
    "1 data test of 300 warns: what it says does not hold.",
    "2 inputs could not be understood and wait in quarantine: what they tell is in no number yet.",
    "40 entitlements of 20 customers were paid for more than 30 days ago (€1,234) and never activated.",
    "16 subscriptions of 8 customers end in the next 30 days, unless renewed; 180 of 90 customers in the next 90.",
    "50% more requests of 7 customers were turned away than in the month before: 30, against 20.",
    "15 seats of 5 customers are bound beyond those bought.",
  ]);
});

test("nothing needs attention where nothing is the matter", () => {
  expect(attentionOf([], [change("refused", 10, 20)], facts)).toEqual([]);
});
