// The service killed with -9 under load, round after round; and what it had acknowledged against what is found.

import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../ingest/event.ts";
import type { Sql } from "../../ingest/ledger/sql.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { activation, catalog, order } from "../ingest/support.ts";
import { outboxLines } from "../support/outbox.ts";
import { load, makeApiKey, type Service, sql, startService } from "../support/service.ts";

/** What clients are told of, each by its ID. */
export const kinds = ["orders", "seats", "licenses", "telemetry"] as const;
export type Kind = (typeof kinds)[number];
export type Ids = Record<Kind, string[]>;

/** Of one kind: how many were acknowledged, how many of those are missing, and what is there more than once. */
export interface Found {
  acknowledged: number;
  missing: number;
  twice: number;
}

export interface Round {
  /** After so many acknowledgements it was killed. */
  killedAfter: number;
  /** What this round acknowledged, in the ledger as the kill left it. */
  ledger: Record<Kind, Found>;
  ms: number;
}

export interface Report {
  rounds: Round[];
  /** All rounds together. */
  ledger: Record<Kind, Found>;
  lake: Record<Kind, Found>;
  /** Whether places are dense from 1, and SQLite finds its file sound. */
  isSound: boolean;
  /** Events in the ledger; how many the lake has, and how many places they have there. */
  events: { ledger: number; lake: number; places: number };
}

export interface KillOptions {
  home: string;
  rounds: number;
  clients: number;
  /** Told of each round when it is over. */
  onRound?: (round: Round, number: number) => void;
  /** Registers what has to be done when all is over, however it ends. */
  whenOver?: (clean: () => void) => void;
}

/** Another number each round, so that the service dies at another step. */
const acknowledgementsOf = (round: number) => 30 + ((round * 37) % 150);

/** Kills the service over and over, loads its lake, and says what was found. */
export async function killRounds({ home, rounds, clients, onRound, whenOver }: KillOptions): Promise<Report> {
  const key = await makeApiKey(home, "admin");
  const all = none();
  const report: Round[] = [];
  for (let number = 0; number < rounds; number += 1) {
    const startedAt = performance.now();
    const own = await killOnce(home, key, number, clients, whenOver);
    for (const kind of kinds) all[kind].push(...own[kind]);
    const ledger = asLeft(home, (left) => compare(own, idsOfLedger(left)));
    const round = {
      killedAfter: acknowledgementsOf(number),
      ledger,
      ms: Math.round(performance.now() - startedAt),
    };
    report.push(round);
    onRound?.(round, number);
  }

  const ledger = openSqlite(join(home, "ledger.sqlite"));
  const seqs = eventsOf(ledger).map(({ seq }) => seq);
  const { integrity_check: integrity } =
    ledger.get<{ integrity_check: string }>("pragma integrity_check") ?? {};
  const inLedger = compare(all, idsOfLedger(ledger));
  ledger.close();
  await load(home);
  const [counts] = await sql<{ lake: number; places: number }>(
    home,
    "select count(*)::int as lake, count(distinct seq)::int as places from events",
  );
  return {
    rounds: report,
    ledger: inLedger,
    lake: compare(all, await idsOfLake(home)),
    isSound: integrity === "ok" && seqs.every((seq, index) => seq === index + 1),
    events: { ledger: seqs.length, lake: counts?.lake ?? 0, places: counts?.places ?? 0 },
  };
}

async function killOnce(
  home: string,
  key: string,
  round: number,
  clients: number,
  whenOver: KillOptions["whenOver"],
): Promise<Ids> {
  const service = await startService(home, {}, whenOver);
  await post(service, "PUT", "/v1/catalog", key, catalog);
  const own = none();
  const afterEach = () => {
    if (own.orders.length + own.seats.length === acknowledgementsOf(round)) service.child.kill("SIGKILL");
  };
  await Promise.all(
    Array.from({ length: clients }, (_, client) =>
      beClient(service, key, `${round}-${client}`, own, afterEach),
    ),
  );
  await service.end("SIGKILL");
  return own;
}

/** Orders and activates, over and over, until the service is gone. */
async function beClient(
  service: Service,
  key: string,
  name: string,
  own: Ids,
  afterEach: () => void,
): Promise<void> {
  try {
    for (let n = 0; ; n += 1) {
      const orderId = `SO-${name}-${n}`;
      const placed = await post(service, "POST", "/v1/orders", key, order({ orderId }));
      own.orders.push(orderId);
      afterEach();
      const code = placed.entitlements?.[0]?.activationCode ?? "";
      const asked = activation(code, { host: { id: orderId } });
      const activated = await post(service, "POST", "/v1/activations", key, asked);
      own.seats.push(activated.activation?.activationId ?? "");
      own.licenses.push(activated.activation?.licenseId ?? "");
      afterEach();
      // As a collector does that is not sure of its last call: the same again, and something new.
      const events = [n - 1, n].map((number) => heartbeat(`${name}-${number}`));
      await post(service, "POST", "/v1/events", key, events);
      own.telemetry.push(`${name}-${n}`);
    }
  } catch (error) {
    // The kill breaks what was under way; anything else is a fault.
    if (error instanceof TypeError) return;
    throw error;
  }
}

const heartbeat = (id: string) => ({
  id,
  type: "telemetry.heartbeat",
  occurredAt: new Date().toISOString().replace(/T.*/, "T00:00:00Z"),
  activationId: `act_00${"0".repeat(26)}`,
});

const none = (): Ids => ({ orders: [], seats: [], licenses: [], telemetry: [] });

/** Every event, by what the ledger itself says of its place. */
const eventsOf = (ledger: Sql): Event[] => outboxLines(ledger).map((line) => JSON.parse(line) as Event);

interface Body {
  entitlements?: { activationCode: string }[];
  activation?: { activationId: string; licenseId: string };
}

async function post(
  service: Service,
  method: string,
  path: string,
  key: string,
  body: object,
): Promise<Body> {
  const response = await fetch(service.url + path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** Looks at a copy of the ledger's files, so that the next service finds them as the kill left them. */
function asLeft<T>(home: string, look: (ledger: Sql) => T): T {
  const copy = join(home, "left.sqlite");
  for (const end of ["", "-wal"]) {
    const path = join(home, `ledger.sqlite${end}`);
    if (existsSync(path)) copyFileSync(path, copy + end);
  }
  const ledger = openSqlite(copy);
  try {
    return look(ledger);
  } finally {
    ledger.close();
  }
}

function idsOfLedger(ledger: Sql): Ids {
  const ids = (query: string) => ledger.all<{ id: string }>(query).map(({ id }) => id);
  return {
    orders: ids("select order_id as id from orders"),
    seats: ids("select activation_id as id from seat"),
    licenses: eventsOf(ledger).flatMap((event) =>
      event.type === "license.issued" ? [event.license_id ?? ""] : [],
    ),
    telemetry: eventsOf(ledger).flatMap((event) =>
      event.type === "telemetry.heartbeat" ? [event.data.client_event_id] : [],
    ),
  };
}

async function idsOfLake(home: string): Promise<Ids> {
  const ids = async (query: string) => (await sql<{ id: string }>(home, query)).map(({ id }) => id);
  return {
    orders: await ids("select order_id as id from fct_order_line"),
    seats: await ids("select activation_id as id from fct_activation"),
    licenses: await ids("select license_id as id from events where type = 'license.issued'"),
    telemetry: await ids(
      "select data ->> 'client_event_id' as id from events where type = 'telemetry.heartbeat'",
    ),
  };
}

function compare(acknowledged: Ids, there: Ids): Record<Kind, Found> {
  const found = (kind: Kind): Found => {
    const known = new Set(there[kind]);
    return {
      acknowledged: acknowledged[kind].length,
      missing: acknowledged[kind].filter((id) => !known.has(id)).length,
      twice: there[kind].length - known.size,
    };
  };
  return Object.fromEntries(kinds.map((kind) => [kind, found(kind)])) as Record<Kind, Found>;
}
