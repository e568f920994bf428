// Single activations over HTTP in a ledger that has grown, against the same in a small one.

import { join } from "node:path";
import { order } from "../ingest/support.ts";
import { activate, recordOrders, REQUESTS, type Round, ROWS_AN_ACTIVATION, rowsOf } from "./activate.ts";
import { runChild } from "./child.ts";
import { mean, spread } from "./rounds.ts";
import { GROWN_ROWS } from "./rows.ts";
import { say } from "./say.ts";
import type { SendPlan, SendResult } from "./send.ts";
import { type BenchService, startBench } from "./service.ts";

const SMALL_ROWS = 10_000;
const ROUNDS = 4;
/** Of a call that lets the ledger grow. */
const MAX_SEATS_A_CALL = 100_000;

/**
 * Two services in this process, each with its ledger; the small one is made anew for each round, so that it stays small.
 * What is activated was ordered before the ledger grew: its rows are far from the newest, and out of the cache.
 */
export async function growth(home: string): Promise<void> {
  const grown = await startBench(join(home, "grown"));
  const codes: string[][] = [];
  for (let round = 0; round <= ROUNDS; round++) codes.push(await recordOrders(grown, `round-${round}`));
  await grow(grown, GROWN_ROWS);
  // The system still writes what was made.
  await activate(grown, codes.pop() ?? []);
  const begun = rowsOf(grown);
  const rounds: { small: Round; grown: Round }[] = [];
  for (const [round, ofRound] of codes.entries()) {
    const small = await startBench(join(home, `small-${round}`));
    const ofSmall = await recordOrders(small, "round");
    await grow(small, SMALL_ROWS);
    const inSmall = await activate(small, ofSmall);
    await small.close();
    rounds.push({ small: inSmall, grown: await activate(grown, ofRound) });
  }
  const ratios = rounds.map((round) => round.grown.rate / round.small.rate);
  const meanOf = (which: "small" | "grown", of: "rate" | "p99Ms") =>
    mean(rounds.map((round) => round[which][of]));
  say("activations over HTTP, ledger grown / small", mean(ratios), [
    `${spread(ratios)} in ${ROUNDS} rounds of ${REQUESTS} requests in turn; ${Math.round(meanOf("grown", "rate"))} / ${Math.round(meanOf("small", "rate"))} a second`,
    `from ${begun} rows on, and each time from ${SMALL_ROWS}; p99 ${meanOf("grown", "p99Ms").toFixed(1)} / ${meanOf("small", "p99Ms").toFixed(1)} ms`,
  ]);
  await grown.close();
}

/** Has licenses made until the ledger has so many rows. */
async function grow(service: BenchService, rows: number): Promise<void> {
  const { url, key, send } = service;
  for (let call = 0; rowsOf(service) < rows; call++) {
    const missing = Math.ceil((rows - rowsOf(service)) / ROWS_AN_ACTIVATION);
    const count = Math.min(missing, MAX_SEATS_A_CALL);
    const { entitlements } = await send<{ entitlements: { entitlementId: string }[] }>(
      "POST",
      "/v1/orders",
      order({ orderId: `grow-${call}`, line: { quantity: count } }),
    );
    const entitlementId = entitlements[0]?.entitlementId ?? "";
    const plan: SendPlan = { url: `${url}/v1/licenses`, key, entitlementId, hosts: `grow-${call}`, count };
    const { lines } = await runChild<SendResult>("send.ts", plan);
    if (lines !== count) throw new Error(`of ${count} licenses ${lines} were made`);
  }
}
