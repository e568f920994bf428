import { join } from "node:path";
import { expect, test } from "vitest";
import { describeText, dictionaryRows, tablesOf } from "../../warehouse/dictionary.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { readModels } from "../../warehouse/models.ts";
import { quote } from "../../warehouse/sql.ts";
import { temporaryFolder } from "../support/folder.ts";
import { catalog, day, sale } from "./facts.ts";
import { loadHome, writeSegments } from "./support.ts";

const tables = tablesOf((await readModels()).models);
const columns = tables.flatMap(({ name, columns: its }) => its.map((column) => ({ table: name, ...column })));

test("every column of every table has an example", () => {
  expect(tables.length).toBeGreaterThan(20);
  const bare = columns.filter(({ example }) => example === undefined || example === "");
  expect(bare.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
});

test("an example is a value of its column: it casts to the type, and is one of those that are accepted", async () => {
  const database = await openDatabase(":memory:");
  const wrong: string[] = [];
  for (const { table, name, type, example = "", tests } of columns) {
    const cast = `try_cast(${quote(example)} as ${type})`;
    const [row] = await database.rows<{ fits: boolean }>(`select ${cast} is not null as fits`);
    const accepted = tests.flatMap((it) =>
      typeof it === "object" && "accepted_values" in it ? it.accepted_values : [],
    );
    if (row?.fits !== true || (accepted.length > 0 && !accepted.map(String).includes(example)))
      wrong.push(
        `${table}.${name}: ${example} is no ${type}${accepted.length > 0 ? ` of ${accepted.join(", ")}` : ""}`,
      );
  }
  database.close();
  expect(wrong).toEqual([]);
});

test("rows are sorted by columns that there are", () => {
  const unknown = tables.flatMap(({ name, sorted_by: sortedBy = [], columns: its }) =>
    sortedBy.filter((column) => !its.some((it) => it.name === column)).map((column) => `${name}.${column}`),
  );
  expect(unknown).toEqual([]);
});

test("the dictionary has a row for every column, with all that is known of it", () => {
  const { names, rows } = dictionaryRows(tables);
  expect(rows).toHaveLength(columns.length);
  const amount = rows.find((row) => row[0] === "fct_order_line" && row[3] === "amount") ?? [];
  expect(Object.fromEntries(names.map((name, index) => [name, amount[index]]))).toMatchObject({
    grain: "one line of an order, and one of each priced renewal, upgrade, extension, refund or credit of it",
    type: "BIGINT",
    unit: "minor units of currency",
    description:
      "What was paid for the line; below zero for what went back. The sum over an order line is what is left of its price.",
    example: "499500",
    is_key: "false",
  });
});

test("a table is described on lines that fit a terminal", () => {
  for (const table of tables)
    for (const line of describeText(table).split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("files and views carry the dictionary themselves", async () => {
  const home = await temporaryFolder();
  await writeSegments(home, [...catalog(day(0)), ...sale({ orderId: "A", orderedAt: day(1) })]);
  const { manifest } = await loadHome(home, day(10));
  const lake = join(home, "lake");
  const database = await openDatabase(join(lake, "keyhouse.duckdb"));
  try {
    for (const model of tables) {
      const [file] = manifest.tables[model.name]?.files ?? [];
      if (!file) continue;
      const entries = await database.rows<{ key: string; value: string }>(
        `select decode(key) as key, decode(value) as value from parquet_kv_metadata(${quote(join(lake, file.path))})`,
      );
      const found = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
      expect(found).toMatchObject({ "keyhouse.table": model.name, "keyhouse.grain": model.grain });
      const described = JSON.parse(found["keyhouse.columns"] ?? "[]") as { name: string; example: string }[];
      expect(described.map(({ name, example }) => [name, example])).toEqual(
        model.columns.map(({ name, example }) => [name, example]),
      );
    }
    expect(
      await database.rows(
        "select comment from duckdb_columns() where table_name = 'fct_order_line' and column_name = 'amount'",
      ),
    ).toEqual([
      {
        comment:
          "What was paid for the line; below zero for what went back. The sum over an order line is what is left of its price. [minor units of currency] Example: 499500",
      },
    ]);
  } finally {
    database.close();
  }
});
