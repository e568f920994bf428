import { expect, test } from "vitest";
import { checksOf } from "../../warehouse/checks.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { inBuildingOrder, type Model, readModels, readsOf } from "../../warehouse/models.ts";

const model = (name: string, sql: string, facts: Partial<Model> = {}): Model => ({
  name,
  layer: "marts",
  sql,
  description: "",
  grain: "",
  key: [],
  stored: false,
  turns_at: [],
  is_view: false,
  columns: [],
  tests: [],
  ...facts,
});

test("a model is built after all that it reads", () => {
  const models = [
    model("c", "select 1 from b join a using (x)"),
    model("b", "select 1 from a"),
    model("a", "select 1"),
  ];
  expect(inBuildingOrder(models).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("models that read one another are told", () => {
  expect(() => inBuildingOrder([model("a", "select 1 from b"), model("b", "select 1 from a")])).toThrow(
    "a → b → a",
  );
});

test("a comment and a function are not read from", () => {
  expect(
    readsOf(
      model("x", "select 1 -- from a\nfrom b, unnest([1]) inner join c on true left join range(3) on true"),
    ),
  ).toEqual(["b", "c"]);
});

test("every column of every model is described, and says its unit where it is a number of something", async () => {
  const { models } = await readModels();
  const bare = models.flatMap(({ name, columns }) =>
    columns.filter(({ description }) => !/[.…]$/.test(description)).map((column) => `${name}.${column.name}`),
  );
  expect(bare).toEqual([]);
  const amounts = models.flatMap(({ columns }) =>
    columns.filter(({ name }) => /(^|_)(amount|quantity|seats|days)(_|$)/.test(name)),
  );
  expect(amounts.filter(({ unit }) => unit === undefined).map(({ name }) => name)).toEqual([]);
  const instants = models.flatMap(({ columns }) => columns.filter(({ type }) => type === "TIMESTAMP"));
  expect(
    instants
      .filter(({ unit, name }) => unit !== "UTC" || !/_at(_before|_after)?$|^as_of$/.test(name))
      .map(({ name }) => name),
  ).toEqual([]);
});

test("marts list their columns", async () => {
  const { models } = await readModels();
  const last = models
    .filter(({ layer }) => layer === "marts")
    .map(({ name, sql }) => [name, /(?:^|\n)select\s+\*[^]*?$/.test(sql)]);
  expect(last.filter(([, isStar]) => isStar)).toEqual([]);
});

test("checks find the rows that break them, and no others", async () => {
  const database = await openDatabase(":memory:");
  await database.run(`
    create table parents as select unnest(['p', 'q']) as id;
    create table children as select * from (values ('a', 'p', 'x'), ('a', 'r', 'y'), (null, null, null)) as t(id, parent, kind)`);
  const children = model("children", "", {
    key: ["id"],
    columns: [
      {
        name: "parent",
        type: "VARCHAR",
        description: "",
        tests: [{ relationships: { to: "parents", field: "id" }, severity: "warn" }],
      },
      {
        name: "kind",
        type: "VARCHAR",
        description: "",
        tests: ["not_null", "unique", { accepted_values: ["x"], severity: "error" }],
      },
    ],
    tests: [{ name: "there are two", severity: "error", sql: "select 1 from children having count(*) <> 2" }],
  });
  const failures = await Promise.all(
    checksOf(children).map(async ({ name, severity, rows }) => [
      name,
      severity,
      (await database.rows(rows)).length,
    ]),
  );
  expect(failures).toEqual([
    ["id is not null", "error", 1],
    ["id is unique", "error", 1],
    ["parent is in parents.id", "warn", 1],
    ["kind is not null", "error", 1],
    ["kind is unique", "error", 0],
    ["kind is one of x", "error", 1],
    ["there are two", "error", 1],
  ]);
  database.close();
});
