// Stripe promises no order, and not that a message comes once: a life of a subscription comes to the same, however it is told.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLedger } from "../../../ingest/ledger/check.ts";
import { moneyOf } from "../../../ingest/ledger/money-rows.ts";
import { AUGUST, isEnded, rightsOf, SEPTEMBER, told } from "./life.ts";
import { event, invoice, invoiceLine, item, price, store, unix } from "./objects.ts";

const OCTOBER: [string, string] = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"];
const first = { created: unix(AUGUST[0]) };
const one = (quantity: number, period: [string, string], sku = "cad-pro") => [
  item("si_1", quantity, price(sku), period, first),
];
const paid = (
  id: string,
  at: string,
  amount: number,
  period: [string, string],
  reason = "subscription_cycle",
) =>
  event(
    "invoice.paid",
    unix(at),
    invoice(id, at, [invoiceLine("si_1", amount, period)], { billing_reason: reason, charge: `ch_${id}` }),
  );

const bills = [
  paid("in_1", "2026-08-01T00:00:00Z", 4000, AUGUST, "subscription_create"),
  paid("in_2", "2026-09-01T01:00:00Z", 4000, SEPTEMBER),
  paid("in_3", "2026-10-05T00:00:00Z", 4000, OCTOBER),
];

/** Made and paid for in one second, renewed, paid late, taken up again. */
const life = [
  told("2026-08-01T00:00:00Z", one(2, AUGUST), { status: "incomplete" }, "created"),
  told("2026-08-01T00:00:00Z", one(2, AUGUST)),
  told("2026-09-01T00:00:00Z", one(2, SEPTEMBER)),
  told("2026-10-01T00:00:00Z", one(2, OCTOBER)),
  told("2026-10-01T02:00:00Z", one(2, OCTOBER), { status: "past_due" }),
  told("2026-10-05T00:00:00Z", one(2, OCTOBER)),
  ...bills,
];
/** The same with more seats and another product; what its first period cost is then told as of later. */
const changing = [
  told("2026-08-01T00:00:00Z", one(2, AUGUST), { status: "incomplete" }, "created"),
  told("2026-08-01T00:00:00Z", one(2, AUGUST)),
  told("2026-08-10T00:00:00Z", one(5, AUGUST)),
  told("2026-08-20T00:00:00Z", one(5, AUGUST, "cad-max")),
  told("2026-09-01T00:00:00Z", one(5, SEPTEMBER, "cad-max")),
  told("2026-09-03T00:00:00Z", one(9, SEPTEMBER, "cad-max"), { status: "unpaid" }),
  told("2026-10-01T00:00:00Z", one(9, OCTOBER, "cad-pro"), { status: "unpaid" }),
  ...bills,
];
const ended = [
  ...life,
  told("2026-10-20T00:00:00Z", one(2, OCTOBER), isEnded("2026-10-20T00:00:00Z"), "deleted"),
];

async function outcomeOf(messages: readonly object[], shards: number) {
  const it = await store({ shards });
  for (const message of messages) expect((await it.deliver(message)).status).toBeLessThan(300);
  const rights = (await rightsOf(it)).map(
    ({ sku, quantity, startsAt, endsAt, suspendedAt, cancelledAt }) => ({
      sku,
      quantity,
      startsAt,
      endsAt,
      // One that is over rests no more.
      isSuspended: suspendedAt !== null && cancelledAt === null,
      cancelledAt,
    }),
  );
  const money = it.app.files.flatMap((sql) =>
    moneyOf(sql, "stripe:sub_1").map(({ paidMinor, refundedMinor }) => [paidMinor, refundedMinor]),
  );
  const faults = it.app.files.flatMap((sql, shard) => checkLedger(sql, shard, () => {}));
  return { rights, money, waiting: it.waiting().map(({ detail }) => detail), faults };
}

/** Every message twice, by its place. */
const shuffled = (messages: readonly object[]) => {
  const places = messages.map((_, place) => place);
  return fc.shuffledSubarray([...places, ...places], { minLength: places.length * 2 });
};
const placed = (messages: readonly object[], order: readonly number[]) =>
  order.map((place) => messages[place] ?? {});

describe.each([1, 3])("with %i shards", (shards) => {
  test.each([
    [
      "is paid late, and goes on",
      life,
      { endsAt: "2026-11-01T00:00:00.000000Z", isSuspended: false, cancelledAt: null },
    ],
    [
      "ends",
      ended,
      {
        endsAt: "2026-11-01T00:00:00.000000Z",
        isSuspended: false,
        cancelledAt: "2026-10-20T00:00:00.000000Z",
      },
    ],
  ])("a subscription that %s comes to the same rights and the same money", async (_what, messages, right) => {
    const expected = {
      rights: [{ sku: "cad-pro", quantity: 2, startsAt: "2026-08-01T00:00:00.000000Z", ...right }],
      money: [[12_000, 0]],
      waiting: [],
      faults: [],
    };
    expect(await outcomeOf(messages, shards)).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(shuffled(messages), async (order) => {
        expect(await outcomeOf(placed(messages, order), shards)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test("a subscription that changes comes to the same rights", async () => {
    const { rights } = await outcomeOf(changing, shards);
    expect(rights).toMatchObject([
      { sku: "cad-pro", quantity: 9, endsAt: "2026-11-01T00:00:00.000000Z", isSuspended: true },
    ]);
    await fc.assert(
      fc.asyncProperty(shuffled(changing), async (order) => {
        const outcome = await outcomeOf(placed(changing, order), shards);
        expect({ ...outcome, money: [] }).toEqual({ rights, money: [], waiting: [], faults: [] });
      }),
      { numRuns: 25 },
    );
  });
});
