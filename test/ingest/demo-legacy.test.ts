// What the demo's acquired brand brings along: files that importers read, and what comes of them in the lake.

import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeTime, YEAR } from "../../ingest/demo/calendar.ts";
import { type LegacyImport, legacyOf } from "../../ingest/demo/legacy.ts";
import { playYear } from "../../ingest/demo/year.ts";
import { importerOf } from "../../ingest/import/formats.ts";
import { readMapping } from "../../ingest/import/mapping.ts";
import { openLake } from "../../warehouse/read.ts";
import { playDemo } from "../support/demo.ts";
import { temporaryFolder } from "../support/folder.ts";
import { entriesOf, sourceOf } from "./importers/support.ts";

const year = { seed: 3, orders: 600 };
const legacy = legacyOf(year, playYear(year));

/** All entries of the files of an import, read by its mapping. */
async function entries({ format, mapping, files }: LegacyImport) {
  const read = readMapping(mapping.text);
  if (!read.ok) throw new Error(read.faults.join("\n"));
  const { table } = read.mapping;
  const importer = await importerOf(format);
  return Promise.all(files.map(({ name, text }) => entriesOf(importer, sourceOf(text, name), { table })));
}

test("the same seed has the same files, and another has others", () => {
  expect(legacyOf(year, playYear(year))).toEqual(legacy);
  expect(legacyOf({ seed: 4 }, playYear(year))).not.toEqual(legacy);
  expect(legacy.map(({ format }) => format)).toEqual(["csv", "lmstat"]);
});

test("all of a table is read but for the day that there never was", async () => {
  const [table] = legacy;
  const [read = []] = await entries(table!);
  const problems = read.flatMap((entry) => (entry.kind === "problem" ? [entry.detail] : []));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("2026-02-31");
  expect(read.length).toBeGreaterThan(10);
});

test("license servers tell of each look at them, and of as many users as are in use", async () => {
  const [, reports] = legacy;
  for (const read of await entries(reports!)) {
    expect(read).toHaveLength(28);
    for (const entry of read) {
      if (entry.kind !== "use") throw new Error(`no use: ${JSON.stringify(entry)}`);
      const { issued, inUse, users } = entry.use;
      expect(users).toHaveLength(inUse);
      expect(inUse).toBeLessThanOrEqual(issued ?? 0);
    }
  }
});

test("what is brought in is in the lake, beside what was ordered here", { timeout: 240_000 }, async () => {
  const home = await temporaryFolder();
  await playDemo(home, { seed: 338, orders: 80 }, [writeTime(YEAR.endsAt)]);
  const lake = await openLake(join(home, "lake"));
  if (!lake) throw new Error("nothing was loaded");
  onTestFinished(() => lake.close());
  const imports = await lake.query(
    "select source, entries_accepted > 0 as is_news, entries_quarantined > 0 as is_faulty from fct_import order by source",
  );
  expect(imports).toContainEqual({ source: "import:old-desk", is_news: true, is_faulty: true });
  const [rights] = await lake.query(
    "select count(*) as rights, count(distinct sku) as products, count(*) filter (where brand = 'Lumora') as lumora from fct_entitlement where source = 'import:old-desk'",
  );
  expect(rights).toMatchObject({ rights: rights?.["lumora"] });
  expect(rights?.["rights"]).toBeGreaterThan(0);
});
