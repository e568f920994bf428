import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readXlsx } from "hucre/xlsx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { exportCsv, exportXlsx } from "../../warehouse/export.ts";
import { isOver, monthOf } from "../../warehouse/month-end.ts";
import { quote } from "../../warehouse/sql.ts";
import { readSnapshot } from "../../warehouse/snapshot.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runTool } from "../support/service.ts";
import { bind, catalog, day, sale } from "./facts.ts";
import { loadHome, writeSegments } from "./support.ts";

const FORMULA = `=HYPERLINK("http://127.0.0.1/?"&A1,"click")`;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keyhouse-export-"));
  const [january, february] = [
    { orderId: "A", orderedAt: day(30.9), quantity: 3, channel: FORMULA },
    { orderId: "B", orderedAt: day(31), currency: "USD", price: 999 },
  ];
  await writeSegments(home, [
    ...catalog(day(0)),
    ...sale(january),
    ...sale({ ...january, orderId: "T", isTest: true }),
    ...bind(january, { at: day(31.5), activationId: "a1" }),
    ...sale(february),
  ]);
  await loadHome(home, day(40));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const tool = (...args: string[]) => runTool(home, "warehouse/cli.ts", ...args);

/** The rows of a file that DuckDB reads, as text. */
async function rowsOf(read: string): Promise<(string | null)[][]> {
  const database = await openDatabase(":memory:");
  try {
    return (await database.texts(read)).rows;
  } finally {
    database.close();
  }
}

const lines = "select order_id, channel, amount, amount_major, ordered_at, is_test from";

test("csv has all rows of a table, and its formulas as texts", async () => {
  const path = join(await temporaryFolder(), "lines.csv");
  expect(await tool("export", "fct_order_line", "--out", path)).toContain(
    `${path}: 3 rows of fct_order_line`,
  );
  const text = await readFile(path, "utf8");
  expect(text.startsWith("\uFEFForder_id,")).toBe(true);
  expect(
    await rowsOf(`${lines} read_csv(${quote(path)}, header = true, all_varchar = true) order by order_id`),
  ).toEqual([
    ["A", `'${FORMULA}`, "30000", "300.000", "2026-01-31 21:36:00", "false"],
    ["B", "direct", "999", "9.990", "2026-02-01 00:00:00", "false"],
    ["T", `'${FORMULA}`, "30000", "300.000", "2026-01-31 21:36:00", "true"],
  ]);
});

test("a workbook has numbers, times and texts as such, and no formula", async () => {
  const path = join(await temporaryFolder(), "lines.xlsx");
  await tool(
    "export",
    "fct_order_line",
    "--format",
    "xlsx",
    "--where",
    "order_id = 'A' -- one",
    "--out",
    path,
  );
  const { sheets } = await readXlsx(await readFile(path), { readStyles: true });
  const [heading = [], ...rows] = sheets[0]?.rows ?? [];
  expect([sheets.length, sheets[0]?.name, rows.length]).toEqual([1, "fct_order_line", 1]);
  const row = Object.fromEntries(heading.map((name, index) => [String(name), rows[0]?.[index]]));
  expect(row).toMatchObject({
    order_id: "A",
    channel: FORMULA,
    quantity: 3,
    amount: 30_000,
    amount_major: 300,
    is_test: false,
    ordered_at: new Date(day(30.9)),
  });
  const cells = Array.from(sheets[0]?.cells?.values() ?? []);
  expect(cells.filter(({ formula, type }) => formula !== undefined || type === "formula")).toEqual([]);
});

test("parquet has the table's own types and values", async () => {
  const path = join(await temporaryFolder(), "lines.parquet");
  await tool("export", "fct_order_line", "--format", "parquet", "--where", "not is_test", "--out", path);
  expect(await rowsOf(`${lines} read_parquet(${quote(path)}) order by order_id`)).toEqual([
    ["A", FORMULA, "30000", "300.000", "2026-01-31 21:36:00", "false"],
    ["B", "direct", "999", "9.990", "2026-02-01 00:00:00", "false"],
  ]);
  const keys = await rowsOf(
    `select decode(value) from parquet_kv_metadata(${quote(path)}) where decode(key) = 'keyhouse.table'`,
  );
  expect(keys).toEqual([["fct_order_line"]]);
});

test.each(["csv", "xlsx"])(
  "a %s that breaks off leaves the file that was there, and nothing beside it",
  async (format) => {
    const folder = await temporaryFolder();
    const path = join(folder, "lines");
    await writeFile(path, "the last one");
    async function* chunks() {
      yield [["a"]];
      throw new Error("the disk is full");
    }
    const source = { names: ["x"], types: ["VARCHAR"], chunks: chunks() };
    const written =
      format === "csv"
        ? exportCsv(source, path, () => undefined)
        : exportXlsx(source, "lines", path, () => undefined);
    await expect(written).rejects.toThrow("the disk is full");
    expect(await readdir(folder)).toEqual(["lines"]);
    expect(await readFile(path, "utf8")).toBe("the last one");
  },
);

test("a large table is written as it is read: its rows are told of on the way", async () => {
  const path = join(await temporaryFolder(), "many.csv");
  const database = await openDatabase(":memory:");
  const told: number[] = [];
  const source = await database.stream("select i, 'row ' || i as name from range(100000) as r(i)");
  const { rows } = await exportCsv(source, path, (count) => told.push(count));
  database.close();
  expect(rows).toBe(100_000);
  expect(told.length).toBeGreaterThan(10);
  expect(told.at(-1)).toBe(100_000);
  expect(await rowsOf(`select count(*), sum(i) from read_csv(${quote(path)}, header = true)`)).toEqual([
    ["100000", "4999950000"],
  ]);
});

test.each<[string, string[], string]>([
  ["a table that is none", ["export", "fct_orders"], "There is no table fct_orders. There are agg_"],
  ["a format that is none", ["export", "meta", "--format", "pdf"], "--format is one of csv, xlsx, parquet"],
  ["two conditions", ["export", "meta", "--where", "true); select (1"], "--where is one condition"],
  ["a column that is none", ["export", "meta", "--where", "skew = 1"], '"skew" not found'],
  ["a snapshot that is none", ["export", "meta", "--snapshot", "7"], "There is no snapshot 7 yet"],
  ["a month that is none", ["month-end", "2026-13"], "2026-13 is not a month"],
])("%s is told, and nothing is written", async (_name, args, message) => {
  const out = join(await temporaryFolder(), "out");
  await expect(tool(...args, "--out", out)).rejects.toMatchObject({
    stderr: expect.stringContaining(message) as string,
  });
  expect(await readdir(join(out, ".."))).toEqual([]);
});

test("a month's pack has the month's lines and no others, its money by currency, and the snapshot it is of", async () => {
  const folder = join(await temporaryFolder(), "january");
  expect(await tool("month-end", "2026-01", "--out", folder)).toContain("15 files of 2026-01, snapshot 1");
  const csv = (name: string) =>
    `read_csv(${quote(join(folder, `${name}.csv`))}, header = true, all_varchar = true)`;
  expect(
    await rowsOf(`select currency, order_lines, seats, amount, amount_major from ${csv("totals")}`),
  ).toEqual([["EUR", "1", "3", "30000", "300.000"]]);
  expect(await rowsOf(`select order_id, is_test from ${csv("order-lines")}`)).toEqual([
    ["A", "false"],
    ["T", "true"],
  ]);
  expect(await rowsOf(`select count(*) from ${csv("entitlements-sold")}`)).toEqual([["2"]]);
  expect(await rowsOf(`select count(*) from ${csv("open-quarantine")}`)).toEqual([["0"]]);
  expect(await rowsOf(`select distinct outcome from ${csv("data-tests")}`)).toEqual([["holds"]]);
  const { tables } = await readSnapshot(join(home, "lake"), 1);
  const [file] = tables["fct_order_line"]?.files ?? [];
  expect(
    await rowsOf(
      `select value from ${csv("identity")} where what in ('snapshot', ${quote(file?.path ?? "")})`,
    ),
  ).toEqual([["1"], [file?.sha256]]);
  const { sheets } = await readXlsx(await readFile(join(folder, "order-lines.xlsx")));
  expect(sheets[0]?.rows).toHaveLength(3);
  const again = tool("month-end", "2026-01", "--out", folder);
  await expect(again).rejects.toMatchObject({
    stderr: expect.stringContaining("is there already") as string,
  });
});

test("a data test that warned is in the pack with what it found", async () => {
  const copy = await temporaryFolder();
  await cp(home, copy, { recursive: true });
  const path = join(copy, "lake", "snapshots", `${"1".padStart(20, "0")}.json`);
  const warnings = [
    'fct_order_line: "amount = quantity × unit_amount" does not hold for 2 row(s)',
    "A segment is missing.",
  ];
  const manifest = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...manifest, warnings }));
  const folder = join(copy, "pack");
  await runTool(copy, "warehouse/cli.ts", "month-end", "2026-02", "--out", folder);
  const found = `select test, outcome from read_csv(${quote(join(folder, "data-tests.csv"))}, header = true) where outcome <> 'holds'`;
  expect(await rowsOf(found)).toEqual([
    ["amount = quantity × unit_amount", "2 row(s)"],
    ["A segment is missing.", "warning"],
  ]);
});

test.each([
  ["2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ["2028-02", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
])("%s is from %s to before %s", (month, startsAt, endsAt) => {
  expect(monthOf(month)).toEqual({ month, startsAt, endsAt });
});

test.each([
  ["2026-01-31T23:59:59.999999Z", true],
  ["2026-01-31T23:59:58.000000Z", false],
  ["2026-03-01T00:00:00.000000Z", true],
])("as of %s January is over: %s", async (asOf, over) => {
  const manifest = await readSnapshot(join(home, "lake"), 1);
  expect(isOver({ ...manifest, as_of: asOf }, "2026-02-01T00:00:00Z")).toBe(over);
});
