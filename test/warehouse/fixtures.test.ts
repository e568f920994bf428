// Every folder of fixtures/: what happened (input.ndjson) comes to these rows of this table (expected.csv). CONTRIBUTING.md,
// "A table", says how to add one.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatAnswer } from "../../warehouse/format.ts";
import { readModels } from "../../warehouse/models.ts";
import { temporaryFolder } from "../support/folder.ts";
import { modelsFor, readFixture } from "./fixture.ts";
import { loadHome, openHome, writeSegment } from "./support.ts";

const FOLDER = join(import.meta.dirname, "fixtures");
const models = await readModels();

const foldersIn = async (path: string) =>
  (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
const cases = (
  await Promise.all(
    (await foldersIn(FOLDER)).map(async (model) =>
      (await foldersIn(join(FOLDER, model))).map((name) => ({ model, name })),
    ),
  )
).flat();

test("every table has a fixture, and every fixture a table", () => {
  const tables = models.models.filter(({ layer }) => layer === "marts").map(({ name }) => name);
  const known = new Set(models.models.map(({ name }) => name));
  const covered = new Set(cases.map(({ model }) => model));
  expect(tables.filter((name) => !covered.has(name))).toEqual([]);
  expect(Array.from(covered).filter((name) => !known.has(name))).toEqual([]);
});

test.each(cases)("$model: $name", async ({ model, name }) => {
  const folder = join(FOLDER, model, name);
  const { asOf, lines, profiles, warnings, rates } = await readFixture(folder);
  const expected = (await readFile(join(folder, "expected.csv"), "utf8")).trim().split(/\r?\n/);
  const home = await temporaryFolder();
  for (const ofShard of Map.groupBy(lines, ({ shard }) => shard).values()) await writeSegment(home, ofShard);
  if (profiles.length > 0) await writeSegment(home, profiles, "profiles");
  const result = await loadHome(home, asOf, { models: modelsFor(models, model), rates });
  const lake = await openHome(home);
  const answer = await lake.texts(`select ${expected[0]} from ${model}`);
  const [, ...rows] = formatAnswer(answer, "csv").trim().split("\r\n");
  expect(rows.toSorted()).toEqual(expected.slice(1).toSorted());
  expect(result.warnings).toEqual(warnings);
});
