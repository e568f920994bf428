// What the service counts about itself, in Prometheus' format. Node only: on Workers the app is in many isolates, each for a
// while, and a scrape would meet one of them; Cloudflare has metrics and logs of its own.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Ledger } from "../ledger/ledger.ts";
import { outboxLag, quarantineWaiting } from "../ledger/queries.ts";
import type { LimitName } from "./rate-limits.ts";

/** What is told of as it happens. */
export interface Metrics {
  /** A request was answered; `route` is its pattern, never its path. */
  answered(request: { method: string; route: string; status: number; milliseconds: number }): void;
  refused(code: string): void;
  rateLimited(limit: LimitName): void;
  /** A group of commands was committed, or could not be. */
  committed(group: { size: number; milliseconds: number }): void;
  /** Everything, as Prometheus reads it. */
  render(): Promise<{ text: string; type: string }>;
}

// From a request that reads to one that waits for a disk with a bad day.
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

export interface MetricsOptions {
  /** What is asked when somebody reads: nothing of this is on a request's path. */
  ledger: () => Pick<Ledger, "sql" | "queueLength"> | undefined;
  inFlight: () => { requests: number; bytes: number };
}

/** Makes metrics of their own registry: two services in one process do not meet. */
export function prometheusMetrics({ ledger, inFlight }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "keyhouse_http_requests_total",
    help: "Requests that were answered, by route and status",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "keyhouse_http_request_duration_seconds",
    help: "From a request's headers to the end of its answer",
    labelNames: ["method", "route"],
    buckets: SECONDS,
    registers,
  });
  const refusals = new Counter({
    name: "keyhouse_refusals_total",
    help: "Problem documents, by their code",
    labelNames: ["code"],
    registers,
  });
  const limited = new Counter({
    name: "keyhouse_rate_limited_total",
    help: "Requests that were too many, by limit",
    labelNames: ["limit"],
    registers,
  });
  const groupSizes = new Histogram({
    name: "keyhouse_commit_group_size",
    help: "Commands that shared a transaction",
    buckets: GROUP_SIZES,
    registers,
  });
  const commits = new Histogram({
    name: "keyhouse_commit_duration_seconds",
    help: "A transaction with its fsync",
    buckets: SECONDS,
    registers,
  });
  const gauge = (name: string, help: string, read: () => number | undefined): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => made.set(read() ?? 0),
    });
  };
  gauge("keyhouse_commit_queue_length", "Commands that wait for a transaction", () => ledger()?.queueLength);
  gauge("keyhouse_requests_in_flight", "Requests at hand", () => inFlight().requests);
  gauge("keyhouse_request_bytes_in_flight", "What their bodies may take", () => inFlight().bytes);
  const ofLedger = (read: typeof quarantineWaiting) => () => {
    const it = ledger();
    return it && read(it.sql);
  };
  gauge("keyhouse_quarantine_waiting", "Inputs that were not understood", ofLedger(quarantineWaiting));
  gauge("keyhouse_outbox_lag_events", "Events that no segment has yet", ofLedger(outboxLag));

  return {
    answered({ method, route, status, milliseconds }) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, milliseconds / 1000);
    },
    refused: (code) => refusals.inc({ code }),
    rateLimited: (limit) => limited.inc({ limit }),
    committed({ size, milliseconds }) {
      groupSizes.observe(size);
      commits.observe(milliseconds / 1000);
    },
    render: async () => ({ text: await registry.metrics(), type: registry.contentType }),
  };
}
