// What the app is given by its runtime: `node.ts` makes it on Node, `worker.ts` on Workers.

import type { Instant } from "../licensing/index.ts";
import type { Keys } from "./keys-ring.ts";
import type { Ledgers } from "./ledgers.ts";
import type { Operation } from "./operation/operation.ts";

export interface AppDeps {
  ledgers: Ledgers;
  /** The keys of now: they change while the service runs, and a request has those of its time. */
  keys: () => Promise<Keys>;
  clock: () => Instant;
  /** `iss` of every license. */
  issuer: string;
  /** What Shopify signs its webhooks with; absent where no store is connected. */
  shopifySecret: string | undefined;
  /** What Stripe signs its webhooks with: none where it is not connected, two while one is rolled. */
  stripeSecrets: readonly string[];
  /** Says what went wrong here, for the operator, and with which request where it was one. */
  report(error: unknown, requestId?: string): void;
  /** What stands around the routes; nothing does where this is absent. */
  operation?: Operation;
}

/** What a request is answered with. */
export interface Deps extends Omit<AppDeps, "keys">, Keys {}
