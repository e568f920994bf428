// A load that builds on the snapshot before comes to the rows that one of everything comes to, whatever happened, and however
// it fell to the loads.

import { join } from "node:path";
import { expect, test } from "vitest";
import { createRandom, type Random } from "../../ingest/demo/random.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { newestSnapshot, type Manifest } from "../../warehouse/snapshot.ts";
import { quoteList } from "../../warehouse/sql.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bind, catalog, day, refuse, sale } from "./facts.ts";
import { isMistake, randomHistory } from "./random-history.ts";
import { type Line, loadHome, openHome, place, writeSegment } from "./support.ts";

const SEEDS = Number(process.env["KEYHOUSE_HISTORIES"] ?? 1);
const FIRST = Number(process.env["KEYHOUSE_FIRST_HISTORY"] ?? 1);
const ORDERS = 25;

/** What each load takes of the lines of each shard, and its as-of time: mostly in one month, forth and back. */
function loadsOf(random: Random, lines: readonly Line[]): { lines: Line[]; asOf: string }[] {
  const loads = random.integer(3, 5);
  return Array.from({ length: loads }, (_, index) => ({
    lines: lines.filter(({ shard, seq }) => {
      const last = lines.findLast((line) => line.shard === shard)?.seq ?? 0;
      const share = (at: number) => Math.round((last * (at === 0 ? 0 : at + loads)) / (2 * loads));
      return seq > share(index) && seq <= share(index + 1);
    }),
    asOf: day(random.chance(0.15) ? random.integer(330, 450) : random.integer(396, 422)),
  }));
}

/** Tables that tell of what was recorded, whether it counts or not, and of imports themselves. */
const OF_THE_RECORD = ["events", "meta", "fct_import", "int_repeated_event", "int_taken_back_order"];

/** Rows of a snapshot's table that another's does not have, of either. */
async function differencesOf(
  one: [string, Manifest],
  other: [string, Manifest],
  leftOut: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const database = await openDatabase(":memory:");
  const found: Record<string, unknown> = {};
  const rowsOf = ([lake, { tables }]: [string, Manifest], table: string) => {
    const files = tables[table]?.files.map(({ path }) => join(lake, path)) ?? [];
    const left = table === "meta" ? "exclude (snapshot, created_at)" : "";
    return files.length === 0
      ? null
      : `(select * ${left} from read_parquet(${quoteList(files)}, hive_partitioning = false))`;
  };
  // Each load tells of itself.
  const isCompared = (name: string) => name !== "fct_load" && !leftOut.includes(name);
  for (const table of Object.keys(one[1].tables).filter(isCompared)) {
    const [a, b] = [rowsOf(one, table), rowsOf(other, table)];
    if (a === null || b === null) {
      if (a !== b) found[table] = "is empty in one";
      continue;
    }
    const rows = await database.rows(
      `(select 'only incremental' as where_, * from (${a} except all ${b})) union all by name (select 'only full' as where_, * from (${b} except all ${a})) order by all limit 6`,
    );
    if (rows.length > 0) found[table] = rows;
  }
  database.close();
  return found;
}

test.each(Array.from({ length: SEEDS }, (_, index) => FIRST + index))(
  "a history that comes in several loads has the rows of one load of all, and of what was taken back none: seed %i",
  { timeout: 120_000 },
  async (seed) => {
    const random = createRandom(`incremental ${seed}`);
    const [home, whole, never] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
    const loads = loadsOf(random, randomHistory(random, ORDERS));
    let warnings: string[] = [];
    for (const { lines, asOf } of loads) {
      for (const ofShard of Map.groupBy(lines, ({ shard }) => shard).values()) {
        for (const folder of [home, whole]) await writeSegment(folder, ofShard);
        if (!ofShard.some(isMistake)) await writeSegment(never, ofShard);
      }
      // Now and then in many parts.
      const result = await loadHome(home, asOf, random.chance(0.3) ? { eventsPerPart: 40 } : {});
      ({ warnings } = result);
    }
    const asOf = loads.at(-1)?.asOf ?? "";
    const full = await loadHome(whole, asOf, { eventsPerPart: 150, isFull: true });
    const incremental = await newestSnapshot(join(home, "lake"));
    if (!incremental) throw new Error("nothing was loaded");
    expect(
      await differencesOf([join(home, "lake"), incremental], [join(whole, "lake"), full.manifest]),
    ).toEqual({});
    expect(warnings).toEqual(full.warnings);
    const without = await loadHome(never, asOf);
    expect(
      await differencesOf(
        [join(whole, "lake"), full.manifest],
        [join(never, "lake"), without.manifest],
        OF_THE_RECORD,
      ),
    ).toEqual({});
  },
);

test("an ID that comes again of another order, at a place before, takes the first one's event out of its order", async () => {
  const [home, whole] = [await temporaryFolder(), await temporaryFolder()];
  const first = place(
    [...catalog(day(0)), ...sale({ orderId: "A", orderedAt: day(35) }), ...refuse({ orderId: "A" }, day(40))],
    1,
    1,
  );
  const id = first.at(-1)?.["id"];
  const again = place([
    ...sale({ orderId: "B", orderedAt: day(50) }),
    ...refuse({ orderId: "B" }, day(51)),
  ]).map((line, index, all) => (index === all.length - 1 ? { ...line, id } : line));
  for (const folder of [home, whole]) await writeSegment(folder, first);
  await loadHome(home, day(49));
  for (const folder of [home, whole]) await writeSegment(folder, again);
  const incremental = await loadHome(home, day(52));
  const full = await loadHome(whole, day(52));
  expect(
    await differencesOf([join(home, "lake"), incremental.manifest], [join(whole, "lake"), full.manifest]),
  ).toEqual({});
  const lake = await openHome(home);
  expect(await lake.query("select order_id from fct_refusal")).toEqual([{ order_id: "B" }]);
  expect(await lake.query("select is_full from fct_load order by snapshot")).toEqual([
    { is_full: true },
    { is_full: false },
  ]);
});

test("seats beyond those bought stand in the way of no later load", async () => {
  const home = await temporaryFolder();
  const lines = place([
    ...sale({ orderId: "A", orderedAt: day(5) }),
    ...["a1", "a2"].flatMap((activationId) => bind({ orderId: "A" }, { at: day(6), activationId })),
  ]);
  await writeSegment(home, lines);
  await loadHome(home, day(62));
  await writeSegment(home, place(sale({ orderId: "B", orderedAt: day(61) }), lines.length + 1));
  await loadHome(home, day(63));
  expect(await (await openHome(home)).query("select count(*) as months from fct_overdraft_month")).toEqual([
    { months: 3 },
  ]);
});

test("a month in which nothing changed keeps its files, and fct_load says that not everything was computed", async () => {
  const home = await temporaryFolder();
  const orders = (ids: string[], at: number) =>
    ids.flatMap((orderId) => sale({ orderId, orderedAt: day(at) }));
  const first = place([...catalog(day(0)), ...orders(["A", "B"], 5), ...orders(["C"], 40)]);
  await writeSegment(home, first);
  const before = await loadHome(home, day(62));
  await writeSegment(
    home,
    place(
      [...orders(["D"], 61), ...bind({ orderId: "C" }, { at: day(61), activationId: "c1" })],
      first.length + 1,
    ),
  );
  const after = await loadHome(home, day(63));
  const filesOf = ({ manifest }: typeof before, table: string) =>
    (manifest.tables[table]?.files ?? []).map(({ path }) => path.replace(/^.*partition_month=/, ""));
  const [lines, linesAfter] = [filesOf(before, "fct_order_line"), filesOf(after, "fct_order_line")];
  expect(linesAfter.slice(0, 2)).toEqual(lines);
  expect(linesAfter.length).toBe(3);
  // C's entitlement was activated: its month is written anew, that of A and B is not.
  const [rights, rightsAfter] = [filesOf(before, "fct_entitlement"), filesOf(after, "fct_entitlement")];
  expect(rightsAfter[0]).toBe(rights[0]);
  expect(rightsAfter[1]).not.toBe(rights[1]);
  const lake = await openHome(home);
  expect(await lake.query("select is_full from fct_load order by snapshot")).toEqual([
    { is_full: true },
    { is_full: false },
  ]);
});
