import { expect, test } from "vitest";
import { minorOf } from "../../../ingest/sources/stripe/amount.ts";

// https://docs.stripe.com/currencies, with its special cases; and ISO 4217.
test.each<[number, string, number | undefined]>([
  [1999, "EUR", 1999],
  [1999, "USD", 1999],
  // Hundredths in both, though nobody pays with them.
  [45_00, "HUF", 4500],
  [80_000, "TWD", 80_000],
  [500, "JPY", 500],
  [500, "KRW", 500],
  [5124, "KWD", 5124],
  [5120, "BHD", 5120],
  // Stripe counts hundredths where ISO 4217 has none …
  [500, "ISK", 5],
  [500, "UGX", 5],
  [4010, "ISK", undefined],
  [-500, "ISK", -5],
  // … and none where it has them.
  [500, "MGA", 50_000],
  [0, "EUR", 0],
  [-1999, "EUR", -1999],
  [0.5, "EUR", undefined],
  [Infinity, "EUR", undefined],
  [Number.MAX_SAFE_INTEGER, "EUR", Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, "MGA", undefined],
])("%d of %s as Stripe counts them are %d", (amount, currency, minor) => {
  expect(minorOf(amount, currency)).toBe(minor);
});
