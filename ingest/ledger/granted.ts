// What an order that was granted puts on record, beside its events.

import {
  ACTIVATION_CODE_BYTES,
  type Entitlement,
  type EntitlementGranted,
  evolve,
  formatInstant,
  makeActivationCode,
  type Order,
} from "../../licensing/index.ts";
import { random } from "../ids.ts";
import type { Moved } from "./money-rows.ts";
import type { OrderSummary } from "./queries.ts";

/** What is answered of an order, as it is kept. */
export function summaryBody(order: Order): string {
  const summary: Omit<OrderSummary, "status"> = {
    orderId: order.orderId,
    customerId: order.customer.id,
    orderedAt: formatInstant(order.orderedAt),
    channel: order.channel,
    test: order.test,
  };
  return JSON.stringify(summary);
}

/** What was paid for the line that a right is granted for. */
export function paidOf(event: EntitlementGranted, { orderId, orderedAt }: Order): Moved {
  const { line_number: lineNumber, currency, amount_minor: amountMinor } = event.data;
  return { orderId, lineNumber, currency, amountMinor, at: orderedAt };
}

/** The right that an event grants, and a new code that opens it. */
export function rightOf(
  event: EntitlementGranted,
  shard: number,
): { entitlement: Entitlement; activationCode: string } {
  return {
    entitlement: evolve(undefined, event).entitlement,
    activationCode: makeActivationCode(shard, random().subarray(0, ACTIVATION_CODE_BYTES)),
  };
}
