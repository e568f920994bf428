// Pure. What a table's columns may hold, and how a mapping says which column holds what.

import { z } from "zod";

const heading = z.string().min(1).max(200);

/**
 * What a column may hold, by the name that a mapping uses. Only `product` is always needed; what names no customer is the
 * mapping's `customer`'s.
 */
export const columnNames = {
  order: "the order's or the entitlement's ID in the source; rows of one order share it",
  line: "the number of the line in its order; where absent, one is made of its product",
  product: "what was sold: part number, SKU, product name",
  productName: "what people call it",
  brand: "its brand",
  version: "its version",
  model: "what the source calls its license model",
  quantity: "how many seats; 1 where absent",
  unitPrice: "the price of one seat; where absent, `amount` divided by the seats",
  amount: "the price of the line",
  currency: "ISO 4217",
  customerId: "the customer's ID in the source",
  customerName: "the customer's name",
  email: "the customer's e-mail address",
  country: "ISO 3166-1 alpha-2, or the country's English name",
  channel: "how it was sold",
  orderedAt: "when it was ordered",
  deliveredAt: "when the customer got what activates it",
  startsAt: "when its term starts",
  endsAt: "the last day of its term; empty or `permanent` for none",
  cancelledAt: "when it was cancelled",
  test: "whether it was only a test",
  hostId: "the computer that has a seat of it; where absent, `hostName`, and then `user`, stands for it",
  hostName: "what people call that computer",
  user: "the user who has a seat of it",
  os: "the computer's system",
  osVersion: "its version",
  arch: "its processor",
  appVersion: "the version of the product on it",
  activatedAt: "when that seat was taken",
} as const;
export type ColumnName = keyof typeof columnNames;

/** How a table is written, and which heading stands over what. */
export const tableSchema = z.strictObject({
  /** Of CSV. Where absent, it is told by the headings. */
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  /** Of a workbook: the sheet's name; its first sheet where absent. */
  sheet: z.string().min(1).max(100).optional(),
  /** The row of the headings, from 1: some exports have a title above. */
  headingRow: z.int().min(1).max(100).default(1),
  /** How days are written, such as `YYYY-MM-DD`, `DD.MM.YYYY` or `M/D/YYYY`; a time after it is read where there is one. */
  dates: z.string().min(6).max(40).default("YYYY-MM-DD"),
  /** What stands before the decimals of an amount. */
  decimal: z.enum([".", ","]).default("."),
  /** The zone of its times, as IANA names it. */
  zone: z.string().max(60).default("UTC"),
  columns: z.partialRecord(z.enum(Object.keys(columnNames) as [ColumnName, ...ColumnName[]]), heading),
});
export type Table = z.infer<typeof tableSchema>;
