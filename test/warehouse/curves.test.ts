// The curves of time_to_activation.sql against a plain implementation that follows the textbook, one subject at a time.

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../warehouse/duckdb.ts";
import { type GroupDay, logRank } from "../../warehouse/logrank.ts";
import { readModels } from "../../warehouse/models.ts";

interface Subject {
  segment: string;
  days: number;
  outcome: "activated" | "cancelled" | "censored";
}

interface Row {
  segment: string;
  day: number;
  at_risk: number;
  survival: number;
  survival_low: number | null;
  survival_high: number | null;
  incidence_activated: number;
  incidence_cancelled: number;
  [column: string]: string | number | null;
}

let database: Database;
let waitSql: string;
let daySql: string;
let curveSql: string;
let summarySql: string;

beforeAll(async () => {
  const { models, macros } = await readModels();
  const sqlOf = (name: string) => models.find((model) => model.name === name)?.sql ?? "";
  waitSql = sqlOf("int_activation_wait");
  daySql = sqlOf("int_activation_day");
  curveSql = sqlOf("time_to_activation");
  summarySql = sqlOf("time_to_activation_summary");
  database = await openDatabase(":memory:");
  await database.run(`${macros}; set variable as_of = timestamp '2026-12-31'`);
});
afterAll(() => database.close());

async function curves(subjects: readonly Subject[]): Promise<Row[]> {
  const rows = subjects
    .map(({ segment, days, outcome }) => `('${outcome}', ${days}, '${segment}')`)
    .join(", ");
  await database.run(`
    create or replace temp table fct_entitlement as
      select row_number() over () as entitlement_id, 'C' as customer_id, getvariable('as_of') as ordered_at,
        cast(null as varchar) as country, outcome, sku as granted_sku, 'b' as granted_brand, 'm' as granted_license_model,
        cast(null as varchar) as parent_entitlement_id, cast(null as varchar) as price_band, 'c' as channel,
        date '2026-01-01' as cohort_month, false as is_test, true as is_wait_known,
        getvariable('as_of') - to_days(days) as delivered_at,
        if(outcome = 'activated', getvariable('as_of'), null) as first_activated_at,
        if(outcome = 'cancelled', getvariable('as_of'), null) as cancelled_at
      from (values ${rows}) as subjects(outcome, days, sku);
    create or replace temp view int_activation_wait as ${waitSql};
    create or replace temp table int_activation_day as ${daySql};
    create or replace temp table time_to_activation as ${curveSql};`);
  return database.rows<Row>("select * from time_to_activation where dimension = 'product'");
}

/** Kaplan–Meier with Greenwood's variance, and Aalen–Johansen, straight from their definitions. */
function textbook(subjects: readonly Subject[], segment: string, day: number) {
  const members = subjects.filter((subject) => subject.segment === segment);
  const on = (at: number, outcome: Subject["outcome"]) =>
    members.filter((member) => member.days === at && member.outcome === outcome).length;
  let [survival, greenwood, waiting, activated, cancelled] = [1, 0, 1, 0, 0];
  for (let at = 0; at <= day; at += 1) {
    const atRisk = members.filter(({ days }) => days >= at).length;
    const [a, c] = [on(at, "activated"), on(at, "cancelled")];
    if (a + c === 0) continue;
    activated += (waiting * a) / atRisk;
    cancelled += (waiting * c) / atRisk;
    waiting *= 1 - (a + c) / atRisk;
    survival *= 1 - a / atRisk;
    greenwood += a / (atRisk * (atRisk - a));
  }
  const half = (1.959963984540054 * Math.sqrt(greenwood)) / Math.log(survival);
  const bound = (sign: number) => {
    if (survival === 1) return 1;
    return survival === 0 ? null : Math.exp(-Math.exp(Math.log(-Math.log(survival)) + sign * half));
  };
  return { survival, low: bound(-1), high: bound(1), activated, cancelled };
}

const subject = fc.record({
  segment: fc.constantFrom("P", "Q", "R"),
  days: fc.integer({ min: 0, max: 12 }),
  outcome: fc.constantFrom("activated" as const, "cancelled" as const, "censored" as const),
});

const close = (actual: number | null, wanted: number | null) =>
  actual === null || wanted === null ? actual === wanted : Math.abs(actual - wanted) < 1e-9;

test("estimate, interval and incidences are those of the textbook, for any subjects", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(subject, { minLength: 1, maxLength: 60 }), async (subjects) => {
      const rows = await curves(subjects);
      const wrong = rows.filter((row) => {
        const wanted = textbook(subjects, row.segment, row.day);
        return !(
          close(row.survival, wanted.survival) &&
          close(row.survival_low, wanted.low) &&
          close(row.survival_high, wanted.high) &&
          close(row.incidence_activated, wanted.activated) &&
          close(row.incidence_cancelled, wanted.cancelled)
        );
      });
      expect(wrong).toEqual([]);
      const expected = new Set(
        subjects.flatMap(({ segment, days }) => [`${segment} ${days}`, `${segment} 0`]),
      );
      expect(rows.map(({ segment, day }) => `${segment} ${day}`).toSorted()).toEqual(
        Array.from(expected).toSorted(),
      );
    }),
    { numRuns: 60 },
  );
});

test("who is at risk, and what became of them, adds up; a curve never rises", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(subject, { minLength: 1, maxLength: 200 }), async (subjects) => {
      await curves(subjects);
      const { models } = await readModels();
      const identities = models.find(({ name }) => name === "time_to_activation")?.tests ?? [];
      expect(identities.length).toBeGreaterThan(0);
      for (const { name, sql } of identities) expect([name, await database.rows(sql)]).toEqual([name, []]);
    }),
    { numRuns: 20 },
  );
});

test("the median is the first day at or below one half, exactly one half included", async () => {
  // 10 of whom 5 activate one by one: 9/10 · 8/9 · 7/8 · 6/7 · 5/6 is one half on paper, and not quite in doubles.
  const activated = [1, 2, 3, 4, 5].map((days) => ({ segment: "P", days, outcome: "activated" as const }));
  const waiting = [1, 2, 3, 4, 5].map(() => ({ segment: "P", days: 40, outcome: "censored" as const }));
  await curves([...activated, ...waiting]);
  const [summary] = await database.rows(`from (${summarySql}) where dimension = 'product'`);
  expect(summary).toMatchObject({
    median_days: 5,
    p25_days: 3,
    p75_days: null,
    entitlements: 10,
    censored: 5,
  });
  expect(summary?.["share_day_1"]).toBeCloseTo(0.1, 12);
  expect(summary?.["share_day_30"]).toBeCloseTo(0.5, 12);
  // Nobody was watched for 90 days.
  expect(summary?.["share_day_90"]).toBeNull();
});

test("a quantile's interval is where the ends of the curve's own interval come down to it, for any subjects", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(subject, { minLength: 1, maxLength: 60 }), async (subjects) => {
      await curves(subjects);
      const summaries = await database.rows<Row>(`from (${summarySql}) where dimension = 'product'`);
      const names = { p25: 0.75, median: 0.5, p75: 0.25 };
      for (const summary of summaries) {
        const days = Array.from({ length: 13 }, (_, day) => textbook(subjects, summary.segment, day));
        const firstDay = (end: (day: (typeof days)[number]) => number, at: number) => {
          const day = days.findIndex((estimate) => end(estimate) <= at + 1e-9);
          return day === -1 ? null : day;
        };
        for (const [name, at] of Object.entries(names))
          expect([name, summary[`${name}_low`], summary[`${name}_days`], summary[`${name}_high`]]).toEqual([
            name,
            firstDay(({ low }) => low ?? 0, at),
            firstDay(({ survival }) => survival, at),
            firstDay(({ high }) => high ?? Infinity, at),
          ]);
      }
    }),
    { numRuns: 40 },
  );
});

test("no curve reaches a median that its data does not", async () => {
  await curves([
    { segment: "P", days: 1, outcome: "activated" },
    { segment: "P", days: 3, outcome: "censored" },
    { segment: "P", days: 4, outcome: "censored" },
  ]);
  const [summary] = await database.rows(`from (${summarySql}) where dimension = 'product'`);
  expect(summary).toMatchObject({ median_days: null, share_day_7: null, mean_days_of_activated: 1 });
});

/** A group's days as the table has them. */
function groupOf(members: readonly Subject[]): GroupDay[] {
  const there = Array.from(new Set([0, ...members.map(({ days }) => days)])).toSorted((a, b) => a - b);
  return there.map((day) => ({
    day,
    atRisk: members.filter(({ days }) => days >= day).length,
    activated: members.filter(({ days, outcome }) => days === day && outcome === "activated").length,
  }));
}

const groups = (subjects: readonly Subject[]) =>
  ["P", "Q", "R"]
    .map((segment) => subjects.filter((member) => member.segment === segment))
    .filter((members) => members.length > 0);

test("with two groups the log-rank test is (O − E)² / V", () => {
  fc.assert(
    fc.property(fc.array(subject, { minLength: 2, maxLength: 60 }), (subjects) => {
      const two = subjects.filter(({ segment }) => segment !== "R");
      const [first, second] = groups(two);
      fc.pre(first !== undefined && second !== undefined);
      let [difference, variance] = [0, 0];
      for (let day = 0; day <= 12; day += 1) {
        const atRisk = (members: Subject[]) => members.filter(({ days }) => days >= day).length;
        const events = (members: Subject[]) =>
          members.filter(({ days, outcome }) => days === day && outcome === "activated").length;
        const [n, n1, d, d1] = [atRisk(two), atRisk(first), events(two), events(first)];
        if (d === 0) continue;
        difference += d1 - (d * n1) / n;
        if (n > 1) variance += (d * (n1 / n) * (1 - n1 / n) * (n - d)) / (n - 1);
      }
      const result = logRank([groupOf(first), groupOf(second)]);
      fc.pre(variance > 1e-9);
      expect(result?.chiSquare).toBeCloseTo(difference ** 2 / variance, 9);
    }),
  );
});

test("the log-rank test does not depend on the order of groups, and gives a probability", () => {
  fc.assert(
    fc.property(fc.array(subject, { minLength: 3, maxLength: 80 }), (subjects) => {
      const forward = logRank(groups(subjects).map(groupOf));
      const backward = logRank(groups(subjects).toReversed().map(groupOf));
      fc.pre(forward !== null && backward !== null);
      expect(forward.chiSquare).toBeCloseTo(backward.chiSquare, 7);
      expect(forward.degreesOfFreedom).toBe(backward.degreesOfFreedom);
      expect(forward.pValue).toBeGreaterThanOrEqual(0);
      expect(forward.pValue).toBeLessThanOrEqual(1);
    }),
  );
});

test.each<[string, GroupDay[][]]>([
  ["one group", [[{ day: 0, atRisk: 2, activated: 1 }]]],
  ["no events", [[{ day: 3, atRisk: 2, activated: 0 }], [{ day: 3, atRisk: 2, activated: 0 }]]],
  [
    "a group that left before the first event",
    [[{ day: 1, atRisk: 2, activated: 0 }], [{ day: 3, atRisk: 2, activated: 1 }]],
  ],
  ["all at once", [[{ day: 3, atRisk: 2, activated: 2 }], [{ day: 3, atRisk: 4, activated: 4 }]]],
])("there is no test of %s", (_name, given) => {
  expect(logRank(given)).toBeNull();
});
