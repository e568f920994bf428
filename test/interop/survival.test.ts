// The waiting-time curves against R's survival package: backdated orders and activations over HTTP → load →
// time_to_activation.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { activation, catalog, order, type TestApp, testApp } from "../ingest/support.ts";
import { lakeOfHome, ledgerOf } from "../support/home.ts";
import { temporaryFolder } from "../support/folder.ts";

const SAMPLES = join(import.meta.dirname, "../../../shared/samples/survival");
const isThere = existsSync(join(SAMPLES, "expected.json"));

interface Curve {
  n: number;
  events: number;
  median: number | null;
  rows: { t: number; n: number; d: number; S: number; se: number | null; ci_loglog?: [number, number] }[];
}
interface Expected {
  file: string;
  overall: Curve;
  groups: Record<string, Curve>;
  logrank: { chisq: number; p: number };
}

// Later than the longest time in either data set, counted from the day on which those who activated ordered.
const AS_OF = "2026-11-24T12:00:00.000000Z";
const DAYS_FOLLOWED = 2_000;

/** A day before the one on which the curves are looked at. */
const daysBefore = (days: number) => new Date(Date.parse(AS_OF) - days * 86_400_000).toISOString();

/**
 * Brings the subjects in as a vendor brings its history in: each an order of a product named after its group. A subject
 * with an event activated after `time` days; a censored one ordered `time` days ago, and still waits.
 */
async function bringIn(
  app: TestApp,
  file: string,
  columns: { time: string; status: string; group: string },
): Promise<void> {
  const [names = [], ...subjects] = readFileSync(join(SAMPLES, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim().replaceAll('"', "").split(","));
  const read = subjects.map((values) => (name: string) => values[names.indexOf(name)] ?? "");
  const key = await app.as("admin");
  const groups = [...new Set(read.map((value) => value(columns.group)))];
  const products = groups.map((sku) => ({
    sku,
    name: sku,
    brand: "Trial",
    defaultLicenseModel: "perp-node",
  }));
  expect((await app.send("PUT", "/v1/catalog", { ...catalog, products }, key)).status).toBe(201);
  for (const [index, value] of read.entries()) {
    const time = Number(value(columns.time));
    const isActivated = value(columns.status) === "1";
    const before = isActivated ? DAYS_FOLLOWED : time;
    const line = { sku: value(columns.group), licenseModel: "perp-node", quantity: 1 };
    const sold = order({ orderId: `S-${index}`, orderedAt: daysBefore(before), line });
    const { body } = await app.send("POST", "/v1/orders", sold, key);
    if (!isActivated) continue;
    const code = body.entitlements[0].activationCode;
    const activated = activation(code, { occurredAt: daysBefore(before - time) });
    expect((await app.send("POST", "/v1/activations", activated, key)).status).toBe(201);
  }
}

const columnsOf: Record<string, { time: string; status: string; group: string }> = {
  aml: { time: "time", status: "status", group: "x" },
  ovarian: { time: "futime", status: "fustat", group: "rx" },
};

// Where the samples are absent the tests are named by the data sets all the same, and skipped.
const all = isThere
  ? (JSON.parse(readFileSync(join(SAMPLES, "expected.json"), "utf8")) as Record<string, Expected>)
  : {};

describe.skipIf(!isThere)(
  "as R's survival package has it (skipped where ../shared/samples/survival is absent)",
  () => {
    test.each(Object.entries(all))(
      "%s: estimate, standard error, interval, median, log-rank",
      async (name, expected) => {
        const columns = columnsOf[name];
        if (!columns) throw new Error(`say which columns of ${name} hold the times`);
        const home = await temporaryFolder();
        const app = await testApp({ path: ledgerOf(home) });
        app.setNow(AS_OF);
        await bringIn(app, expected.file, columns);
        app.sql.close();
        const lake = await lakeOfHome(home, AS_OF);
        const curves: [string, string, Curve][] = [
          ["all", "all", expected.overall],
          ...Object.entries(expected.groups).map(([group, curve]): [string, string, Curve] => [
            "product",
            group,
            curve,
          ]),
        ];
        for (const [dimension, segment, curve] of curves) {
          const rows = await lake.query<Record<string, number>>(
            `select day, at_risk, activated, survival, survival_low, survival_high, incidence_activated
         from time_to_activation where dimension = ? and segment = ? and activated > 0 order by day`,
            [dimension, segment],
          );
          expect(rows.map((row) => [row["day"], row["at_risk"], row["activated"]])).toEqual(
            curve.rows.map(({ t, n, d }) => [t, n, d]),
          );
          for (const [index, wanted] of curve.rows.entries()) {
            const row = rows[index] ?? {};
            near(row["survival"], wanted.S);
            // Without cancellations the two estimates are one.
            near(row["incidence_activated"], 1 - wanted.S);
            // Where no one is left to wait, R gives no interval.
            near(row["survival_low"], wanted.ci_loglog?.[0] ?? null);
            near(row["survival_high"], wanted.ci_loglog?.[1] ?? null);
            near(standardError(row), wanted.se);
          }
          const [summary] = await lake.query(
            `select entitlements, activated, median_days, median_low, median_high, p25_days, p25_low, p25_high,
               p75_days, p75_low, p75_high
             from time_to_activation_summary where dimension = ? and segment = ?`,
            [dimension, segment],
          );
          expect(summary).toEqual({
            entitlements: curve.n,
            activated: curve.events,
            ...quantile("p25", curve, 0.75),
            ...quantile("median", curve, 0.5),
            median_days: curve.median,
            ...quantile("p75", curve, 0.25),
          });
        }
        const [logRank] = await lake.query<{
          chi_square: number;
          degrees_of_freedom: number;
          p_value: number;
        }>(
          "select chi_square, degrees_of_freedom, p_value from time_to_activation_test where dimension = 'product'",
        );
        near(logRank?.chi_square, expected.logrank.chisq);
        near(logRank?.p_value, expected.logrank.p);
        expect(logRank?.degrees_of_freedom).toBe(1);
      },
    );
  },
);

/** A quantile and its interval, read off R's curve and R's log(−log) band as `quantile.survfit` does. */
function quantile(name: string, { rows }: Curve, at: number): Record<string, number | null> {
  const firstDay = (end: (row: Curve["rows"][number]) => number) =>
    rows.find((row) => end(row) <= at + 1e-9)?.t ?? null;
  return {
    [`${name}_days`]: firstDay(({ S }) => S),
    [`${name}_low`]: firstDay(({ ci_loglog: band }) => band?.[0] ?? 0),
    [`${name}_high`]: firstDay(({ ci_loglog: band }) => band?.[1] ?? Infinity),
  };
}

function near(actual: number | null | undefined, wanted: number | null): void {
  const isAlike = wanted === null || actual === null || actual === undefined;
  const distance = isAlike ? Number(actual !== wanted) : Math.abs(actual - wanted);
  expect(distance, `${actual} is not ${wanted}`).toBeLessThan(1e-9);
}

/** The interval turned back into the standard error of the estimate itself, which R prints and the table does not hold. */
function standardError({ survival = 0, survival_low: low = 0 }: Record<string, number>): number | null {
  if (survival === 0) return null;
  const spread = Math.log(Math.log(low) / Math.log(survival));
  return (spread / 1.959963984540054) * Math.abs(Math.log(survival)) * survival;
}
