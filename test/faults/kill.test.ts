import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { activation, catalog, order } from "../ingest/support.ts";
import { temporaryFolder } from "../support/folder.ts";
import { load, makeApiKey, type Service, sql, startService } from "../support/service.ts";

const ROUNDS = 20;
const CLIENTS = 64;
/** Acknowledgements after which the service is killed: another number each round, so that it dies at another step. */
const acknowledgementsOf = (round: number) => 30 + ((round * 37) % 150);

interface Acknowledged {
  orders: string[];
  activations: string[];
}

test(`killed with -9 under ${CLIENTS} clients, ${ROUNDS} times, it loses nothing that it acknowledged, and doubles nothing`, async () => {
  const home = await temporaryFolder();
  const key = await makeApiKey(home, "admin");
  const acknowledged: Acknowledged = { orders: [], activations: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const service = await startService(home);
    await post(service, "PUT", "/v1/catalog", key, catalog);
    const before = acknowledged.orders.length + acknowledged.activations.length;
    const clients = Array.from({ length: CLIENTS }, (_, client) =>
      beClient(service, key, `${round}-${client}`, acknowledged, () => {
        const count = acknowledged.orders.length + acknowledged.activations.length - before;
        if (count === acknowledgementsOf(round)) service.child.kill("SIGKILL");
      }),
    );
    await Promise.all(clients);
    await service.end("SIGKILL");
  }

  const ledger = openSqlite(join(home, "ledger.sqlite"));
  const inLedger = (table: string, column: string) =>
    ledger.all<{ id: string }>(`select ${column} as id from ${table}`).map(({ id }) => id);
  expect(missing(acknowledged.orders, inLedger("orders", "order_id"))).toEqual([]);
  expect(missing(acknowledged.activations, inLedger("seat", "activation_id"))).toEqual([]);
  const seqs = ledger.all<{ seq: number }>("select seq from event order by seq").map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(ledger.get("pragma integrity_check")).toMatchObject({ integrity_check: "ok" });
  ledger.close();

  await load(home);
  const [counts] = await sql<Record<string, number>>(
    home,
    `select count(*)::int as events, count(distinct seq)::int as places, max(seq)::int as last from events`,
  );
  expect(counts).toEqual({ events: seqs.length, places: seqs.length, last: seqs.length });
  const orders = await sql<{ order_id: string }>(home, "select order_id from fct_order_line");
  const seats = await sql<{ activation_id: string }>(home, "select activation_id from fct_activation");
  const orderIds = orders.map(({ order_id }) => order_id);
  const activationIds = seats.map(({ activation_id }) => activation_id);
  expect(missing(acknowledged.orders, orderIds)).toEqual([]);
  expect(missing(acknowledged.activations, activationIds)).toEqual([]);
  expect(new Set(orderIds).size).toBe(orderIds.length);
  expect(new Set(activationIds).size).toBe(activationIds.length);
  // It is no proof where nothing was under way.
  expect(acknowledged.orders.length).toBeGreaterThan(ROUNDS * 15);
  expect(acknowledged.activations.length).toBeGreaterThan(ROUNDS * 5);
}, 180_000);

/** Orders and activates, over and over, until the service is gone. */
async function beClient(
  service: Service,
  key: string,
  name: string,
  acknowledged: Acknowledged,
  afterEach: () => void,
): Promise<void> {
  try {
    for (let n = 0; ; n++) {
      const orderId = `SO-${name}-${n}`;
      const placed = await post(service, "POST", "/v1/orders", key, order({ orderId }));
      acknowledged.orders.push(orderId);
      afterEach();
      const code = placed.entitlements?.[0]?.activationCode ?? "";
      const activated = await post(
        service,
        "POST",
        "/v1/activations",
        key,
        activation(code, { host: { id: orderId } }),
      );
      acknowledged.activations.push(activated.activation?.activationId ?? "");
      afterEach();
    }
  } catch (error) {
    // The kill breaks what was under way; anything else is a fault.
    if (error instanceof TypeError) return;
    throw error;
  }
}

interface Body {
  entitlements?: { activationCode: string }[];
  activation?: { activationId: string };
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

function missing(wanted: readonly string[], there: readonly string[]): string[] {
  const known = new Set(there);
  return wanted.filter((id) => !known.has(id));
}
