import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Lake, openLake } from "../../warehouse/read.ts";
import { day } from "./facts.ts";
import { loadHome, writeSegments } from "./support.ts";
import { part, turningYear } from "./turning-year.ts";
import { query } from "./year.ts";

// All promises are about this one year, so it is loaded once.
let lake: Lake;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "keyhouse-history-"));
  await writeSegments(home, turningYear);
  await loadHome(home, day(330));
  const opened = await openLake(join(home, "lake"));
  if (!opened) throw new Error("nothing was loaded");
  lake = opened;
});
afterAll(async () => {
  lake.close();
  await rm(home, { recursive: true });
});

/** The day of the test calendar that an instant is in. */
const dayOf = (column: string) => `epoch(${column} - timestamp '2026-01-01') / 86400`;

const history = (entitlementId: string, columns: string) =>
  query(lake, `select ${columns} from entitlement_history where entitlement_id = '${entitlementId}'`);

test.each([
  [
    "seats that move",
    "ent-R-1",
    [
      ["Granted", "2 × Product CAD-PRO, Annual, node-locked", null, null],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-r1-1", "activated", null],
      ["Temporary license lent", "tmp-r1-failure", "failure", null],
      ["Seat moved", "windows 11 amd64", "rehosted", null],
      ["License issued", "lic-r1-2", "rehosted", null],
      ["Copy detected", "r1", null, null],
      ["Seat repaired", "windows 11 amd64", "repaired", null],
      ["License issued", "lic-r1-3", "repaired", null],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-r2-1", "activated", null],
      ["Seat returned", "r2", "returned", null],
      ["Renewed", "until 2027-10-28", "asked by phone", "support"],
    ],
  ],
  [
    "a right that rests",
    "ent-P-1",
    [
      ["Granted", "1 × Product CAD-PRO, Annual, node-locked", null, null],
      ["Suspended", "Product CAD-PRO", "unpaid", "support"],
      ["Reinstated", "Product CAD-PRO", "paid", "support"],
      ["Policy changed", "Product CAD-PRO", "asked by phone", "support"],
      ["Suspended", "Product CAD-PRO", "unpaid", "support"],
      ["Term ended", "Product CAD-PRO", null, null],
    ],
  ],
  [
    "seats that are bought and split off",
    "ent-S-1",
    [
      ["Granted", "5 × Product CAD-PRO, Annual, node-locked", null, null],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-s1-1", "activated", null],
      ["Seats added", "1 more, 6 in all", "asked by phone", "support"],
      ["Seats split off", "2 to ent-S-part", "asked by phone", "support"],
    ],
  ],
  [
    "a part that goes on",
    "ent-S-part",
    [
      ["Granted by a split", "2 × Product CAD-PRO, Annual, node-locked", null, null],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-p1-1", "activated", null],
      ["Transferred", "from C-4 to C-5", "asked by phone", "support"],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-p2-1", "activated", null],
    ],
  ],
  [
    "an upgrade",
    "ent-U-1",
    [
      ["Granted", "1 × Product CAD-PRO, Annual, node-locked", null, null],
      ["Upgraded", "Product CAD-MAX, Perpetual, floating", "asked by phone", "support"],
      ["Seats added", "4 more, 5 in all", "asked by phone", "support"],
      ["Seat bound", "windows 11 amd64", null, null],
      ["License issued", "lic-u1-1", "activated", null],
    ],
  ],
])("history tells %s in plain words", async (_turns, entitlementId, told) => {
  expect(await history(entitlementId, "what, subject, reason, decided_by")).toEqual(told);
});

test("history has the state before and after: a term that ended is in force again after a late renewal", async () => {
  const columns = `${dayOf("occurred_at")}, status_before, status_after, ${dayOf("ends_at_before")}, ${dayOf("ends_at_after")}, is_state_change`;
  expect((await history("ent-L-1", columns)).slice(3)).toEqual([
    [100, "active", "expired", 100, 100, true],
    [101, "expired", "expired", 100, 100, false],
    [130, "expired", "active", 100, 465, true],
  ]);
  expect((await history("ent-F-1", columns)).slice(0, 2)).toEqual([
    [8, null, "active", null, null, true],
    [20, "active", "active", null, 50, true],
  ]);
  expect((await history("ent-P-1", columns)).slice(1).map((row) => row.slice(0, 3))).toEqual([
    [50, "active", "suspended"],
    [80, "suspended", "active"],
    [85, "active", "active"],
    [190, "active", "suspended"],
    [200, "suspended", "suspended"],
  ]);
});

test("history says whose it was and whose it is, and on what a seat was", async () => {
  expect(
    await history(
      part.entitlementId,
      "customer_id, from_customer_id, present_customer_id, quantity_before, quantity_after, os_type, os_version, arch",
    ),
  ).toEqual([
    ["C-4", null, "C-5", null, 2, null, null, null],
    ["C-4", null, "C-5", 2, 2, "windows", "11", "amd64"],
    ["C-4", null, "C-5", 2, 2, null, null, null],
    ["C-5", "C-4", "C-5", 2, 2, null, null, null],
    ["C-5", null, "C-5", 2, 2, "windows", "11", "amd64"],
    ["C-5", null, "C-5", 2, 2, null, null, null],
  ]);
});
