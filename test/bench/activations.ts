// Single activations over HTTP against an empty route, and against themselves once the ledger has grown.

import { activation, order } from "../ingest/support.ts";
import { runChild } from "./child.ts";
import type { LoadPlan, LoadResult } from "./load.ts";
import { GROWN_ROWS } from "./rows.ts";
import { say } from "./say.ts";
import type { SendPlan, SendResult } from "./send.ts";
import { type BenchService, startBench } from "./service.ts";

const CONNECTIONS = 64;
const REQUESTS = 15_000;
// The engine compiles what it has seen often: both routes are measured when it has.
const WARM_UP = 5000;
const SEATS_AN_ORDER = 50;
/** Of a call that lets the ledger grow. */
const SEATS_A_CALL = 100_000;
/** The events of an activation, and its seat. */
const ROWS_AN_ACTIVATION = 3;

/** Durable, signed activations over HTTP against an empty route of the same framework, in the same process. */
export async function activations(home: string): Promise<void> {
  const service = await startBench(home);
  const empty: LoadPlan = {
    url: `${service.url}/empty`,
    method: "GET",
    connections: CONNECTIONS,
    bodies: Array.from({ length: REQUESTS }, () => ""),
  };
  await generate({ ...empty, bodies: empty.bodies.slice(0, WARM_UP) });
  await activate(service, "warm-up", WARM_UP);
  const before = await generate(empty);
  const small = await activate(service, "small", REQUESTS);
  const after = await generate(empty);

  const emptyRate = (rate(before) + rate(after)) / 2;
  const emptyP99 = (before.p99Ms + after.p99Ms) / 2;
  say("durable signed activations over HTTP / empty route", rate(small) / emptyRate, [
    `${Math.round(rate(small))} / ${Math.round(emptyRate)} a second, ${CONNECTIONS} connections`,
    `the load generator is a process of its own, and takes ${share(small)} of a core, and ${share(before)} for the empty route`,
  ]);
  say("p99 of an activation / p99 of the empty route", small.p99Ms / emptyP99, [
    `${small.p99Ms.toFixed(1)} / ${emptyP99.toFixed(1)} ms`,
  ]);

  await grow(service);
  const grown = await activate(service, "grown", REQUESTS);
  say("activations over HTTP, ledger grown / small", rate(grown) / rate(small), [
    `${Math.round(rate(grown))} / ${Math.round(rate(small))} a second, from ${rowsOf(service)} and from some ${WARM_UP * ROWS_AN_ACTIVATION} rows on`,
  ]);
  service.close();
}

/** Activates so many hosts, one request each, for orders that are there before. */
async function activate({ url, send }: BenchService, name: string, count: number): Promise<LoadResult> {
  const codes = await Promise.all(
    Array.from({ length: count / SEATS_AN_ORDER }, async (_, i) => {
      const { entitlements } = await send<{ entitlements: { activationCode: string }[] }>(
        "POST",
        "/v1/orders",
        order({ orderId: `${name}-${i}`, line: { quantity: SEATS_AN_ORDER } }),
      );
      return entitlements[0]?.activationCode ?? "";
    }),
  );
  const bodies = codes.flatMap((code) =>
    Array.from({ length: SEATS_AN_ORDER }, (_, seat) =>
      JSON.stringify(activation(code, { host: { id: `h-${seat}` } })),
    ),
  );
  const plan: LoadPlan = { url: `${url}/v1/activations`, method: "POST", connections: CONNECTIONS, bodies };
  const result = await generate(plan);
  if (result.failed > 0) throw new Error(`${result.failed} activations were refused`);
  return result;
}

/** Has licenses made until the ledger has so many rows. */
async function grow(service: BenchService): Promise<void> {
  const { url, key, send } = service;
  for (let call = 0; rowsOf(service) < GROWN_ROWS; call++) {
    const { entitlements } = await send<{ entitlements: { entitlementId: string }[] }>(
      "POST",
      "/v1/orders",
      order({ orderId: `grow-${call}`, line: { quantity: SEATS_A_CALL } }),
    );
    const entitlementId = entitlements[0]?.entitlementId ?? "";
    const plan: SendPlan = {
      url: `${url}/v1/licenses`,
      key,
      entitlementId,
      hosts: `grow-${call}`,
      count: SEATS_A_CALL,
    };
    await runChild<SendResult>("send.ts", plan);
  }
}

const rowsOf = ({ ledger }: BenchService): number =>
  ledger.sql.get<{ rows: number }>(
    "select (select count(*) from seat) + (select max(seq) from event) as rows",
  )?.rows ?? 0;

const generate = (plan: LoadPlan): Promise<LoadResult> => runChild("load.ts", plan);

const share = ({ cpuSeconds, seconds }: LoadResult): string =>
  `${Math.round((cpuSeconds / seconds) * 100)} %`;

const rate = ({ requests, seconds }: LoadResult): number => requests / seconds;
