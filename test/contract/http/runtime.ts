// The port to what the service runs on. The contract knows nothing else of Node and Workers.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  // Two, as while one is rolled.
  STRIPE_WEBHOOK_SECRET: "whsec_the-new-one whsec_the-old-one",
  // It asks more than anybody does from one address, and guesses.
  KEYHOUSE_RATE_LIMITS: "off",
  LOG_LEVEL: "error",
  KEYHOUSE_REPORTS_KEY: "kh_reports_of-the-contract-on-this-machine-only",
};

/** What only a reader of the reports may see. */
export const SECRET = "what Example GmbH bought";

/** Writes a small report site, as a build would: a page, its data, and a stamp. */
export async function writeSite(folder: string): Promise<void> {
  await mkdir(join(folder, "_file"), { recursive: true });
  const files = {
    "index.html": `<!doctype html><title>Overview</title><p>${SECRET}</p>`,
    "activation.html": `<!doctype html><title>Activation</title><p>${SECRET}</p>`,
    "_file/seats.arrow": SECRET,
    "_file/seats.json": JSON.stringify({ [SECRET]: 5 }),
    "site.json": JSON.stringify({ snapshot: 1, asOf: "2026-11-24T12:00:00.000Z", of: SECRET }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}
