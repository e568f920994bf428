// Revenue and recurring revenue of random histories, by the lake's SQL and by a reference that counts days one by one.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../ingest/demo/random.ts";
import { historyOf, text } from "./money-histories.ts";
import {
  leftAt,
  monthsOf,
  movementsOf,
  nextMonth,
  type Payment,
  recognizedBy,
  recurringAt,
  type Time,
} from "./money-reference.ts";
import { loadHome, openHome, writeSegments } from "./support.ts";

const ORDERS = 400;
const AS_OF = Date.UTC(2026, 10, 17, 13, 30);

const sumBy = (totals: Map<string, number>, key: string, amount: number) =>
  totals.set(key, (totals.get(key) ?? 0) + amount);

describe.each([1, 2])("seed %i", (seed) => {
  const random = createRandom(`money/${seed}`);
  const histories = Array.from({ length: ORDERS }, (_, index) =>
    historyOf(random.fork(String(index)), `SO-${index}`),
  );
  // In the order of time, as a ledger would have recorded them; stable, so that an order's own turns keep theirs.
  const drafts = histories
    .flatMap((history) => history.drafts)
    .toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : a.occurred_at > b.occurred_at ? 1 : 0));
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "keyhouse-test-"));
    await writeSegments(home, drafts);
    await loadHome(home, text(AS_OF));
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  const left = (time: Time) =>
    histories.map((history) => ({ ...history, left: leftAt(time, history.payments, history.refunds) }));

  test("what is recognized and deferred of each order in each month is what its days come to", async () => {
    const lake = await openHome(home);
    const rows = await lake.query<{ month: Date; order_id: string; recognized: number; deferred: number }>(
      `select month, order_id, cast(sum(recognized) as bigint) as recognized, cast(sum(deferred) as bigint) as deferred
       from fct_revenue_month group by all having sum(recognized) <> 0 or sum(deferred) <> 0`,
    );
    const found = new Map(
      rows.map((row) => [
        `${row.month.toISOString().slice(0, 7)} ${row.order_id}`,
        `${row.recognized} ${row.deferred}`,
      ]),
    );
    const expected = new Map<string, string>();
    const before = new Map<Payment, number>();
    const last = Math.max(...rows.map(({ month }) => month.getTime()));
    for (const month of monthsOf(Date.UTC(2024, 11), last)) {
      const end = nextMonth(month);
      for (const { payments, left: amounts } of left(end - 1)) {
        let [recognized, deferred] = [0, 0];
        for (const payment of payments) {
          const toDate = recognizedBy(end, payment, amounts.get(payment) ?? 0);
          recognized += toDate - (before.get(payment) ?? 0);
          if (payment.bookedAt < end) deferred += (amounts.get(payment) ?? 0) - toDate;
          before.set(payment, toDate);
        }
        // What waits for a start that nobody knows of is told up to the as-of time.
        const isTold =
          month <= AS_OF ||
          payments.every(({ startsAt, cancelledAt }) => startsAt !== null || cancelledAt !== null);
        if (payments[0] && isTold && (recognized !== 0 || deferred !== 0))
          expected.set(
            `${new Date(month).toISOString().slice(0, 7)} ${payments[0].orderId}`,
            `${recognized} ${deferred}`,
          );
      }
    }
    expect(found.size).toBeGreaterThan(ORDERS * 5);
    expect(found).toEqual(expected);
  });

  test("recurring revenue and what moved it, by month and currency, is what each right has at each month's end", async () => {
    const lake = await openHome(home);
    const months = monthsOf(Date.UTC(2024, 11), AS_OF);
    for (const currency of ["EUR", "JPY", "BHD"]) {
      const standings = months.map((month) => {
        const time = Math.min(nextMonth(month) - 1, AS_OF);
        const standing = new Map<string, number>();
        for (const { payments, left: amounts, isTest } of left(time))
          for (const payment of payments)
            if (!isTest && payment.currency === currency)
              sumBy(standing, payment.entitlementId, recurringAt(time, payment, amounts.get(payment) ?? 0));
        return standing;
      });
      const rows = await lake.query(
        `select opening, new, expansion, contraction, churn, reactivation, closing
         from agg_recurring_revenue_month where currency = '${currency}' order by month`,
      );
      const all = movementsOf(standings);
      // The lake begins with the first month in which there was any.
      const expected = all.slice(all.findIndex(({ closing }) => closing > 0));
      expect(rows).toEqual(expected);
      const moved = (name: "new" | "expansion" | "contraction" | "churn") =>
        expected.some((movement) => movement[name] !== 0);
      expect([moved("new"), moved("expansion"), moved("contraction"), moved("churn")]).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }
  });
});
