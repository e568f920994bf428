// Money around the edges of terms: before they begin, where an upgrade begins another one, and at a month's last moment.

import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { cancel, sale } from "./facts.ts";
import { lakeOf } from "./support.ts";
import { extend, refund, renew, upgrade } from "./turns.ts";
import { query } from "./year.ts";

const at = (date: string) => `${date}T00:00:00.000000Z`;
const A = { orderId: "A" };

/** `month recognized deferred` of an order, over all of its payments. */
async function months(drafts: readonly Draft[], asOf = at("2027-06-15")): Promise<unknown[][]> {
  return query(
    await lakeOf(drafts, asOf),
    `select strftime(month, '%Y-%m') as month, cast(sum(recognized) as bigint) as recognized,
       cast(sum(deferred) as bigint) as deferred
     from fct_revenue_month group by month having sum(recognized) <> 0 or sum(deferred) <> 0 order by month`,
  );
}

/** `month closing` of recurring revenue, where it changed. */
async function recurring(drafts: readonly Draft[], asOf = at("2027-06-15")): Promise<unknown[][]> {
  return query(
    await lakeOf(drafts, asOf),
    `select strftime(month, '%Y-%m') as month, closing from agg_recurring_revenue_month
     where opening <> closing order by month`,
  );
}

const inSummer = { ...A, orderedAt: at("2026-03-10"), startsAt: at("2026-05-01"), price: 6_100 };

test("more seats of a term that has not begun are deferred until it does, as the first ones are", async () => {
  const drafts = [
    ...sale({ ...inSummer, endsAt: at("2026-07-01") }),
    extend(A, { at: at("2026-04-01"), added: 1, quantity: 2, price: 610 }),
  ];
  expect(await months(drafts)).toEqual([
    ["2026-03", 0, 6_100],
    ["2026-04", 0, 6_710],
    ["2026-05", 3_410, 3_300],
    ["2026-06", 3_300, 0],
  ]);
});

test("an upgrade to what is perpetual, and begins later, is recognized when it begins", async () => {
  const drafts = [
    ...sale({ ...inSummer, model: "perp-float" }),
    upgrade(A, { at: at("2026-04-01"), sku: "CAD-MAX", model: "perp-float", endsAt: null, price: 900 }),
  ];
  expect(await months(drafts)).toEqual([
    ["2026-03", 0, 6_100],
    ["2026-04", 0, 7_000],
    ["2026-05", 7_000, 0],
  ]);
});

/** A term that begins with the first activation, which did not come. */
const waiting = sale({ ...A, orderedAt: at("2026-01-10"), price: 3_000 }).map((draft) =>
  draft.type === "entitlement.granted"
    ? {
        ...draft,
        data: {
          ...draft.data,
          ends_at: null,
          model: { ...draft.data.model, expires_from: "first-activation" as const },
        },
      }
    : draft,
);

test("what was paid for a term that never began is for the one that an upgrade begins instead", async () => {
  const term = { at: at("2026-04-01"), sku: "CAD-MAX", model: "sub-node", endsAt: at("2026-05-31") } as const;
  expect(await months([...waiting, upgrade(A, { ...term, price: 600 })])).toEqual([
    ["2026-01", 0, 3_000],
    ["2026-02", 0, 3_000],
    ["2026-03", 0, 3_000],
    ["2026-04", 1_800, 1_800],
    ["2026-05", 1_800, 0],
  ]);
  const forEver = { ...term, model: "perp-float", endsAt: null } as const;
  expect((await months([...waiting, upgrade(A, forEver)])).at(-1)).toEqual(["2026-04", 3_000, 0]);
});

const year = sale({ ...A, orderedAt: at("2026-01-01"), endsAt: at("2027-01-01"), price: 12_000 });

test("a term recurs no more from when an upgrade begins another one, or none that ends", async () => {
  const other = { at: at("2026-03-01"), sku: "CAD-MAX", endsAt: at("2028-03-01"), price: 48_000 };
  expect(await recurring([...year, upgrade(A, { ...other, model: "sub-node" })])).toEqual([
    ["2026-01", 1_000],
    ["2026-03", 2_000],
  ]);
  const forEver = { ...other, model: "perp-float", endsAt: null } as const;
  const back = refund(A, { at: at("2026-05-01"), amount: 54_000, refundId: "R" });
  expect(await recurring([...year, upgrade(A, forEver), back])).toEqual([
    ["2026-01", 1_000],
    ["2026-03", 0],
  ]);
});

test("an upgrade within the term adds to what recurs, and one that came early takes nothing of the renewal", async () => {
  const found = await recurring([
    ...year,
    upgrade(A, {
      at: at("2026-07-01"),
      sku: "CAD-MAX",
      model: "sub-node",
      endsAt: at("2027-01-01"),
      price: 3_000,
    }),
    renew(A, { at: at("2026-12-01"), startsAt: at("2027-01-01"), endsAt: at("2028-01-01"), price: 18_000 }),
  ]);
  expect(found).toEqual([
    ["2026-01", 1_000],
    ["2026-07", 1_500],
  ]);
});

test.each([
  ["2026-03-31T23:59:59.999999Z", false],
  ["2026-03-31T23:59:59.999998Z", true],
])("a month of which everything is known by %s is not provisional: %s", async (asOf, isPartial) => {
  const old = sale({ orderId: "B", orderedAt: at("2025-03-15"), endsAt: at("2026-03-15") });
  const lake = await lakeOf([...year, ...old], asOf);
  const isOf = async (table: string, column = "is_partial") =>
    query(lake, `select distinct ${column} from ${table} where month = '2026-03-01'`);
  expect(await isOf("agg_recurring_revenue_month")).toEqual([[isPartial]]);
  expect(await isOf("agg_renewal_month")).toEqual([[isPartial]]);
  expect(await isOf("agg_license_model_month")).toEqual([[isPartial]]);
  expect(await isOf("agg_utilization_month")).toEqual([[isPartial]]);
  expect(await isOf("fct_revenue_month", "is_scheduled")).toEqual([[isPartial]]);
});

test("what was released by a cancellation is taken back by a refund of all, however many days later", async () => {
  const back = refund(A, { at: at("2026-03-20"), amount: 12_000, refundId: "R" });
  const lake = await lakeOf([...year, ...cancel(A, at("2026-03-10")), back], at("2027-06-15"));
  const released = "select kind, released from fct_revenue_month where released <> 0 order by kind desc";
  // 68 days of 365 were over: 2,235.6 were recognized.
  expect(await query(lake, released)).toEqual([
    ["sale", 9_764],
    ["refund", -9_764],
  ]);
});
