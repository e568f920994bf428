// "What did this customer own on that day": the documented query, asked for days around everything that may change it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { bind, cancel, end, sale } from "./facts.ts";
import { lakeOf } from "./support.ts";

const at = (text: string) => text.replace("Z", ".000000Z");

const moved: Draft = {
  type: "entitlement.transferred",
  source: "api",
  occurred_at: at("2026-03-01T12:00:00Z"),
  customer_id: "C-2",
  order_id: "A",
  entitlement_id: "ent-A-1",
  data: { by: "staff", reason: "merged", from_customer_id: "C-1" },
};

const happened: Draft[] = [
  ...sale({ orderId: "A", orderedAt: at("2026-01-31T23:59:59Z"), quantity: 3, endsAt: null }),
  ...bind({ orderId: "A" }, { at: at("2026-02-10T08:00:00Z"), activationId: "a1" }),
  ...end({ orderId: "A" }, { at: at("2026-02-20T00:00:00Z"), activationId: "a1" }),
  moved,
  ...sale({ orderId: "B", orderedAt: at("2026-02-01T00:00:00Z"), endsAt: at("2026-03-15T00:00:00Z") }),
  ...sale({ orderId: "C", orderedAt: at("2026-02-01T00:00:00Z") }),
  ...cancel({ orderId: "C" }, at("2026-02-05T10:00:00Z")),
];

const question = await readFile(
  join(import.meta.dirname, "../../warehouse/questions/owned-on-a-day.sql"),
  "utf8",
);

test("the query says what a customer owned on any day", async () => {
  const lake = await lakeOf(happened, at("2026-12-31T00:00:00Z"));
  const owned = async (customer: string, day: string) => {
    expect(question).toMatch(/'C-00001'[^]*'2026-03-15'/);
    const sql = question.replace("2026-03-15", day).replace("C-00001", customer);
    const rows = await lake.query<{ entitlement_id: string; seats: number; seats_bound: number }>(sql);
    return rows.map(({ entitlement_id: id, seats, seats_bound: bound }) => `${id} ${bound}/${seats}`);
  };
  const days: [string, string, string[]][] = [
    ["C-1", "2026-01-30", []],
    ["C-1", "2026-01-31", ["ent-A-1 0/3"]],
    ["C-1", "2026-02-01", ["ent-A-1 0/3", "ent-B-1 0/1", "ent-C-1 0/1"]],
    ["C-1", "2026-02-05", ["ent-A-1 0/3", "ent-B-1 0/1"]],
    ["C-1", "2026-02-10", ["ent-A-1 1/3", "ent-B-1 0/1"]],
    ["C-1", "2026-02-20", ["ent-A-1 0/3", "ent-B-1 0/1"]],
    // It was transferred at noon: at the day's end it was the other's.
    ["C-1", "2026-03-01", ["ent-B-1 0/1"]],
    ["C-2", "2026-02-28", []],
    ["C-2", "2026-03-01", ["ent-A-1 0/3"]],
    ["C-1", "2026-03-14", ["ent-B-1 0/1"]],
    ["C-1", "2026-03-15", []],
    ["C-2", "2026-12-30", ["ent-A-1 0/3"]],
  ];
  for (const [customer, day, expected] of days)
    expect([customer, day, await owned(customer, day)]).toEqual([customer, day, expected]);
});
