// A table of entitlements brought in, as a process: against a plain loop that inserts the same lines; and once more, when all is known.

import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { GROWN_ROWS } from "./rows.ts";
import { say } from "./say.ts";

const IMPORT = join(import.meta.dirname, "../../ingest/cli/import.ts");
const PEAK = join(import.meta.dirname, "peak.ts");
const LINES_AT_ONCE = 10_000;

const MAPPING = `
products:
  - { from: "CAD-*", sku: ATLAS-CAD, name: Atlas CAD, brand: Atlas }
  - { from: "CAM-*", sku: ATLAS-CAM, name: Atlas CAM, brand: Atlas }
models:
  - { from: Perpetual node, term: perpetual, metric: node-locked }
  - { from: Annual node, term: subscription, metric: node-locked }
  - { from: Annual floating, term: subscription, metric: floating }
table:
  columns:
    order: Order
    line: Line
    product: Part number
    model: License type
    quantity: Seats
    unitPrice: Price
    currency: Currency
    customerId: Customer
    customerName: Name
    country: Country
    orderedAt: Ordered
    endsAt: Ends
`;

/** Entitlements a second, of as many as {@link GROWN_ROWS}. */
export async function importing(home: string): Promise<void> {
  mkdirSync(join(home, "mappings"));
  writeFileSync(join(home, "mappings", "csv.yaml"), MAPPING);
  const file = join(home, "entitlements.csv");
  writeTable(file, GROWN_ROWS);
  const plain = insertPlainly(home, file);
  const first = bring(home, file);
  const again = bring(home, file);
  if (first.accepted !== GROWN_ROWS || again.duplicate !== GROWN_ROWS)
    throw new Error(`not all of ${GROWN_ROWS}: ${JSON.stringify([first, again])}`);
  const rate = GROWN_ROWS / first.seconds;
  say("import / plain inserts of the same lines", rate / (GROWN_ROWS / plain), [
    `${Math.round(rate)} entitlements a second of ${GROWN_ROWS}, in ${first.seconds.toFixed(1)} s, at most ${first.peakMiB} MiB; ${Math.round(GROWN_ROWS / plain)} inserted plainly`,
    `${Math.round(GROWN_ROWS / again.seconds)} a second when all is known`,
  ]);
}

interface Brought {
  accepted: number;
  duplicate: number;
  seconds: number;
  peakMiB: number;
}

function bring(home: string, file: string): Brought {
  const peak = join(home, "peak");
  const begunAt = performance.now();
  const ended = spawnSync(process.execPath, ["--import", PEAK, IMPORT, "csv", file, "--json"], {
    env: { ...process.env, KEYHOUSE_HOME: home, KEYHOUSE_PEAK: peak },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seconds = (performance.now() - begunAt) / 1000;
  if (ended.status !== 0) throw new Error(`the import ended with ${ended.status}`);
  const { counts } = JSON.parse(ended.stdout) as { counts: Pick<Brought, "accepted" | "duplicate"> };
  return { ...counts, seconds, peakMiB: Number(readFileSync(peak, "utf8")) };
}

/** A line a row of one table with one index, a thousand a transaction: what SQLite does with so many bytes, and no more. @returns seconds */
function insertPlainly(home: string, file: string): number {
  const database = new DatabaseSync(join(home, "plain.sqlite"));
  database.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table line (customer text, body text); create index by_customer on line (customer)`);
  const insert = database.prepare("insert into line values (?, ?)");
  const begunAt = performance.now();
  const lines = readFileSync(file, "utf8").split("\n").slice(1, -1);
  for (let from = 0; from < lines.length; from += 1000) {
    database.exec("begin");
    for (const line of lines.slice(from, from + 1000)) insert.run(line.split(",")[7] ?? "", line);
    database.exec("commit");
  }
  database.close();
  return (performance.now() - begunAt) / 1000;
}

/** Orders of one or two lines, of a fifth as many customers, in the order of time. */
function writeTable(path: string, rows: number): void {
  const file = openSync(path, "w");
  writeSync(
    file,
    "Order,Line,Part number,License type,Seats,Price,Currency,Customer,Name,Country,Ordered,Ends\n",
  );
  const customers = Math.ceil(rows / 5);
  let order = 0;
  for (let row = 0; row < rows;) {
    const some: string[] = [];
    for (; some.length < LINES_AT_ONCE && row < rows; order++) {
      const customer = (order * 7919) % customers;
      const [model, years] = MODELS[order % MODELS.length] ?? MODELS[0];
      const day = new Date(Date.UTC(2015, 0, 1) + order * 600_000);
      const ends =
        years === 0 ? "permanent" : new Date(day.getTime() + 365 * 86_400_000).toISOString().slice(0, 10);
      for (let line = 1; line <= 1 + (order % 2) && row < rows; line++, row++)
        some.push(
          `SO-${100_000 + order},${line},${line === 1 ? "CAD" : "CAM"}-${order % 40},${model},${1 + (order % 20)},${99 + (order % 900)}.00,EUR,${customer},"Customer ${customer}, Ltd",${COUNTRIES[customer % COUNTRIES.length]},${day.toISOString().slice(0, 10)},${ends}`,
        );
    }
    writeSync(file, `${some.join("\n")}\n`);
  }
  closeSync(file);
}

const MODELS = [
  ["Annual node", 1],
  ["Perpetual node", 0],
  ["Annual floating", 1],
] as const;
const COUNTRIES = ["DE", "US", "FR", "JP", "GB"];
