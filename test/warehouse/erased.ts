// For the tests of an erasure: a lake of three snapshots, two of which name a person, and what has to be so afterwards.

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "vitest";
import { segmentName } from "../../ingest/event.ts";
import { type EraseOptions, findInLake } from "../../warehouse/erase.ts";
import { type Models, readModels } from "../../warehouse/models.ts";
import { openLake } from "../../warehouse/read.ts";
import { searchLake } from "../../warehouse/search.ts";
import { listSnapshots, readSnapshot } from "../../warehouse/snapshot.ts";
import { verifySnapshot } from "../../warehouse/snapshots.ts";
import { catalog, day, sale } from "./facts.ts";
import { modelsFor } from "./fixture.ts";
import { type Line, loadHome, place, writeSegment } from "./support.ts";

export const NAME = "Jo Example-Smith";
export const EMAIL = "jo.smith@example.org";
export const VALUES = [NAME, EMAIL, "Jo Smith"];
const orders = [1, 2, 3].map((n) => ({ orderId: `SO-${n}`, customerId: n === 2 ? "C-1" : "C-42" }));
const lines = place([
  ...catalog(day(0)),
  ...orders.flatMap((it, n) => sale({ ...it, orderedAt: day(n + 1) })),
]);
const profile = (seq: number, customerId: string, name: string | null, email: string | null): Line => ({
  shard: 0,
  seq,
  recorded_at: day(seq),
  customer_id: customerId,
  name,
  email,
  country: "DE",
});

/** What the two tables that name people are made of: all others have no name, and a load of them all takes five times as long. */
export async function personal(): Promise<Models> {
  return modelsFor(await readModels(), "dim_customer");
}

export const loadPersonal = async (folder: string, asOf: string, more: Parameters<typeof loadHome>[2] = {}) =>
  loadHome(folder, asOf, { models: await personal(), ...more });

/** A lake of three snapshots: before the person was known, with a first name of theirs, and with another one. */
export async function makeHome(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "keyhouse-erase-"));
  await writeSegment(made, lines.slice(0, 3));
  await loadPersonal(made, day(10));
  await writeSegment(made, lines.slice(3, 5));
  await writeSegment(
    made,
    [profile(1, "C-1", "Other Ltd", null), profile(2, "C-42", "Jo Smith", EMAIL)],
    "profiles",
  );
  await loadPersonal(made, day(10));
  await writeSegment(made, lines.slice(5));
  await writeSegment(made, [profile(3, "C-42", NAME, EMAIL)], "profiles");
  await loadPersonal(made, day(10));
  // As the ledger leaves it: emptied in their places, and one more that says so.
  for (const [first, last] of [
    [1, 2],
    [3, 3],
  ] as const) {
    const path = join(made, "segments", segmentName("profiles", 0, first, last));
    const text = gunzipSync(await readFile(path)).toString();
    await writeFile(path, gzipSync(VALUES.reduce((it, value) => it.replaceAll(`"${value}"`, "null"), text)));
  }
  await writeSegment(made, [profile(4, "C-42", null, null)], "profiles");
  return made;
}

export const optionsOf = (folder: string, more: Partial<EraseOptions> = {}): EraseOptions => ({
  lake: join(folder, "lake"),
  customerId: "C-42",
  shard: 0,
  profileSeq: 4,
  loadNext: () => loadPersonal(folder, day(10)),
  now: () => new Date(),
  ...more,
});

/** What every table of a snapshot says, but for the person's name. */
export async function tablesOf(lake: string, snapshot: number) {
  const open = await openLake(lake, snapshot);
  if (!open) throw new Error("nothing was loaded");
  try {
    const { models } = await personal();
    const tables: Record<string, unknown> = {};
    for (const { name } of models.filter(({ layer }) => layer === "marts" || layer === "base")) {
      const isPersonal = name === "profiles" || name === "dim_customer";
      tables[name] = (
        await open.texts(`from ${name}${isPersonal ? " where customer_id <> 'C-42'" : ""}`)
      ).rows;
      const rest = "select * exclude (name, email) from";
      if (isPersonal) tables[`${name} of all`] = (await open.texts(`${rest} ${name}`)).rows;
    }
    return tables;
  } finally {
    open.close();
  }
}

export async function expectNobody(lake: string): Promise<void> {
  expect(await findInLake(lake, "C-42")).toMatchObject({ snapshots: [], files: [], strays: [], names: [] });
  expect((await searchLake(lake, VALUES)).finds).toEqual([]);
  for (const number of await listSnapshots(lake))
    expect(await verifySnapshot(lake, await readSnapshot(lake, number))).toEqual([]);
}

/** Dies at a step, as it is counted from 0. */
export function dyingAt(dies: number) {
  let step = 0;
  return () => {
    if (step++ === dies) throw new Error("killed");
  };
}
