// What Stripe told is in the marts after a load, and the same whatever order it came in.

import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { lakeOfHome, ledgerOf } from "../../support/home.ts";
import { AUGUST, isEnded, pro, SEPTEMBER, told } from "./life.ts";
import { event, invoice, invoiceLine, item, store, unix } from "./objects.ts";

const OCTOBER: [string, string] = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"];
const first = { created: unix(AUGUST[0]) };
const paid = (id: string, at: string, lines: { amount: number }[], reason = "subscription_cycle") =>
  event("invoice.paid", unix(at), invoice(id, at, lines, { billing_reason: reason, charge: `ch_${id}` }));

/** Three months, of which the second is refunded by half; it ends with the third. */
const messages = [
  told("2026-08-01T00:00:00Z", [item("si_1", 2, pro, AUGUST, first)], {}, "created"),
  paid("in_1", "2026-08-01T00:00:01Z", [invoiceLine("si_1", 4000, AUGUST)], "subscription_create"),
  told("2026-09-01T00:00:00Z", [item("si_1", 2, pro, SEPTEMBER, first)]),
  paid("in_2", "2026-09-01T01:00:00Z", [invoiceLine("si_1", 4000, SEPTEMBER)]),
  event("charge.refunded", unix("2026-09-10T00:00:00Z"), {
    id: "ch_in_2",
    object: "charge",
    created: unix("2026-09-01T01:00:00Z"),
    currency: "eur",
    amount_refunded: 2400,
  }),
  told("2026-10-01T00:00:00Z", [item("si_1", 2, pro, OCTOBER, first)]),
  paid("in_3", "2026-10-01T01:00:00Z", [invoiceLine("si_1", 4000, OCTOBER)]),
  told(
    "2026-11-01T00:00:00Z",
    [item("si_1", 2, pro, OCTOBER, first)],
    isEnded("2026-11-01T00:00:00Z"),
    "deleted",
  ),
];
/** Bills before their subscription, a month before the first one. Money goes back after what was paid until then. */
const [begun, in1, september, in2, refund, october, in3, end] = messages;
const disordered = [in2, in1, september, begun, refund, in2, in3, end, october, refund, begun, in1];

test.each([
  ["in its order", messages],
  ["in disorder, and some of it twice", disordered],
])("a subscription that was told %s", async (_what, sent) => {
  const home = await temporaryFolder();
  const it = await store({ path: ledgerOf(home) });
  for (const message of sent) expect((await it.deliver(message ?? {})).status).toBeLessThan(300);
  expect(it.waiting()).toEqual([]);
  it.app.sql.close();

  const lake = await lakeOfHome(home, "2026-11-24T12:00:00.000000Z");
  expect(
    await lake.query(
      "select kind, sku, amount, currency, cast(booked_at as date)::varchar as booked, source from fct_order_line order by booked_at",
    ),
  ).toEqual([
    { kind: "sale", sku: "cad-pro", amount: 4000, currency: "EUR", booked: "2026-08-01", source: "stripe" },
    {
      kind: "renewal",
      sku: "cad-pro",
      amount: 4000,
      currency: "EUR",
      booked: "2026-09-01",
      source: "stripe",
    },
    {
      kind: "refund",
      sku: "cad-pro",
      amount: -2000,
      currency: "EUR",
      booked: "2026-09-10",
      source: "stripe",
    },
    {
      kind: "renewal",
      sku: "cad-pro",
      amount: 4000,
      currency: "EUR",
      booked: "2026-10-01",
      source: "stripe",
    },
  ]);
  // Each month's price in its month; half of September went back.
  expect(
    await lake.query(
      "select month::varchar as month, sum(recognized)::int as amount from fct_revenue_month group by all having sum(recognized) <> 0 order by month",
    ),
  ).toEqual([
    { month: "2026-08-01", amount: 4000 },
    { month: "2026-09-01", amount: 2000 },
    { month: "2026-10-01", amount: 4000 },
  ]);
  expect(
    await lake.query(
      "select cast(ended_at as date)::varchar as ended, is_renewed from fct_term_end order by ended_at",
    ),
  ).toEqual([
    { ended: "2026-09-01", is_renewed: true },
    { ended: "2026-10-01", is_renewed: true },
  ]);
  expect(
    await lake.query(
      "select sku, license_model, source, channel, quantity, cast(cancelled_at as date)::varchar as cancelled from fct_entitlement",
    ),
  ).toEqual([
    {
      sku: "cad-pro",
      license_model: "month",
      source: "stripe",
      channel: "stripe",
      quantity: 2,
      cancelled: "2026-11-01",
    },
  ]);
  expect(await lake.query("select customer_id, name, country from dim_customer")).toEqual([
    { customer_id: "stripe:cus_1", name: "Example GmbH", country: "DE" },
  ]);
});
