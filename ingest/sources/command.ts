// Pure. What a storefront's message asks of the ledger, and what becomes of it.

import type { Instant, Order, Refusal } from "../../licensing/index.ts";
import type { RecordedOrder } from "../ledger/queries.ts";
import type { Bill } from "../ledger/reference-rows.ts";
import type { ToldBill, ToldReturn, ToldSubscription } from "../ledger/told.ts";
import type { Problem } from "../problem.ts";

/** `toldAt` is as of when the storefront says so; null where it does not say. */
export type StorefrontCommand =
  | { kind: "record"; order: Order; toldAt: Instant | null; bill?: Bill }
  | { kind: "withdraw"; order: Order; refusal: Refusal; toldAt: Instant | null }
  | { kind: "follow"; subscription: Omit<ToldSubscription, "fingerprint"> }
  | { kind: "pay"; payment: ToldBill }
  | { kind: "return"; returned: ToldReturn }
  /** A payment is of a bill. */
  | { kind: "link"; payment: string; bill: string }
  /** It is nothing that licenses come of: `what` says what it is. */
  | { kind: "ignore"; what: string }
  | { kind: "quarantine"; problem: Problem };

/** What became of a message. */
export type Intake =
  | { kind: "recorded"; isNew: boolean; recorded: RecordedOrder }
  /** Money of an order, or what it goes by. It may wait for the order itself to be told. */
  | { kind: "noted"; isNew: boolean; orderId: string | null; isWaiting: boolean }
  | { kind: "withdrawn"; problem: Problem | null }
  | { kind: "ignored"; what: string }
  | { kind: "not_understood"; stage: "parse" | "map" | "decide"; problem: Problem };
