// One round of requests from the load generator, as the parts on single activations send them.

import { activation, order } from "../ingest/support.ts";
import { runChild } from "./child.ts";
import type { LoadPlan, LoadResult } from "./load.ts";
import type { BenchService } from "./service.ts";

export const CONNECTIONS = 64;
/** Of a round: some seconds, in which the log of SQLite's writes goes into the file once. */
export const REQUESTS = 15_000;
/** The events of an activation, and its seat. */
export const ROWS_AN_ACTIVATION = 3;
const SEATS_AN_ORDER = 50;

/** What a round came to. */
export interface Round {
  /** Requests a second. */
  rate: number;
  p99Ms: number;
  /** Of one core, by this process with its threads, and by the load generator. */
  serverShare: number;
  clientShare: number;
}

/** A round of the empty route. */
export const emptyRoute = ({ url }: BenchService): Promise<Round> =>
  measure({
    url: `${url}/empty`,
    method: "GET",
    connections: CONNECTIONS,
    bodies: Array.from({ length: REQUESTS }, () => ""),
  });

/** Records orders for as many seats as a round has requests. @returns their activation codes */
export function recordOrders({ send }: BenchService, name: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: REQUESTS / SEATS_AN_ORDER }, async (_, i) => {
      const { entitlements } = await send<{ entitlements: { activationCode: string }[] }>(
        "POST",
        "/v1/orders",
        order({ orderId: `${name}-${i}`, line: { quantity: SEATS_AN_ORDER } }),
      );
      return entitlements[0]?.activationCode ?? "";
    }),
  );
}

/** A round of activations, one request each: all seats of these orders. */
export function activate({ url }: BenchService, codes: readonly string[]): Promise<Round> {
  // Each host comes once: what is known of one that came before is of no use.
  const bodies = codes.flatMap((code) =>
    Array.from({ length: SEATS_AN_ORDER }, (_, seat) =>
      JSON.stringify(activation(code, { host: { id: `${code} ${seat}` } })),
    ),
  );
  return measure({ url: `${url}/v1/activations`, method: "POST", connections: CONNECTIONS, bodies });
}

/** The rows of events and seats. */
export const rowsOf = ({ ledger }: BenchService): number =>
  ledger.sql.get<{ rows: number }>(
    "select (select count(*) from seat) + (select coalesce(max(seq), 0) from event) as rows",
  )?.rows ?? 0;

async function measure(plan: LoadPlan): Promise<Round> {
  const before = process.cpuUsage();
  const { requests, failed, seconds, cpuSeconds, p99Ms } = await runChild<LoadResult>("load.ts", plan);
  const { user, system } = process.cpuUsage(before);
  if (failed > 0) throw new Error(`${failed} requests were refused`);
  return {
    rate: requests / seconds,
    p99Ms,
    serverShare: (user + system) / 1e6 / seconds,
    clientShare: cpuSeconds / seconds,
  };
}
