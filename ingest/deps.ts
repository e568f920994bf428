// What the app is given by its runtime: `node.ts` makes it on Node.

import type { Instant, PublicJwk, Signer } from "../licensing/index.ts";
import type { Ledger } from "./ledger/ledger.ts";

export interface Deps {
  ledger: Ledger;
  signer: Signer;
  /** Every key that licenses may be signed with, for those who verify. */
  publicKeys: readonly PublicJwk[];
  /** Keyed hash of a host's or a user's ID: what the ledger and the lake know it by. */
  hashId: (id: string) => Promise<string>;
  clock: () => Instant;
  /** `iss` of every license. */
  issuer: string;
  /** What Shopify signs its webhooks with; absent where no store is connected. */
  shopifySecret: string | undefined;
  /** Says what went wrong here, for the operator. */
  report(error: unknown): void;
}
