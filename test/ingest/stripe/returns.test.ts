// Money of Stripe's bills that goes back: each cent once, whichever message tells it, and in whatever order.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moneyOf } from "../../../ingest/ledger/money-rows.ts";
import { replay } from "../../../ingest/sources/intake.ts";
import { AUGUST, created, pro } from "./life.ts";
import { event, invoice, invoiceLine, item, price, store, type Store, unix } from "./objects.ts";

const AT = "2026-08-20T00:00:00Z";
const at = unix(AT);

/** Two lines, 40.00 and 25.00, and a fee of 10.00: with a fifth of tax 90.00. */
const bill = invoice(
  "in_1",
  "2026-08-01T00:00:01Z",
  [
    invoiceLine("si_1", 4000, AUGUST),
    invoiceLine("si_2", 2500, AUGUST, { sku: "render" }),
    invoiceLine(null, 1000, AUGUST),
  ],
  { billing_reason: "subscription_create", charge: "ch_1", payment_intent: "pi_1" },
);

const refund = (id: string, amount: number, more: object = {}) =>
  event("refund.created", at, {
    id,
    object: "refund",
    created: at,
    amount,
    currency: "eur",
    charge: "ch_1",
    payment_intent: "pi_1",
    status: "succeeded",
    reason: "requested_by_customer",
    ...more,
  });
const charge = (refunded: number, more: object = {}) =>
  event("charge.refunded", at, {
    id: "ch_1",
    object: "charge",
    created: at,
    currency: "eur",
    amount_refunded: refunded,
    payment_intent: "pi_1",
    ...more,
  });
const creditNote = (id: string, amount: number, more: object = {}) =>
  event("credit_note.created", at, {
    id,
    object: "credit_note",
    created: at,
    amount,
    currency: "eur",
    invoice: "in_1",
    status: "issued",
    reason: "product_unsatisfactory",
    refunds: [],
    ...more,
  });

async function paidFor(shards = 1): Promise<Store> {
  const it = await store({ shards });
  await it.deliver(
    created({}, [item("si_1", 2, pro, AUGUST), item("si_2", 5, price("render", 500), AUGUST)]),
  );
  await it.deliver(event("invoice.paid", unix("2026-08-01T00:00:01Z"), bill));
  return it;
}

/** What went back, by line. */
const returned = ({ app }: Store) =>
  app.files.flatMap((sql) => moneyOf(sql, "stripe:sub_1")).map(({ refundedMinor }) => refundedMinor);

describe("money that goes back", () => {
  test.each<[string, object[], number[]]>([
    ["all of it, of each line all", [refund("re_1", 9000)], [4000, 2500]],
    ["a half, of each line a half", [refund("re_1", 4500)], [2000, 1250]],
    ["in parts, rounded down until all is back", [refund("re_1", 1), refund("re_2", 8999)], [4000, 2500]],
    ["told twice", [refund("re_1", 4500), refund("re_1", 4500)], [2000, 1250]],
    ["told by its charge alone", [charge(4500)], [2000, 1250]],
    ["told by its charge, and then by itself", [charge(4500), refund("re_1", 4500)], [2000, 1250]],
    ["told by itself, and then by its charge", [refund("re_1", 4500), charge(4500)], [2000, 1250]],
    [
      "told by its charge as of before and after",
      [charge(9000), charge(4500), refund("re_2", 4500), refund("re_1", 4500)],
      [4000, 2500],
    ],
    ["promised, not paid out", [creditNote("cn_1", 900)], [400, 250]],
    [
      "promised in part, and refunded in part",
      [
        creditNote("cn_1", 1800, { refunds: [{ amount_refunded: 900, refund: "re_1" }] }),
        refund("re_1", 900),
      ],
      [800, 500],
    ],
    [
      "of a credit note of the older API that was refunded",
      [creditNote("cn_1", 900, { refunds: null, refund: "re_1" }), refund("re_1", 900)],
      [400, 250],
    ],
    ["not yet", [refund("re_1", 4500, { status: "pending" }), charge(0)], [0, 0]],
    ["not yet, and then", [refund("re_1", 4500, { status: "pending" }), refund("re_1", 4500)], [2000, 1250]],
    ["not at all", [refund("re_1", 4500, { status: "failed" })], [0, 0]],
    ["by a note that was voided", [creditNote("cn_1", 900, { status: "void" })], [0, 0]],
  ])("%s", async (_what, messages, expected) => {
    for (const shards of [1, 3]) {
      const it = await paidFor(shards);
      for (const message of messages) expect((await it.deliver(message)).status).toBeLessThan(300);
      expect(returned(it)).toEqual(expected);
      expect(it.waiting()).toEqual([]);
    }
  });

  test.each<[string, object[], string]>([
    [
      "of a payment that nobody knows",
      [refund("re_1", 1, { charge: "ch_9", payment_intent: "pi_9" })],
      "unknown_order",
    ],
    ["of no payment", [refund("re_1", 1, { charge: null, payment_intent: null })], "invalid_request"],
    ["of no invoice", [creditNote("cn_1", 1, { invoice: null })], "invalid_request"],
    [
      "of more than the note is for",
      [creditNote("cn_1", 1, { refunds: [{ amount_refunded: 2 }] })],
      "invalid_request",
    ],
    [
      "of a note that does not say how much of it was refunded",
      [creditNote("cn_1", 5, { refunds: null, refund: "re_1", customer_balance_transaction: "cbtxn_1" })],
      "invalid_request",
    ],
    ["more than was paid", [refund("re_1", 9001)], "refund_too_large"],
    ["in another currency", [refund("re_1", 90, { currency: "usd" })], "refund_too_large"],
    [
      "and comes to nothing afterwards",
      [refund("re_1", 90), refund("re_1", 90, { status: "failed" })],
      "refund_conflict",
    ],
    [
      "by its charge, and comes to nothing",
      [charge(90), refund("re_1", 90, { status: "failed" })],
      "refund_conflict",
    ],
  ])("%s waits for people", async (_what, messages, code) => {
    const it = await paidFor();
    for (const message of messages) await it.deliver(message);
    expect(it.waiting().map((waiting) => waiting.code)).toEqual([code]);
  });

  test("before its bill goes back when that is on record, and it is replayed", async () => {
    const it = await store();
    await it.deliver(refund("re_1", 4500));
    await it.deliver(event("invoice.paid", unix("2026-08-01T00:00:01Z"), bill));
    const [waiting] = it.waiting();
    const again = () => replay(it.app.deps.ledgers, waiting as never, it.app.deps.clock(), "test");
    expect(await again()).toMatchObject({ kind: "not_understood", problem: { code: "unknown_order" } });
    await it.deliver(
      created({}, [item("si_1", 2, pro, AUGUST), item("si_2", 5, price("render", 500), AUGUST)]),
    );
    expect(await again()).toMatchObject({ kind: "noted", orderId: "stripe:sub_1" });
    expect(returned(it)).toEqual([2000, 1250]);
  });

  test.each([1, 3])(
    "is of the bill that a payment is said to be of, before it and after, with %i shards",
    async (shards) => {
      const link = event("invoice_payment.paid", at, {
        id: "inpay_1",
        object: "invoice_payment",
        invoice: "in_1",
        status: "paid",
        payment: { type: "payment_intent", payment_intent: "pi_7" },
      });
      const unnamed = event("invoice.paid", at, { ...bill, charge: null, payment_intent: null });
      const begin = created({}, [
        item("si_1", 2, pro, AUGUST),
        item("si_2", 5, price("render", 500), AUGUST),
      ]);
      for (const messages of [
        [link, begin, unnamed],
        [begin, unnamed, link],
      ]) {
        const it = await store({ shards });
        for (const message of messages) await it.deliver(message);
        await it.deliver(refund("re_1", 9000, { charge: "ch_7", payment_intent: "pi_7" }));
        expect(returned(it)).toEqual([4000, 2500]);
        expect(it.waiting()).toEqual([]);
      }
    },
  );

  test("comes to the same in any order, however often it is told", async () => {
    // Three refunds, with what their charge said after each, and a credit note.
    const messages = [
      refund("re_1", 700),
      charge(700),
      refund("re_2", 1101),
      charge(1801),
      refund("re_3", 3),
      charge(1804),
      creditNote("cn_1", 450),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...messages, ...messages], { minLength: 14 }), async (told) => {
        const it = await paidFor();
        for (const message of told) await it.deliver(message);
        // 2,254 of 9,000, of each line its share, rounded down.
        expect(returned(it)).toEqual([1001, 626]);
        expect(it.waiting()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
