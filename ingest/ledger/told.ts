// Pure. What a storefront tells of its subscriptions and of their money, as the ledger's commands take it.

import type { Instant, Order, PaidTime, Refusal } from "../../licensing/index.ts";
import type { Bill } from "./reference-rows.ts";

/** One thing that a subscription sells. */
export interface ToldItem {
  /** What its storefront calls it, such as `stripe:si_1`, and its price. */
  name: string;
  price: string;
  sku: string;
  quantity: number;
  /** What it runs for now. */
  time: PaidTime;
  isPriced: boolean;
}

/** Where a subscription stands: not paid for yet, never to be, in force, at rest, or over. */
export type Standing =
  | { kind: "awaited" | "void"; refusal: Refusal }
  | { kind: "in_force" }
  | { kind: "at_rest"; reason: string }
  | { kind: "ended"; at: Instant; reason: string };

/** A subscription, whole, as of a time. */
export interface ToldSubscription {
  /** What it would be as an order from its beginning on: a line for each item, in their order. */
  order: Order;
  /** Those of it that it has now; none where all that this order is of were taken off it. */
  items: ToldItem[];
  standing: Standing;
  /** When it became so. */
  at: Instant;
  /** As of when it is told: of two, the later one is right. */
  toldAt: Instant;
  fingerprint: string;
  source: string;
  /** The import that brings it in, if one does. */
  importId?: string | undefined;
}

/** A bill of a subscription that was paid. */
export interface ToldBill {
  orderId: string;
  bill: Bill;
  /** Who paid it, as the bill says. */
  customer: Order["customer"] | null;
  source: string;
}

/** Money that went back, or was promised. */
export interface ToldReturn {
  /** Its own ID. */
  refundId: string;
  kind: "refund" | "credit";
  /** What it went back of, by any of the names that this goes by. */
  of: string[];
  /** The payment that counts it; null where it is of the bill as a whole. */
  payment: string | null;
  currency: string;
  /** In minor units, with tax: of this one, or of all of the payment's up to then. */
  amount: number;
  isTotal: boolean;
  /** Whether it did not go through after all. */
  isFailed: boolean;
  reason: string;
  at: Instant;
  source: string;
}
