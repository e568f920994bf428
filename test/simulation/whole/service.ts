// The service as the simulation runs it: the app and the ledger that `npm start` has, on a disk that can lose a process,
// with commits that happen when the simulation says.

import { createHash } from "node:crypto";
import { createApp } from "../../../ingest/app.ts";
import type { CommandName, CommandOf, OutcomeOf } from "../../../ingest/ledger/commands/index.ts";
import { Ledger } from "../../../ingest/ledger/ledger.ts";
import type { RequestName } from "../../../ingest/ledger/once.ts";
import type { Sql } from "../../../ingest/ledger/sql.ts";
import { Ledgers } from "../../../ingest/ledgers.ts";
import { type Instant, type Signer, webCryptoSigner } from "../../../licensing/index.ts";
import type { Scheduler } from "./scheduler.ts";

export const signer: Signer = await webCryptoSigner(new Uint8Array(32).fill(7));

/** A host's hash, as events hold it. */
export const hashId = (id: string): string => createHash("sha256").update(`host ${id}`).digest("base64url");

/** A ledger whose commands stand at a gate before they are queued, and at another until they are committed. */
class GatedLedger extends Ledger {
  readonly #scheduler: Scheduler;

  constructor(options: ConstructorParameters<typeof Ledger>[0], scheduler: Scheduler) {
    super(options);
    this.#scheduler = scheduler;
  }

  override async execute<Name extends CommandName>(
    name: Name,
    command: CommandOf<Name>,
    once?: RequestName,
  ): Promise<OutcomeOf<Name>> {
    // Nobody waits for it, so it stands at no gate: it goes with the next commit.
    if (name === "noteKeyUse") return super.execute(name, command, once);
    await this.#scheduler.gate(`${name} is to be queued`);
    return this.#scheduler.until(`${name} waits for its commit`, super.execute(name, command, once));
  }
}

export interface Service {
  sql: Sql;
  /** What went wrong in it, by its own report. */
  reported: unknown[];
  fetch(request: Request): Promise<Response>;
  /** Whether commands wait for a commit. */
  hasQueue(): boolean;
  /** Commits what waits. */
  commit(): void;
}

/** Starts a service on a ledger; `makeLedger` for one that is broken on purpose. */
export function startService(
  sql: Sql,
  scheduler: Scheduler,
  clock: () => Instant,
  report: (error: unknown) => void,
): Service {
  let waiting: (() => void) | null = null;
  const defer = (callback: () => void) => void (waiting = callback);
  const ledger = new GatedLedger({ sql, shard: 0, shards: 1, clock, defer }, scheduler);
  const reported: unknown[] = [];
  const app = createApp({
    ledgers: new Ledgers([ledger]),
    keys: async () => ({ signer, publicKeys: [signer.publicJwk], compromised: [], hashId }),
    clock,
    issuer: "keyhouse-simulation",
    shopifySecret: undefined,
    stripeSecrets: [],
    report: (error) => {
      reported.push(error);
      report(error);
    },
  });
  return {
    sql,
    reported,
    fetch: async (request) => app.fetch(request),
    hasQueue: () => waiting !== null,
    commit() {
      const run = waiting;
      waiting = null;
      run?.();
    },
  };
}
