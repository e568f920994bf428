// Telemetry over HTTP against a plain loop that inserts the same lines.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { runChild } from "./child.ts";
import type { PostPlan, PostResult } from "./post.ts";
import { GROWN_ROWS } from "./rows.ts";
import { say } from "./say.ts";
import { type BenchService, startBench } from "./service.ts";
import { telemetryLines } from "./telemetry-lines.ts";

const EVENTS_A_CALL = 1000;
const CALLS = 200;
const WARM_UP_CALLS = 10;
const CONNECTIONS = 8;
const ROUNDS = 5;

/** Events a second in calls of a thousand, small and grown, each round beside the plain loop. */
export async function telemetry(home: string): Promise<void> {
  const service = await startBench(home);
  const from = { next: 0 };
  await post(service, from, WARM_UP_CALLS);
  const small = await rounds(home, service, from);
  while (from.next < GROWN_ROWS) await post(service, from, CALLS);
  const grownRows = from.next;
  const grown = await rounds(home, service, from);
  say("telemetry over HTTP / plain node:sqlite loop, the same lines", small.rate / small.plain, [
    `${Math.round(small.rate)} / ${Math.round(small.plain)} events a second, ${EVENTS_A_CALL} a call and a transaction, ${CONNECTIONS} connections, ${ROUNDS} rounds in turn`,
    `the service took ${percent(small.serviceShare)} of a core, the load generator, a process of its own, ${percent(small.clientShare)}`,
  ]);
  say("telemetry over HTTP, ledger grown / small", grown.rate / small.rate, [
    `${Math.round(grown.rate)} / ${Math.round(small.rate)} events a second, from ${grownRows} and from ${WARM_UP_CALLS * EVENTS_A_CALL} rows on`,
  ]);
  await service.close();
}

interface Measured {
  rate: number;
  plain: number;
  clientShare: number;
  serviceShare: number;
}

async function rounds(home: string, service: BenchService, from: { next: number }): Promise<Measured> {
  const measured: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const plain = plainRate(home, from.next);
    measured.push({ plain, ...(await post(service, from, CALLS)) });
  }
  const mean = (of: keyof Measured) => measured.reduce((sum, each) => sum + each[of], 0) / ROUNDS;
  return {
    rate: mean("rate"),
    plain: mean("plain"),
    clientShare: mean("clientShare"),
    serviceShare: mean("serviceShare"),
  };
}

/** Sends so many calls of new events, and sees that all were stored. */
async function post({ url, key }: BenchService, from: { next: number }, calls: number) {
  const plan: PostPlan = {
    url: `${url}/v1/events`,
    key,
    connections: CONNECTIONS,
    calls,
    eventsACall: EVENTS_A_CALL,
    first: from.next,
  };
  const before = process.cpuUsage();
  const { stored, seconds, cpuSeconds } = await runChild<PostResult>("post.ts", plan);
  const { user, system } = process.cpuUsage(before);
  const events = calls * EVENTS_A_CALL;
  if (stored !== events) throw new Error(`of ${events} events ${stored} were stored`);
  from.next += events;
  return {
    rate: events / seconds,
    clientShare: cpuSeconds / seconds,
    serviceShare: (user + system) / 1e6 / seconds,
  };
}

/** What SQLite does with the same lines, and nothing around it. */
function plainRate(home: string, first: number): number {
  const path = join(home, "plain.sqlite");
  const database = new DatabaseSync(path);
  database.exec("pragma journal_mode = wal; pragma synchronous = full");
  database.exec("create table line (id integer primary key, text text not null) strict");
  const insert = database.prepare("insert into line (text) values (?)");
  const calls = Array.from({ length: CALLS }, (_, i) =>
    telemetryLines(first + i * EVENTS_A_CALL, EVENTS_A_CALL),
  );
  const begun = performance.now();
  for (const lines of calls) {
    database.exec("begin immediate");
    for (const line of lines) insert.run(line);
    database.exec("commit");
  }
  const seconds = (performance.now() - begun) / 1000;
  database.close();
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  return (CALLS * EVENTS_A_CALL) / seconds;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
