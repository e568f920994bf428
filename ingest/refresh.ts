// Keeps the lake and the report site up with the ledger: outbox → segments → lake → site, over and over.

import { spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Ledger } from "./ledger/ledger.ts";
import { ledgerSummary } from "./ledger/queries.ts";
import { exportSegments } from "./segments/exporter.ts";
import type { SegmentStore } from "./segments/store.ts";

export interface RefreshOptions {
  ledger: Ledger;
  segments: Pick<SegmentStore, "create">;
  /** Milliseconds from the end of one round to the start of the next; null for none. */
  everyMs: number | null;
  /** Says what is going on, for the operator. */
  say: (line: string) => void;
}

export interface Refresher {
  /** Ends a round that runs, and writes what is in the outbox to segments; where that fails, the outbox has it still. */
  stop(): Promise<void>;
}

/** Steps of a round, each a program of its own: a load that dies takes nothing with it. */
const programs = [
  { name: "load", script: "../warehouse/cli.ts", args: ["load"] },
  { name: "report", script: "../reports/build.ts", args: [] },
];

/** Starts the rounds; the first begins at once. A round in which nothing is new is left out. */
export function startRefresh({ ledger, segments, everyMs, say }: RefreshOptions): Refresher {
  const stopping = new AbortController();
  const shown = { seq: -1 };
  const flush = () => exportSegments(ledger.sql, ledger.shard, segments);

  const round = async (): Promise<void> => {
    const { lastSeq } = ledgerSummary(ledger.sql);
    if (lastSeq === shown.seq) return;
    await flush();
    for (const { name, script, args } of programs) {
      const fault = await runProgram(fileURLToPath(new URL(script, import.meta.url)), args, stopping.signal);
      if (stopping.signal.aborted) return;
      if (fault !== null) return say(`${name} failed; the next round tries again: ${fault}`);
    }
    shown.seq = lastSeq;
    say(`reports are up to event ${lastSeq}`);
  };

  const rounds = async (interval: number): Promise<void> => {
    while (!stopping.signal.aborted) {
      await round().catch((error: unknown) =>
        say(`refresh failed; the next round tries again: ${String(error)}`),
      );
      // The stop ends the pause, with an error that says nothing new.
      await setTimeout(interval, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = everyMs === null ? Promise.resolve() : rounds(everyMs);

  return {
    async stop() {
      stopping.abort();
      await running;
      await flush().catch((error: unknown) =>
        say(`segments could not be written; the ledger keeps what is new: ${String(error)}`),
      );
    },
  };
}

/** @returns null where the program went well, else the end of what it said */
function runProgram(script: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    signal,
    killSignal: "SIGTERM",
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  child.on("error", (error) => resolve(error.message));
  child.on("close", (code) => resolve(code === 0 ? null : said.trim() || `it ended with ${code}`));
  return promise;
}
