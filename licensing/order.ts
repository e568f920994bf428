// Pure. What a customer bought, as it is told to us.

import { z } from "zod";
import { EARLIEST_INSTANT, type Instant, LATEST_INSTANT, parseInstant } from "./instant.ts";
import { isText, text } from "./text.ts";

/** Lines an order may have: real ones have a handful, and each becomes an entitlement in the same transaction. */
const MAX_LINES = 500;
/** Seats a line may buy: the largest site we know of has half a million. */
const MAX_QUANTITY = 1_000_000;

const MAX_LINE_NUMBER = 1_000_000;
const MAX_NAME = 300;
const MAX_EMAIL = 320;
const FOREIGN_ID = /^[A-Za-z0-9][A-Za-z0-9._:/#@+=-]{0,127}$/;
const COUNTRY = /^[A-Z]{2}$/;
const CURRENCY = /^[A-Z]{3}$/;

/** An RFC 3339 timestamp, read as an instant. */
export const instantSchema = z
  .string()
  .max(40)
  .transform((timestamp, context): Instant => {
    const instant = parseInstant(timestamp);
    if (instant !== undefined) return instant;
    context.addIssue({ code: "custom", message: "an RFC 3339 timestamp such as 2026-01-05T10:00:00Z" });
    return z.NEVER;
  });

/** An identifier of the sender's own making. */
const foreignId = z
  .string()
  .regex(FOREIGN_ID, "1 to 128 letters, digits, or . _ : / # @ + = - (a letter or digit first)");

/** What an order has, its times told in one way or another. */
const fieldsOf = <Time extends z.ZodType<Instant>>(time: Time) =>
  z.strictObject({
    orderId: foreignId,
    orderedAt: time,
    channel: foreignId.default("direct"),
    test: z.boolean().default(false),
    customer: z.strictObject({
      id: foreignId,
      name: text(MAX_NAME).optional(),
      email: text(MAX_EMAIL).optional(),
      country: z.string().regex(COUNTRY, "an ISO 3166-1 alpha-2 code such as DE").optional(),
    }),
    lines: z
      .array(
        z.strictObject({
          lineNumber: z.int().min(1).max(MAX_LINE_NUMBER),
          sku: foreignId,
          /** Where absent, the model that the product is sold under by default. */
          licenseModel: foreignId.optional(),
          quantity: z.int().min(1).max(MAX_QUANTITY),
          unitPrice: z.strictObject({
            amount: z.int().min(0),
            currency: z.string().regex(CURRENCY, "an ISO 4217 code such as EUR"),
          }),
          startsAt: time.optional(),
          /** When its term ends: told instead of how long the model's is, of a term that ends at all. */
          endsAt: time.optional(),
          /** When the customer got the activation code, where that was not with the order. */
          deliveredAt: time.optional(),
        }),
      )
      .min(1)
      .max(MAX_LINES)
      .superRefine((lines, context) => {
        const seen = new Set<number>();
        lines.forEach(({ lineNumber }, index) => {
          if (seen.has(lineNumber))
            context.addIssue({
              code: "custom",
              path: [index, "lineNumber"],
              message: "this line number is already used",
            });
          seen.add(lineNumber);
        });
      }),
  });

type Times = {
  orderedAt: Instant;
  lines: readonly { startsAt?: Instant | undefined; endsAt?: Instant | undefined }[];
};

function checkTerms({ orderedAt, lines }: Times, context: z.RefinementCtx): void {
  lines.forEach(({ startsAt = orderedAt, endsAt = Infinity }, index) => {
    if (endsAt <= startsAt)
      context.addIssue({
        code: "custom",
        path: ["lines", index, "endsAt"],
        message: "a time after the start",
      });
  });
}

export const orderSchema = fieldsOf(instantSchema).superRefine(checkTerms);

/** An order whose times were read before: to write them for {@link orderSchema} took a third of what its check takes. */
export const timedOrderSchema = fieldsOf(z.int().min(EARLIEST_INSTANT).max(LATEST_INSTANT)).superRefine(
  checkTerms,
);

/** An order as parsed: times are instants, defaults are filled in. */
export type Order = z.infer<typeof orderSchema>;
export type OrderLine = Order["lines"][number];

/**
 * Whether {@link timedOrderSchema} takes an order, whose fields have their types already. It says no more than that, and takes a
 * twentieth of the time: of many orders that are brought in at once, to check them by the schema was a seventh.
 */
export function isWellFormed({ orderId, orderedAt, channel, customer, lines }: Order): boolean {
  const { id, name, email, country } = customer;
  return (
    FOREIGN_ID.test(orderId) &&
    FOREIGN_ID.test(channel) &&
    isTime(orderedAt) &&
    FOREIGN_ID.test(id) &&
    (name === undefined || isText(name, MAX_NAME)) &&
    (email === undefined || isText(email, MAX_EMAIL)) &&
    (country === undefined || COUNTRY.test(country)) &&
    isCount(lines.length, 1, MAX_LINES) &&
    lines.every((line) => isLine(line, orderedAt)) &&
    (lines.length === 1 || new Set(lines.map(({ lineNumber }) => lineNumber)).size === lines.length)
  );
}

function isLine(line: OrderLine, orderedAt: Instant): boolean {
  const { lineNumber, sku, licenseModel, quantity, unitPrice, startsAt, endsAt, deliveredAt } = line;
  return (
    isCount(lineNumber, 1, MAX_LINE_NUMBER) &&
    FOREIGN_ID.test(sku) &&
    (licenseModel === undefined || FOREIGN_ID.test(licenseModel)) &&
    isCount(quantity, 1, MAX_QUANTITY) &&
    isCount(unitPrice.amount, 0, Number.MAX_SAFE_INTEGER) &&
    CURRENCY.test(unitPrice.currency) &&
    (startsAt === undefined || isTime(startsAt)) &&
    (deliveredAt === undefined || isTime(deliveredAt)) &&
    (endsAt === undefined || (isTime(endsAt) && endsAt > (startsAt ?? orderedAt)))
  );
}

const isCount = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;
const isTime = (value: Instant): boolean => isCount(value, EARLIEST_INSTANT, LATEST_INSTANT);
