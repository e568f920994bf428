// One year of a small vendor, for the promises of the marts.

import type { Draft } from "../../ingest/event.ts";
import type { Lake } from "../../warehouse/read.ts";
import { bind, cancel, catalog, day, end, refuse, sale } from "./facts.ts";

export const A = { orderId: "A" };
export const B = { orderId: "B" };
const C = { orderId: "C" };
const T = { orderId: "T" };

/** A row's values in the order of the given names, without the dates' times where a date is meant. */
export const query = async (lake: Lake, sql: string) =>
  (await lake.query(sql)).map((row) => Object.values(row));

// One order of each kind: used, cancelled before and after use, never used, a test. Day 31 is 1 February.
export const year: Draft[] = [
  ...catalog(day(0)),
  ...sale({ ...A, orderedAt: day(1), quantity: 3, customerId: "C-1", channel: "web" }),
  ...bind(A, { at: day(3.5), activationId: "a1", host: "h1" }),
  ...bind(A, { at: day(4), activationId: "a2", host: "h2", os: "linux", osVersion: null }),
  ...refuse(A, day(5)),
  ...sale({
    ...B,
    orderedAt: day(2),
    customerId: "C-2",
    model: "perp-float",
    currency: "JPY",
    price: 5_000,
    sku: "OLD-1",
    brand: "Borealis",
  }),
  ...bind(B, {
    at: day(2),
    activationId: "b1",
    customerId: "C-2",
    sku: "OLD-1",
    host: "h1",
    os: "linux",
    osVersion: "6",
  }),
  ...end(B, { at: day(20), activationId: "b1" }),
  ...bind(B, {
    at: day(33),
    activationId: "b2",
    customerId: "C-2",
    sku: "OLD-1",
    host: "h9",
    os: "darwin",
    arch: "arm64",
  }),
  ...cancel(B, day(35), 1, "C-2"),
  ...sale({ ...C, orderedAt: day(6), customerId: "C-3", model: "trial", priceBand: null }),
  ...cancel(C, day(10), 0, "C-3"),
  ...sale({ orderId: "D", orderedAt: day(8), customerId: "C-3", model: "trial" }),
  ...sale({ ...T, orderedAt: day(7), customerId: "C-9", isTest: true }),
  ...bind(T, { at: day(8), activationId: "t1", customerId: "C-9", host: "h-test" }),
];
