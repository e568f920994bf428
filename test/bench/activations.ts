// Single activations over HTTP against an empty route of the same server.

import { activate, CONNECTIONS, emptyRoute, recordOrders, REQUESTS, type Round, rowsOf } from "./activate.ts";
import { growth } from "./growth.ts";
import { mean, spread } from "./rounds.ts";
import { say } from "./say.ts";
import { startBench } from "./service.ts";

// The engine compiles what it has seen often, and goes on doing so: after 5,000 requests of each route the ratio was 0.35, and
// 0.45 once both were warm.
const WARM_UP_ROUNDS = 2;
const ROUNDS = 5;

/** Durable, signed activations over HTTP against an empty route of the same framework, in the same process. */
export async function activations(home: string): Promise<void> {
  const service = await startBench(home);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    await emptyRoute(service);
    await activate(service, await recordOrders(service, `warm-up-${round}`));
  }
  const before = rowsOf(service);
  const rounds: Round[] = [];
  const empty = [await emptyRoute(service)];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await activate(service, await recordOrders(service, `round-${round}`)));
    empty.push(await emptyRoute(service));
  }
  /** Each round by the empty route's before it and after it. */
  const ratios = (of: "rate" | "p99Ms") =>
    rounds.map((round, i) => round[of] / mean(empty.slice(i, i + 2).map((it) => it[of])));
  say("durable signed activations over HTTP / empty route", mean(ratios("rate")), [
    `${spread(ratios("rate"))} in ${ROUNDS} rounds of ${REQUESTS} requests, each between two of the empty route; ${CONNECTIONS} connections`,
    `${Math.round(meanOf(rounds, "rate"))} / ${Math.round(meanOf(empty, "rate"))} a second, in a ledger of ${before} to ${rowsOf(service)} rows`,
    `the service took ${percent(rounds, "serverShare")} of a core, ${percent(empty, "serverShare")} for the empty route; the load generator, a process of its own, ${percent(rounds, "clientShare")} and ${percent(empty, "clientShare")}`,
    "a generator that takes all of a core is what holds the route back, not the server",
  ]);
  say("p99 of an activation / p99 of the empty route", mean(ratios("p99Ms")), [
    `${spread(ratios("p99Ms"))} in the same rounds; ${meanOf(rounds, "p99Ms").toFixed(1)} / ${meanOf(empty, "p99Ms").toFixed(1)} ms`,
  ]);
  await service.close();
  await growth(home);
}

const meanOf = (rounds: readonly Round[], of: keyof Round): number => mean(rounds.map((round) => round[of]));

const percent = (rounds: readonly Round[], of: "serverShare" | "clientShare"): string =>
  `${Math.round(meanOf(rounds, of) * 100)} %`;
