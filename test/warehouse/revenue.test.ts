import { expect, test } from "vitest";
import type { Draft } from "../../ingest/event.ts";
import { bind, cancel, day, sale } from "./facts.ts";
import { lakeOf } from "./support.ts";
import { extend, refund, renew, split, start, upgrade } from "./turns.ts";
import { query } from "./year.ts";

const at = (date: string) => `${date}T00:00:00.000000Z`;
const A = { orderId: "A" };
/** A year for 365.00 euros: a euro a day, where it has no leap day. */
const year = (orderedAt: string, endsAt: string, more: object = {}) =>
  sale({ ...A, orderedAt: at(orderedAt), endsAt: at(endsAt), price: 36_500, ...more });

const AS_OF = at("2027-06-15");

/** `month recognized deferred` of an order, over all of its payments. */
async function months(drafts: readonly Draft[], asOf = AS_OF): Promise<unknown[][]> {
  const lake = await lakeOf(drafts, asOf);
  return query(
    lake,
    `select strftime(month, '%Y-%m') as month, cast(sum(recognized) as bigint) as recognized,
       cast(sum(deferred) as bigint) as deferred
     from fct_revenue_month group by month having sum(recognized) <> 0 or sum(deferred) <> 0 order by month`,
  );
}

test("a subscription is recognized by day: from the middle of a month, over month ends, to its last day", async () => {
  expect((await months(year("2026-01-16", "2027-01-16"))).map(([month, part]) => [month, part])).toEqual([
    ["2026-01", 1_600],
    ["2026-02", 2_800],
    ...["03", "04", "05", "06", "07", "08", "09", "10", "11", "12"].map((month) => [
      `2026-${month}`,
      ["04", "06", "09", "11"].includes(month) ? 3_000 : 3_100,
    ]),
    ["2027-01", 1_500],
  ]);
});

test("a leap day is a day, and what does not divide is rounded so that the whole comes out", async () => {
  const found = await months(year("2024-02-29", "2025-02-28", { price: 1_000 }), at("2026-01-01"));
  // 365 days, of which one is in February 2024: 1000 × 1 / 365 = 2.74; × 32 / 365 = 87.67, less the 3 before.
  expect(found.slice(0, 2)).toEqual([
    ["2024-02", 3, 997],
    ["2024-03", 85, 912],
  ]);
  expect(found.reduce((sum, [, part]) => sum + Number(part), 0)).toBe(1_000);
  expect(found.at(-1)).toEqual(["2025-02", 74, 0]);
});

test("what is perpetual is recognized at once, and what starts later is deferred until it does", async () => {
  const sold = sale({ ...A, orderedAt: at("2026-03-10"), model: "perp-float", price: 9_900 });
  expect(await months(sold)).toEqual([["2026-03", 9_900, 0]]);
  const early = year("2026-03-10", "2026-05-11", { price: 6_100 }).map((draft) =>
    draft.type === "entitlement.granted"
      ? { ...draft, data: { ...draft.data, starts_at: at("2026-05-01") } }
      : draft.type === "order.recorded"
        ? {
            ...draft,
            data: {
              ...draft.data,
              lines: draft.data.lines.map((line) => ({ ...line, starts_at: at("2026-05-01") })),
            },
          }
        : draft,
  );
  expect(await months(early)).toEqual([
    ["2026-03", 0, 6_100],
    ["2026-04", 0, 6_100],
    ["2026-05", 6_100, 0],
  ]);
});

test("a term that begins with the first activation is deferred until then, and spread from then on", async () => {
  const sold = year("2026-01-10", "2026-01-10", { price: 3_000 }).map((draft) =>
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
  expect(await months(sold, at("2026-02-15"))).toEqual([
    ["2026-01", 0, 3_000],
    ["2026-02", 0, 3_000],
  ]);
  const begun = [
    ...sold,
    start(A, { at: at("2026-03-22"), endsAt: at("2026-04-21") }),
    ...bind(A, { at: at("2026-03-22"), activationId: "a" }),
  ];
  expect(await months(begun)).toEqual([
    ["2026-01", 0, 3_000],
    ["2026-02", 0, 3_000],
    ["2026-03", 1_000, 2_000],
    ["2026-04", 2_000, 0],
  ]);
});

const renewed = [
  ...year("2026-01-01", "2027-01-01"),
  renew(A, { at: at("2026-12-20"), startsAt: at("2027-01-01"), endsAt: at("2028-01-01"), price: 73_000 }),
];

test("a refund after a renewal takes the renewal back first, and only then what was paid before", async () => {
  const whole = [...renewed, refund(A, { at: at("2027-02-01"), amount: 73_000, refundId: "R" })];
  const found = await months(whole);
  expect(found.slice(-3)).toEqual([
    ["2026-12", 3_100, 73_000],
    ["2027-01", 6_200, 66_800],
    // What was recognized of the renewal in January goes back; the first year stays.
    ["2027-02", -6_200, 0],
  ]);
  const more = [...renewed, refund(A, { at: at("2027-02-01"), amount: 80_000, refundId: "R" })];
  expect((await months(more)).at(-1)).toEqual(["2027-02", -6_200 - 7_000, 0]);
});

test("a refund before a renewal is of the first term, and one after it of the second", async () => {
  const [granted, ordered, again] = [renewed[0], renewed[1], renewed[2]];
  const lake = await lakeOf(
    [
      ...(granted && ordered ? [granted, ordered] : []),
      refund(A, { at: at("2026-07-02"), amount: 18_250, refundId: "R1", kind: "credit" }),
      ...(again ? [again] : []),
      refund(A, { at: at("2027-01-01"), amount: 80_000, refundId: "R2", quantity: 1 }),
    ],
    AS_OF,
  );
  expect(
    await query(
      lake,
      `select parts.event_id = parts.charge_event_id as own, parts.kind, charges.kind as of_kind, parts.amount
       from (select distinct event_id, charge_event_id, kind, sum(booked) as amount from fct_revenue_month group by all) as parts
       inner join fct_order_line as charges on parts.charge_event_id = charges.event_id
       where parts.kind in ('refund', 'credit') order by parts.kind, of_kind`,
    ),
  ).toEqual([
    [false, "credit", "sale", -18_250],
    [false, "refund", "renewal", -73_000],
    [false, "refund", "sale", -7_000],
  ]);
  expect(
    await query(
      lake,
      "select kind, quantity, amount, refund_id from fct_order_line order by booked_at, kind",
    ),
  ).toEqual([
    ["sale", 1, 36_500, null],
    ["credit", 0, -18_250, "R1"],
    ["renewal", 1, 73_000, null],
    ["refund", -1, -80_000, "R2"],
  ]);
});

test("an upgrade and more seats in mid-term are spread over what is left of it; what was paid before stays as it was", async () => {
  const found = await months([
    ...year("2026-01-01", "2027-01-01"),
    extend(A, { at: at("2026-07-02"), added: 1, quantity: 2, price: 18_300 }),
    upgrade(A, {
      at: at("2026-12-02"),
      sku: "CAD-LT",
      model: "sub-node",
      endsAt: at("2027-01-01"),
      price: 3_000,
    }),
  ]);
  // 183 days are left on 2 July, 30 on 2 December.
  expect([found[5], found[6], found[11]]).toEqual([
    ["2026-06", 3_000, 18_400],
    ["2026-07", 3_100 + 3_000, 15_300 + 15_300],
    ["2026-12", 3_100 + 3_100 + 3_000, 0],
  ]);
});

test("of a cancelled order the rest is released, less what went back", async () => {
  const sold = year("2026-01-01", "2027-01-01");
  const lake = await lakeOf([...sold, ...cancel(A, at("2026-02-10"))], AS_OF);
  expect(
    await query(
      lake,
      "select strftime(month, '%Y-%m') as month, recognized, released, deferred from fct_revenue_month order by month",
    ),
  ).toEqual([
    ["2026-01", 3_100, 0, 33_400],
    ["2026-02", 33_400, 32_500, 0],
  ]);
  const paidBack = [
    ...sold,
    ...cancel(A, at("2026-02-10")),
    refund(A, { at: at("2026-02-10"), amount: 36_500, refundId: "R" }),
  ];
  expect(await months(paidBack)).toEqual([
    ["2026-01", 3_100, 33_400],
    ["2026-02", -3_100, 0],
  ]);
});

test("a renewal without a price adds no line, and a part that was split off has no money of its own", async () => {
  const whole = year("2026-01-01", "2027-01-01", { quantity: 4, price: 9_125 });
  const lake = await lakeOf(
    [
      ...whole,
      ...split(A, whole, { at: at("2026-03-01"), moved: 1, quantity: 3, child: "ent-A-2" }),
      renew(A, { at: at("2026-12-01"), startsAt: at("2027-01-01"), endsAt: at("2028-01-01") }),
      renew(
        { ...A, entitlementId: "ent-A-2" },
        { at: at("2026-12-01"), startsAt: at("2027-01-01"), endsAt: at("2028-01-01"), price: 365 },
      ),
    ],
    AS_OF,
  );
  expect(
    await query(
      lake,
      "select kind, entitlement_id, line_number, quantity, amount from fct_order_line order by booked_at",
    ),
  ).toEqual([
    ["sale", "ent-A-1", 1, 4, 36_500],
    ["renewal", "ent-A-2", 1, 1, 365],
  ]);
});

test("recurring revenue: new, more, less, lost and won back, by currency", async () => {
  const B = { orderId: "B" };
  const lake = await lakeOf(
    [
      ...year("2026-01-01", "2027-01-01", { price: 12_000 }),
      extend(A, { at: at("2026-03-01"), added: 1, quantity: 2, price: 5_000 }),
      refund(A, { at: at("2026-05-05"), amount: 2_500, refundId: "R" }),
      renew(A, { at: at("2027-02-10"), startsAt: at("2027-01-01"), endsAt: at("2028-01-01"), price: 24_000 }),
      ...sale({ ...B, orderedAt: at("2026-02-01"), endsAt: at("2027-02-01"), currency: "USD", price: 1_200 }),
      ...cancel(B, at("2026-04-30")),
    ],
    at("2027-03-10"),
  );
  const found = await query(
    lake,
    `select currency, strftime(month, '%Y-%m') as month, opening, new, expansion, contraction, churn, reactivation, closing
     from agg_recurring_revenue_month where opening <> closing order by currency, month`,
  );
  expect(found).toEqual([
    ["EUR", "2026-01", 0, 1_000, 0, 0, 0, 0, 1_000],
    ["EUR", "2026-03", 1_000, 0, 500, 0, 0, 0, 1_500],
    ["EUR", "2026-05", 1_500, 0, 0, -250, 0, 0, 1_250],
    ["EUR", "2027-01", 1_250, 0, 0, 0, -1_250, 0, 0],
    ["EUR", "2027-02", 0, 0, 0, 0, 0, 2_000, 2_000],
    ["USD", "2026-02", 0, 100, 0, 0, 0, 0, 100],
    ["USD", "2026-04", 100, 0, 0, 0, -100, 0, 0],
  ]);
});

test("renewals: due is what ended and was neither cancelled nor replaced before; late ones are told apart", async () => {
  const term = (orderId: string, from: string, to: string) =>
    sale({ orderId, orderedAt: at(from), endsAt: at(to) });
  const next = (orderId: string, on: string) =>
    renew({ orderId }, { at: at(on), startsAt: at("2026-06-30"), endsAt: at("2027-06-30") });
  const lake = await lakeOf(
    [
      ...["in-time", "late", "lapsed", "cancelled", "replaced", "ended-first"].flatMap((id) =>
        term(id, "2025-06-30", "2026-06-30"),
      ),
      next("in-time", "2026-06-30"),
      next("late", "2026-07-20"),
      ...cancel({ orderId: "cancelled" }, at("2026-06-01")),
      upgrade(
        { orderId: "replaced" },
        { at: at("2026-05-01"), sku: "CAD-LT", model: "perp-float", endsAt: null },
      ),
      ...cancel({ orderId: "ended-first" }, at("2026-07-01")),
      ...sale({ orderId: "test", orderedAt: at("2025-06-30"), endsAt: at("2026-06-30"), isTest: true }),
    ],
    day(330),
  );
  expect(await query(lake, "select * exclude (currency) from agg_renewal_month")).toEqual([
    [new Date("2026-06-01"), 4, 2, 1, 1, 0.5, false],
  ]);
});
