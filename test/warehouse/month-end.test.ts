// What a month's pack counts: what was booked in the month, whenever it was ordered; and a closed month stays as it was.

import { expect, test } from "vitest";
import { monthOf, partsOf } from "../../warehouse/month-end.ts";
import { cancel, sale } from "./facts.ts";
import { lakeOf } from "./support.ts";
import { extend, refund, renew } from "./turns.ts";
import { query } from "./year.ts";

const at = (date: string) => `${date}T00:00:00.000000Z`;
const [A, B] = [{ orderId: "A" }, { orderId: "B" }];

const drafts = [
  ...sale({ ...A, orderedAt: at("2026-01-05"), endsAt: at("2026-04-05"), quantity: 2, price: 500 }),
  ...sale({ ...B, orderedAt: at("2026-01-31"), price: 700, currency: "JPY" }),
  ...sale({ orderId: "T", orderedAt: at("2026-01-07"), price: 9_900, isTest: true }),
  extend(A, { at: at("2026-02-01"), added: 3, quantity: 5, price: 900 }),
  ...cancel(B, at("2026-02-10")),
  refund(B, { at: at("2026-02-11"), amount: 700, currency: "JPY", refundId: "R" }),
  refund(A, { at: at("2026-02-28"), amount: 100, refundId: "C", kind: "credit" }),
  renew(A, { at: at("2026-03-31"), startsAt: at("2026-04-05"), endsAt: at("2026-07-05"), price: 1_500 }),
];

const columns =
  "currency, order_lines, orders, seats, amount_sold, amount_renewed, amount_extended, amount_refunded, amount_credited, amount";

async function part(month: string, name: string, select: string, asOf = at("2026-12-31")) {
  const found = partsOf(monthOf(month) ?? { startsAt: "", endsAt: "" }).find((one) => one.name === name);
  return query(await lakeOf(drafts, asOf), `select ${select} from (${found?.sql}) as part`);
}

test("totals of a month are what was booked in it: of orders from before as well, and nothing of what came later", async () => {
  expect(await part("2026-01", "totals", columns)).toEqual([
    ["EUR", 1, 1, 2, 1_000, 0, 0, 0, 0, 1_000],
    ["JPY", 1, 1, 1, 700, 0, 0, 0, 0, 700],
  ]);
  expect(await part("2026-02", "totals", columns)).toEqual([
    ["EUR", 0, 0, 3, 0, 0, 900, 0, -100, 800],
    ["JPY", 0, 0, 0, 0, 0, 0, -700, 0, -700],
  ]);
  expect(await part("2026-03", "totals", columns)).toEqual([["EUR", 0, 0, 0, 0, 1_500, 0, 0, 0, 1_500]]);
});

test("what was booked in a month that is over is the same whenever it is asked for", async () => {
  const money = "currency, order_lines, seats, amount";
  const then = await part("2026-01", "totals", money, "2026-01-31T23:59:59.999999Z");
  expect(await part("2026-01", "totals", money)).toEqual(then);
});

test("the lines of a month are those that were booked in it, and its revenue those that have some", async () => {
  const lines = (month: string) => part(month, "order-lines", "order_id, kind, amount");
  expect(await lines("2026-02")).toEqual([
    ["A", "extension", 900],
    ["B", "refund", -700],
    ["A", "credit", -100],
  ]);
  expect(await part("2026-03", "revenue", "order_id, kind, booked, recognized > 0, deferred > 0")).toEqual([
    ["A", "sale", 0, true, true],
    ["A", "extension", 0, true, true],
    ["A", "credit", 0, false, false],
    ["A", "renewal", 1_500, false, true],
    ["T", "sale", 0, true, true],
  ]);
});
