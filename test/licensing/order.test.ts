import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import { isWellFormed, type Order, orderSchema, timedOrderSchema } from "../../licensing/index.ts";
import { at, orderBody } from "./samples.ts";

type Json = Record<string, unknown>;
const [line] = orderBody.lines;

function faults(body: unknown): string[] {
  const parsed = orderSchema.safeParse(body);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

const withOrder = (change: Json) => ({ ...orderBody, ...change });
const withCustomer = (change: Json) => withOrder({ customer: { ...orderBody.customer, ...change } });
const withLine = (change: Json) => withOrder({ lines: [{ ...line, ...change }] });
const withPrice = (change: Json) => withLine({ unitPrice: { amount: 1, currency: "EUR", ...change } });

describe("the order schema", () => {
  test("reads the order of the design page: its times are instants", () => {
    const parsed = orderSchema.parse(orderBody);
    expect(parsed.orderedAt).toBe(at("2026-01-05T10:00:00Z"));
    expect(parsed.lines[0]?.startsAt).toBe(at("2026-01-05T10:00:00Z"));
    expect(parsed.lines[0]?.unitPrice).toEqual({ amount: 99_900, currency: "EUR" });
  });

  test("fills in the channel, and that an order is none of a test", () => {
    const { channel, test: isTest } = orderSchema.parse(withOrder({ channel: undefined, test: undefined }));
    expect({ channel, isTest }).toEqual({ channel: "direct", isTest: false });
  });

  test.each([
    ["names of all scripts", withCustomer({ name: "株式会社 Müller & Søn «Ω» 👩‍💻" })],
    ["a line for nothing", withPrice({ amount: 0 })],
    ["the largest price that is exact", withPrice({ amount: Number.MAX_SAFE_INTEGER })],
    ["a customer without a name", withOrder({ customer: { id: "C-1" } })],
    ["an end of its term", withLine({ endsAt: "2026-12-31T23:59:59Z" })],
    [
      "an end after a start that lies ahead",
      withLine({ startsAt: "2026-03-01T00:00:00Z", endsAt: "2026-03-01T00:00:01Z" }),
    ],
    ["an ID as Shopify writes it", withOrder({ orderId: "gid://shopify/Order/450789469" })],
  ])("takes %s", (_what, body) => {
    expect(faults(body)).toEqual([]);
  });

  const hostile: [string, unknown, string][] = [
    ["no order at all", null, ""],
    ["a list", [], ""],
    ["an unknown field", withOrder({ discount: 5 }), ""],
    ["an unknown field of the customer", withCustomer({ vat: "DE1" }), "customer"],
    ["an unknown field of a line", withLine({ qty: 5 }), "lines.0"],
    ["an unknown field of a price", withPrice({ tax: 5 }), "lines.0.unitPrice"],
    ["a prototype", JSON.parse(`{"__proto__": {"orderId": "SO-1"}}`), "orderId"],
    ["no ID", withOrder({ orderId: undefined }), "orderId"],
    ["an ID that is a number", withOrder({ orderId: 1001 }), "orderId"],
    ["an empty ID", withOrder({ orderId: "" }), "orderId"],
    ["an ID with NUL", withOrder({ orderId: "SO\u0000" }), "orderId"],
    ["an ID with a line break", withOrder({ orderId: "SO-1\n" }), "orderId"],
    ["an ID that climbs out of a folder", withOrder({ orderId: "../../etc/passwd" }), "orderId"],
    ["an ID without end", withOrder({ orderId: "x".repeat(129) }), "orderId"],
    ["a name with NUL", withCustomer({ name: "A\u0000B" }), "customer.name"],
    ["a name with half of a surrogate pair", withCustomer({ name: "A\ud800" }), "customer.name"],
    ["a name with a terminal's escape", withCustomer({ name: "\u001b[31mA" }), "customer.name"],
    ["an empty name", withCustomer({ name: "" }), "customer.name"],
    ["a name without end", withCustomer({ name: "x".repeat(301) }), "customer.name"],
    ["a mail address with a line break", withCustomer({ email: "a@b\r\nBcc: c@d" }), "customer.email"],
    ["a country by name", withCustomer({ country: "Germany" }), "customer.country"],
    ["a country in small letters", withCustomer({ country: "de" }), "customer.country"],
    ["a country with a line break", withCustomer({ country: "DE\n" }), "customer.country"],
    ["a customer ID with NUL", withCustomer({ id: "C\u0000" }), "customer.id"],
    ["a day for a time", withOrder({ orderedAt: "2026-01-05" }), "orderedAt"],
    ["a day that does not exist", withOrder({ orderedAt: "2026-02-30T10:00:00Z" }), "orderedAt"],
    ["a time as a number", withOrder({ orderedAt: 1_767_607_200 }), "orderedAt"],
    ["a time without end", withOrder({ orderedAt: "2".repeat(1_000_000) }), "orderedAt"],
    ["the year 2200", withLine({ startsAt: "2200-01-01T00:00:00Z" }), "lines.0.startsAt"],
    ["an end on a day alone", withLine({ endsAt: "2026-12-31" }), "lines.0.endsAt"],
    ["an end of null", withLine({ endsAt: null }), "lines.0.endsAt"],
    ["the year 2200 as an end", withLine({ endsAt: "2200-01-01T00:00:00Z" }), "lines.0.endsAt"],
    ["an end at the start", withLine({ endsAt: orderBody.orderedAt }), "lines.0.endsAt"],
    [
      "an end before the order, where no start is told",
      withLine({ startsAt: undefined, endsAt: "2026-01-05T09:59:59Z" }),
      "lines.0.endsAt",
    ],
    [
      "an end before a start that lies ahead",
      withLine({ startsAt: "2026-03-01T00:00:00Z", endsAt: "2026-02-01T00:00:00Z" }),
      "lines.0.endsAt",
    ],
    ["a delivery on no day", withLine({ deliveredAt: "soon" }), "lines.0.deliveredAt"],
    ["a test in words", withOrder({ test: "yes" }), "test"],
    ["no lines", withOrder({ lines: [] }), "lines"],
    ["lines that are an object", withOrder({ lines: { 0: line } }), "lines"],
    [
      "too many lines",
      withOrder({ lines: Array.from({ length: 501 }, (_, i) => ({ ...line, lineNumber: i + 1 })) }),
      "lines",
    ],
    ["a line number twice", withOrder({ lines: [line, { ...line, sku: "CAD-VIEW" }] }), "lines.1.lineNumber"],
    ["line number 0", withLine({ lineNumber: 0 }), "lines.0.lineNumber"],
    ["a line number between two", withLine({ lineNumber: 1.5 }), "lines.0.lineNumber"],
    ["no seats", withLine({ quantity: 0 }), "lines.0.quantity"],
    ["fewer than no seats", withLine({ quantity: -5 }), "lines.0.quantity"],
    ["half a seat", withLine({ quantity: 0.5 }), "lines.0.quantity"],
    ["seats in words", withLine({ quantity: "5" }), "lines.0.quantity"],
    ["seats without bound", withLine({ quantity: 1e21 }), "lines.0.quantity"],
    ["seats beyond all numbers", withLine({ quantity: Infinity }), "lines.0.quantity"],
    ["seats that are no number", withLine({ quantity: Number.NaN }), "lines.0.quantity"],
    ["a price below nothing", withPrice({ amount: -1 }), "lines.0.unitPrice.amount"],
    ["a price in major units", withPrice({ amount: 999.5 }), "lines.0.unitPrice.amount"],
    ["a price that is not exact", withPrice({ amount: 2 ** 53 }), "lines.0.unitPrice.amount"],
    ["a currency by its sign", withPrice({ currency: "€" }), "lines.0.unitPrice.currency"],
    ["a currency in small letters", withPrice({ currency: "eur" }), "lines.0.unitPrice.currency"],
    ["a SKU with a space", withLine({ sku: "CAD PRO" }), "lines.0.sku"],
    ["a license model of null", withLine({ licenseModel: null }), "lines.0.licenseModel"],
  ];
  test.each(hostile)("refuses %s, and says where", (_what, body, path) => {
    expect(faults(body)).toContain(path);
  });

  test("refuses any JSON, and never throws", () => {
    assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("customer", "lines", "orderId", "orderedAt"),
        (value, field) => {
          orderSchema.safeParse(withOrder({ [field]: value }));
          return !orderSchema.safeParse(value).success;
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("an order whose fields have their types", () => {
  /** Mostly what is right, and what is just wrong. */
  const of = <T>(right: T, ...wrong: T[]) =>
    fc.oneof(
      { weight: 20, arbitrary: fc.constant(right) },
      { weight: 1, arbitrary: fc.constantFrom(right, ...wrong) },
    );
  const ids = of("A-1", "", "-a", "a b", "ä", `a${"b".repeat(127)}`, `a${"b".repeat(128)}`, "a\n");
  const times = of(86_400_000_000, -1, 0, 0.5, NaN, Infinity, 7_258_118_399_999_999, 7_258_118_400_000_000);
  const texts = (max: number) =>
    of<string | undefined>(
      "Ex & Co",
      undefined,
      "",
      "\u0000",
      "\ud800",
      "😀",
      "a".repeat(max),
      "a".repeat(max + 1),
    );
  const counts = of(1, 0, -1, 1.5, 1_000_000, 1_000_001, NaN, 2 ** 53, 2 ** 53 - 1);
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });
  const orders: fc.Arbitrary<Order> = fc.record({
    orderId: ids,
    orderedAt: times,
    channel: ids,
    test: fc.boolean(),
    customer: fc.record({
      id: ids,
      name: texts(300),
      email: texts(320),
      country: of<string | undefined>("DE", undefined, "de", "DEU", "D\n"),
    }),
    lines: fc.array(
      fc.record({
        lineNumber: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) }, counts),
        sku: ids,
        licenseModel: maybe(ids),
        quantity: counts,
        unitPrice: fc.record({ amount: counts, currency: of("EUR", "eur", "EURO", "EU\n") }),
        startsAt: maybe(times),
        endsAt: maybe(of(86_400_000_001, 86_400_000_000, 0, 7_258_118_400_000_000)),
        deliveredAt: maybe(times),
      }),
      { maxLength: 3 },
    ),
  });

  test("is well formed where its schema takes it, and comes out of that as it went in", () => {
    let taken = 0;
    assert(
      fc.property(orders, (order) => {
        const parsed = timedOrderSchema.safeParse(order);
        expect(isWellFormed(order)).toBe(parsed.success);
        if (!parsed.success) return;
        taken += 1;
        expect(parsed.data).toEqual(order);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  test("has 500 lines at most", () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        lineNumber: index + 1,
        sku: "A",
        quantity: 1,
        unitPrice: { amount: 1, currency: "EUR" },
      }));
    const order = { orderId: "O", orderedAt: 0, channel: "c", test: false, customer: { id: "C" } };
    for (const count of [0, 1, 500, 501]) {
      const whole = { ...order, lines: lines(count) };
      expect([count, isWellFormed(whole)]).toEqual([count, timedOrderSchema.safeParse(whole).success]);
    }
  });
});
