// A person out of a lake: of every snapshot that is kept, whatever dies on the way and whoever loads or reads meanwhile.

import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { segmentName } from "../../ingest/event.ts";
import { eraseFromLake, findInLake } from "../../warehouse/erase.ts";
import { readModels } from "../../warehouse/models.ts";
import { openLake } from "../../warehouse/read.ts";
import { searchLake } from "../../warehouse/search.ts";
import { listSnapshots, readSnapshot } from "../../warehouse/snapshot.ts";
import { filesOf, verifySnapshot } from "../../warehouse/snapshots.ts";
import { temporaryFolder } from "../support/folder.ts";
import { dyingAt, expectNobody, loadPersonal, makeHome, optionsOf, tablesOf, VALUES } from "./erased.ts";
import { day } from "./facts.ts";

let made: string;
beforeAll(async () => void (made = await makeHome()));
afterAll(() => rm(made, { recursive: true, force: true }));

async function home() {
  const folder = await temporaryFolder();
  await cp(made, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

describe("a person who is erased from a lake", () => {
  test("is found by ID, with all that they were ever called there", async () => {
    const lake = join(await home(), "lake");
    const found = await findInLake(lake, "C-42");
    expect(found).toMatchObject({ kept: 3, snapshots: [3, 2], strays: [] });
    expect(found.files).toHaveLength(4);
    expect(new Set([...found.names, ...found.emails])).toEqual(new Set(VALUES));
    expect((await searchLake(lake, VALUES)).finds.map(({ column }) => column)).toEqual(
      expect.arrayContaining(["name", "email", "(its footer)"]),
    );
  });

  test("is in no snapshot any more, and every snapshot answers all else as before, with files that are sound", async () => {
    const folder = await home();
    const lake = join(folder, "lake");
    const before = [await tablesOf(lake, 1), await tablesOf(lake, 2), await tablesOf(lake, 3)];
    const untouched = await readFile(join(lake, "snapshots", `${"1".padStart(20, "0")}.json`));
    expect(await eraseFromLake(optionsOf(folder))).toEqual({
      cleanFrom: 4,
      rewritten: [3, 2],
      files: 4,
      removed: 4,
    });
    await expectNobody(lake);
    expect([await tablesOf(lake, 1), await tablesOf(lake, 2), await tablesOf(lake, 3)]).toEqual(before);
    expect(await readFile(join(lake, "snapshots", `${"1".padStart(20, "0")}.json`))).toEqual(untouched);
    const open = await openLake(lake, 2);
    onTestFinished(() => open?.close());
    expect(
      await open?.query("select customer_id, name, email, has_profile from dim_customer order by 1"),
    ).toEqual([
      { customer_id: "C-1", name: "Other Ltd", email: null, has_profile: true },
      { customer_id: "C-42", name: null, email: null, has_profile: true },
    ]);
    const [file] = (await readSnapshot(lake, 2)).tables["dim_customer"]?.files ?? [];
    expect(
      await open?.query(
        "select decode(value) as it from parquet_kv_metadata(?) where decode(key) = 'keyhouse.table'",
        [join(lake, file?.path ?? "")],
      ),
    ).toEqual([{ it: "dim_customer" }]);
    // Again there is nothing to do.
    expect(await eraseFromLake(optionsOf(folder))).toEqual({
      cleanFrom: 4,
      rewritten: [],
      files: 0,
      removed: 0,
    });
  });

  test("wherever it dies, the lake can be read, and the same again ends it", async () => {
    const loaded = await home();
    const first = { onStep: dyingAt(1) };
    await expect(eraseFromLake(optionsOf(loaded, first))).rejects.toThrow("killed");
    // From here on no load is needed, and there is one less to wait for at each step.
    const steps: string[] = [];
    const before = await tablesOf(join(loaded, "lake"), 3);
    const again = async () => {
      const folder = await temporaryFolder();
      await cp(loaded, folder, { recursive: true, preserveTimestamps: true });
      return folder;
    };
    await eraseFromLake(optionsOf(await again(), { onStep: (step) => void steps.push(step) }));
    expect(steps).toHaveLength(4 + 2 + 4);
    for (let dies = 0; dies < steps.length; dies += 1) {
      const folder = await again();
      const lake = join(folder, "lake");
      await expect(eraseFromLake(optionsOf(folder, { onStep: dyingAt(dies) }))).rejects.toThrow("killed");
      for (const number of await listSnapshots(lake))
        expect(await verifySnapshot(lake, await readSnapshot(lake, number))).toEqual([]);
      await eraseFromLake(optionsOf(folder));
      await expectNobody(lake);
      expect(await tablesOf(lake, 3)).toEqual(before);
    }
  });

  test("is not brought back by a load that began before, and ends after", async () => {
    const folder = await home();
    const lake = join(folder, "lake");
    const { promise: mayPublish, resolve: letPublish } = Promise.withResolvers<void>();
    const { promise: isBuilt, resolve: built } = Promise.withResolvers<void>();
    const steps: string[] = [];
    const late = loadPersonal(folder, day(11), {
      onStep: async (step) => {
        steps.push(step);
        if (step !== "publish" || steps.includes("start over: another load was first")) return;
        built();
        await mayPublish;
      },
    });
    await isBuilt;
    await eraseFromLake(optionsOf(folder));
    letPublish();
    await late;
    expect(steps).toContain("start over: another load was first");
    await expectNobody(lake);
    // What a load at the same time wrote new is not taken for leavings, nor is what the erasure wrote.
    expect(await listSnapshots(lake)).toEqual([5, 4, 3, 2, 1]);
  });

  test("a load that ends in between, and removes what no snapshot names, leaves it what it has written", async () => {
    const folder = await home();
    const lake = join(folder, "lake");
    const onStep = async (step: string) => {
      if (step === "replace snapshot 2") await loadPersonal(folder, day(12));
    };
    expect((await eraseFromLake(optionsOf(folder, { onStep }))).rewritten).toEqual([3, 2]);
    await expectNobody(lake);
    expect(await listSnapshots(lake)).toEqual([5, 4, 3, 2, 1]);
  });

  test("a snapshot that a load removes in between is not put back", async () => {
    const folder = await home();
    const lake = join(folder, "lake");
    const retention = { snapshots: 2, days: 0 };
    const onStep = async (step: string) => {
      if (step === "replace snapshot 2") await loadPersonal(folder, day(12), { retention });
    };
    expect((await eraseFromLake(optionsOf(folder, { onStep }))).rewritten).toEqual([3]);
    expect(await listSnapshots(lake)).toEqual([5, 4]);
    await expectNobody(lake);
  });

  test("files that died with a load or an erasure go too; what is half written is left to its writer", async () => {
    const folder = await home();
    const lake = join(folder, "lake");
    const [path = ""] = filesOf(await readSnapshot(lake, 3)).flatMap(({ path: it }) =>
      it.startsWith("profiles/") ? [it] : [],
    );
    const stray = path.replace(/-.*/, "-00000000-0000-4000-8000-000000000000.parquet");
    const half = path.replace(/-.*/, "-00000000-0000-4000-8000-000000000001.parquet");
    const soon = {
      now: () => new Date(),
      loadNext: async () => {
        const result = await loadPersonal(folder, day(10));
        await cp(join(lake, path), join(lake, stray));
        await writeFile(join(lake, half), (await readFile(join(lake, path))).subarray(0, 100));
        return result;
      },
    };
    expect((await eraseFromLake(optionsOf(folder, soon))).removed).toBe(5);
    await expectNobody(lake);
    expect(await readdir(join(lake, "profiles"))).toContain(half.slice("profiles/".length));
  });

  test("a lake that cannot take the word of it is not said to be clean", async () => {
    const folder = await home();
    await rm(join(folder, "segments", segmentName("profiles", 0, 4, 4)));
    await expect(eraseFromLake(optionsOf(folder))).rejects.toThrow("does not take the profiles up to 4");
  });

  test("a lake where nothing was loaded has nobody", async () => {
    const folder = await temporaryFolder();
    expect(await eraseFromLake(optionsOf(folder))).toEqual({
      cleanFrom: null,
      rewritten: [],
      files: 0,
      removed: 0,
    });
  });

  test("the tables that name people are those that have names beside customers", async () => {
    const { models } = await readModels();
    const people = models.filter(({ columns }) => {
      const names = columns.map(({ name }) => name);
      return names.includes("customer_id") && names.some((name) => name === "email" || name === "name");
    });
    expect(people.map(({ name }) => name).toSorted()).toEqual(["dim_customer", "profiles"]);
  });
});
