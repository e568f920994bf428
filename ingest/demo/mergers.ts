// Pure. The end of an acquisition: two lists of customers become one.

import { MERGED_AT, writeTime } from "./calendar.ts";
import type { Customer } from "./customers.ts";
import type { Step } from "./steps.ts";

/** The weekend of the migration: all that was bought under a second number goes to the first one. */
export function mergers(orders: readonly { customer: Customer; customerId: string }[]): Step[] {
  const twins = new Map(
    orders
      .filter(({ customer, customerId }) => customer.id !== customerId)
      .map(({ customer, customerId }) => [customerId, customer.id]),
  );
  return Array.from(twins, ([customerId, into]) => ({
    kind: "merge" as const,
    at: MERGED_AT,
    customerId,
    body: { into, reason: "customer of both brands", occurredAt: writeTime(MERGED_AT) },
  }));
}
