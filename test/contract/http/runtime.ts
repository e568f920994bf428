// The port to what the service runs on. The contract knows nothing else of Node and Workers.

import type { Scope } from "../../../ingest/scope.ts";

/** One running service with storage of its own. */
export interface Runtime {
  /** Where it listens; another address after a crash, on some. */
  url(): URL;
  /** Routes that it answers with not_found to everybody. */
  lacks: readonly string[];
  /** Makes an API key, as staff do. @returns the key, as a caller presents it */
  makeKey(scopes: readonly Scope[]): Promise<string>;
  /** Ends it with no word of warning, and starts it again on what it has stored. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** What every runtime is started with. */
export const settings = {
  KEYHOUSE_ISSUER: "keyhouse-contract",
  SHOPIFY_WEBHOOK_SECRET: "a-store's-secret",
  // It asks more than anybody does from one address, and guesses.
  KEYHOUSE_RATE_LIMITS: "off",
  LOG_LEVEL: "error",
};
