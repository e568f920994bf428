// Single activations over HTTP against an empty route.

import { activation, order } from "../ingest/support.ts";
import { runChild } from "./child.ts";
import type { LoadPlan, LoadResult } from "./load.ts";
import { say } from "./say.ts";
import { type BenchService, startBench } from "./service.ts";

const CONNECTIONS = 64;
const REQUESTS = 15_000;
// The engine compiles what it has seen often: both routes are measured when it has.
const WARM_UP = 5000;
const SEATS_AN_ORDER = 50;

/** Durable, signed activations over HTTP against an empty route of the same framework, in the same process. */
export async function activations(home: string): Promise<void> {
  const service = await startBench(home);
  const codes = await prepare(service);
  const bodies = codes.flatMap((code) =>
    Array.from({ length: SEATS_AN_ORDER }, (_, seat) =>
      JSON.stringify(activation(code, { host: { id: `h-${seat}` } })),
    ),
  );
  const empty: LoadPlan = {
    url: `${service.url}/empty`,
    method: "GET",
    connections: CONNECTIONS,
    bodies: Array.from({ length: REQUESTS }, () => ""),
  };
  const activate: LoadPlan = {
    url: `${service.url}/v1/activations`,
    method: "POST",
    connections: CONNECTIONS,
    bodies: bodies.slice(WARM_UP),
  };
  await generate({ ...empty, bodies: empty.bodies.slice(0, WARM_UP) });
  await generate({ ...activate, bodies: bodies.slice(0, WARM_UP) });
  const before = await generate(empty);
  const measured = await generate(activate);
  const after = await generate(empty);
  if (measured.failed > 0) throw new Error(`${measured.failed} activations were refused`);

  const emptyRate = (rate(before) + rate(after)) / 2;
  const emptyP99 = (before.p99Ms + after.p99Ms) / 2;
  say("durable signed activations over HTTP / empty route", rate(measured) / emptyRate, [
    `${Math.round(rate(measured))} / ${Math.round(emptyRate)} a second, ${CONNECTIONS} connections`,
    `the load generator is a process of its own, and takes ${share(measured)} of a core, and ${share(before)} for the empty route`,
  ]);
  say("p99 of an activation / p99 of the empty route", measured.p99Ms / emptyP99, [
    `${measured.p99Ms.toFixed(1)} / ${emptyP99.toFixed(1)} ms`,
  ]);
  service.close();
}

/** Orders with enough seats for every activation. */
function prepare({ send }: BenchService): Promise<string[]> {
  return Promise.all(
    Array.from({ length: (WARM_UP + REQUESTS) / SEATS_AN_ORDER }, async (_, i) => {
      const line = { quantity: SEATS_AN_ORDER };
      const { entitlements } = await send<{ entitlements: { activationCode: string }[] }>(
        "POST",
        "/v1/orders",
        order({ orderId: `SO-${i}`, line }),
      );
      return entitlements[0]?.activationCode ?? "";
    }),
  );
}

const generate = (plan: LoadPlan): Promise<LoadResult> => runChild("load.ts", plan);

const share = ({ cpuSeconds, seconds }: LoadResult): string =>
  `${Math.round((cpuSeconds / seconds) * 100)} %`;

const rate = ({ requests, seconds }: LoadResult): number => requests / seconds;
