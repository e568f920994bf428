// Imports killed with -9 at any moment, and begun again: what is on record in the end is what one import records.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkLedger } from "../../ingest/ledger/check.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { temporaryFolder } from "../support/folder.ts";

const IMPORT = join(import.meta.dirname, "../../ingest/cli/import.ts");
const ORDERS = 1200;
/** One to three an order, and one that says nothing. */
const LINES = 2 * ORDERS + 1;
const KILLS = Number(process.env["KEYHOUSE_KILLS"] ?? 3);
/** Nobody waits for more than so many beginnings. */
const MAX_STARTS = 3 * KILLS;

const MAPPING = `
products:
  - { from: "P-*", sku: ORBIT, name: Orbit, brand: Orbit }
models:
  - { from: annual, term: subscription, metric: node-locked }
table:
  columns:
    order: Order
    product: Product
    model: Model
    quantity: Seats
    customerId: Customer
    orderedAt: Ordered
    endsAt: Ends
    hostId: Host
`;

/** Orders of one to three lines, some with a computer; one line is there twice, one product is not mapped, one line says nothing. */
function table(): string {
  const lines = ["Order,Product,Model,Seats,Customer,Ordered,Ends,Host"];
  for (let order = 0; order < ORDERS; order++)
    for (let line = 0; line <= order % 3; line++)
      lines.push(
        [
          `SO-${order}`,
          order % 500 === 7 ? "Q-1" : `P-${line}`,
          "annual",
          1 + (order % 9),
          `C-${order % 700}`,
          "2025-02-03",
          "2026-02-02",
          order % 4 === 0 ? `host-${order}` : "",
        ].join(","),
      );
  lines.push("SO-9999,P-1,annual,none,C-1,2025-02-03,2026-02-02,");
  return `${lines.join("\n")}\n`;
}

async function home(): Promise<{ folder: string; args: string[] }> {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, "mappings"));
  writeFileSync(join(folder, "mappings", "csv.yaml"), MAPPING);
  writeFileSync(join(folder, "orders.csv"), table());
  return { folder, args: [IMPORT, "csv", join(folder, "orders.csv"), "--json"] };
}

const environment = (folder: string) => ({ ...process.env, KEYHOUSE_HOME: folder });

function bring({ folder, args }: Awaited<ReturnType<typeof home>>): { counts: Record<string, number> } {
  const ended = spawnSync(process.execPath, args, { env: environment(folder), encoding: "utf8" });
  if (ended.status !== 0) throw new Error(ended.stderr || ended.stdout);
  return JSON.parse(ended.stdout) as { counts: Record<string, number> };
}

/** All that is on record, but for IDs and times of record, which differ each time. */
function story(folder: string): string[] {
  const sql = openSqlite(join(folder, "ledger.sqlite"));
  try {
    expect(sql.transaction(() => checkLedger(sql, 0, () => undefined))).toEqual([]);
    return sql
      .all<{ line: string }>("select line from event where line is not null")
      .map(({ line }) => JSON.parse(line) as { type: string; order_id?: string; sku?: string; data: object })
      .map(({ type, order_id, sku, data }) => {
        const { quantity, host_hash, code } = data as Record<string, unknown>;
        return JSON.stringify([type, order_id, sku, quantity, typeof host_hash, code]);
      })
      .toSorted();
  } finally {
    sql.close();
  }
}

test("an import that is killed again and again comes to what one that nobody disturbs comes to", async () => {
  const undisturbed = await home();
  const begunAt = performance.now();
  const expected = bring(undisturbed);
  const whole = performance.now() - begunAt;
  expect(expected.counts).toMatchObject({ read: LINES, conflict: 0 });

  const killed = await home();
  let kills = 0;
  for (let starts = 0; kills < KILLS && starts < MAX_STARTS; starts++) {
    const child = spawn(process.execPath, killed.args, {
      env: environment(killed.folder),
      stdio: "ignore",
    });
    const gone = new Promise<NodeJS.Signals | null>((resolve) =>
      child.on("close", (_code, signal) => resolve(signal)),
    );
    // Anywhere from its beginning to its end, and a little later each time.
    await after((whole * (starts + 1)) / (KILLS + 1));
    child.kill("SIGKILL");
    if ((await gone) === "SIGKILL") kills += 1;
    else break;
  }
  expect(kills).toBeGreaterThan(0);
  const { counts } = bring(killed);
  expect(story(killed.folder)).toEqual(story(undisturbed.folder));
  // Where the last one that was killed had come to its end, all is known.
  const known = { ...expected.counts, accepted: 0, duplicate: expected.counts["accepted"] };
  expect(counts).toEqual(counts["accepted"] === 0 ? known : expected.counts);
  expect(bring(killed).counts).toMatchObject({ accepted: 0, read: LINES });
  expect(story(killed.folder)).toEqual(story(undisturbed.folder));
});
