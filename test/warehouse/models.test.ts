import { expect, test } from "vitest";
import { checksOf, checkStatement } from "../../warehouse/checks.ts";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { inBuildingOrder, type Model, readModels, readsOf } from "../../warehouse/models.ts";
import { units } from "../../warehouse/units.ts";

const model = (name: string, sql: string, facts: Partial<Model> = {}): Model => ({
  name,
  layer: "marts",
  sql,
  description: "",
  grain: "",
  key: [],
  looks_back: false,
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

test("a table that is kept but for what changed says by columns of its own which rows those are", async () => {
  const { models } = await readModels();
  const faults = models.flatMap(
    ({
      name,
      layer,
      unit,
      stored,
      partitioned_by: by,
      looks_back: looksBack,
      turns_at: turns,
      period,
      columns,
    }) => {
      const has = (column: string) => columns.some((it) => it.name === column);
      const isKept = unit !== undefined && (layer === "marts" || stored);
      return [
        ...[by, ...turns].flatMap((column) =>
          column === undefined || has(column) ? [] : [`${name} has no ${column}`],
        ),
        ...(isKept && unit === "order" && !has("order_id") ? [`${name} does not say its order`] : []),
        // From when on something changed is known of what events touch.
        ...(looksBack && (by === undefined || unit === undefined || units[unit].events === null)
          ? [`${name} cannot say what is before a change`]
          : []),
        ...(period !== undefined && !["date", "week", "month"].includes(columns[0]?.name ?? "")
          ? [`${name} does not begin with its period`]
          : []),
        ...(unit !== undefined && period !== undefined ? [`${name} is both of a unit and by period`] : []),
      ];
    },
  );
  expect(faults).toEqual([]);
});

test("a unit's tables read no table that is computed whole, and a test that warns of them reads what is kept", async () => {
  const { models } = await readModels();
  const find = (name: string) => models.find((it) => it.name === name);
  const reads = models
    .filter(({ unit }) => unit !== undefined)
    .flatMap((it) => readsOf(it).map((name) => [it.name, find(name)] as const))
    .filter(([, read]) => read && read.unit === undefined && !["base", "staging"].includes(read.layer));
  expect(reads.map(([name, read]) => `${name} reads ${read?.name}`)).toEqual([]);
  const warnings = models
    .filter(({ unit }) => unit !== undefined)
    .flatMap(checksOf)
    .filter(({ severity }) => severity === "warn")
    .flatMap(({ name, rows }) => readsOf({ name: "", sql: rows }).map((read) => [name, find(read)] as const))
    .filter(
      ([, read]) => read && (read.layer === "staging" || (read.layer === "intermediate" && !read.stored)),
    );
  expect(warnings.map(([name, read]) => `"${name}" reads ${read?.name}`)).toEqual([]);
});

test("a test of a unit's table reads no table that is computed whole: it is run over some units, and that has all", async () => {
  const { models } = await readModels();
  const isWhole = (name: string) =>
    models.some((it) => it.name === name && it.unit === undefined && !["base", "staging"].includes(it.layer));
  const faults = models
    .filter(({ unit }) => unit !== undefined)
    .flatMap(({ name, tests }) =>
      tests.flatMap(({ name: check, sql }) =>
        readsOf({ name: "", sql })
          .filter(isWhole)
          .map((read) => `${name}: "${check}" reads ${read}`),
      ),
    );
  expect(faults).toEqual([]);
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
  // In one statement they find the same, of a table with rows and of one without.
  const counts = new Map(failures.map(([, , count], position) => [position, count]));
  const together = await database.rows<{ position: number; failures: number }>(
    checkStatement(checksOf(children)),
  );
  expect(together.map((row) => [row.position, row.failures])).toEqual(
    Array.from(counts).filter(([, count]) => count !== 0),
  );
  await database.run("delete from children");
  const ofNone = checksOf(children).filter(({ isOfRows }) => isOfRows);
  expect(await database.rows(checkStatement(ofNone))).toEqual([]);
  expect(ofNone).toHaveLength(failures.length - 1);
  database.close();
});
