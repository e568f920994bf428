import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importer } from "../../ingest/importers/flexnet/importer.ts";
import type { ReadContext } from "../../ingest/importers/importer.ts";
import { day } from "../ingest/importers/license-files.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";

const samples = new URL("../../../shared/samples/flexnet/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

const read = (name: string, context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(readFileSync(new URL(name, samples)), name), context);

/** Every entry of a file: its line; what it is a right to, or why it is none. */
const listed = async (name: string, context: Partial<ReadContext> = {}) =>
  (await read(name, context)).map((entry) => {
    if (entry.kind === "problem") return [entry.place.line, entry.place.column, entry.code];
    if (entry.kind !== "right") throw new Error(entry.kind);
    const { product, version, quantity, model, endsAt } = entry.right;
    return [entry.place.line, product, version, quantity, model.name, endsAt];
  });

describe.skipIf(reason !== "")(`FlexNet license files of others${reason}`, () => {
  test("every line of vmware_good.lic is a right, and the one that stands twice is one", async () => {
    const esx = "VMWARELM/PROD_ESX_FULL";
    const [floating, site] = ["FlexNet floating, permanent", "FlexNet site, permanent"];
    expect(await listed("vmware_good.lic")).toEqual([
      [7, esx, "2005.05", 32, floating, null],
      [15, "VMWARELM/VC_ESXHOST", "2005.05", 32, floating, null],
      [21, esx, "2005.05", 1, site, null],
      [27, esx, "2005.05", 32, floating, null],
      [34, esx, "2005.05", 1, site, null],
      [42, "VMWARELM/ESX_FULL_BACKUP", "2005.05", 1, site, null],
    ]);
    const orders = (await read("vmware_good.lic")).map((entry) =>
      entry.kind === "right" ? entry.right.order : "",
    );
    // Lines 7 and 27 are the same. Lines 21 and 34 are, but for their signatures.
    expect(orders[3]).toBe(orders[0]);
    expect(new Set(orders).size).toBe(5);
  });

  test("node_flexlm_example.lic: four rights, one that never was in force, and one of no known day", async () => {
    const dated = [
      [4, 29, "invalid"],
      [7, "orbit/venus", "2.0", 10, "FlexNet floating, dated", day("2014-05-16")],
      [10, "orbit/mars", "2.0", 10, "FlexNet floating, dated", day("2014-05-06")],
      [13, "orbit/gui", "2.0", 10, "FlexNet named user, dated", day("2014-05-11")],
      [16, "orbit/sun", "1.0", 1, "FlexNet named user, permanent", null],
    ];
    expect(await listed("node_flexlm_example.lic")).toEqual([...dated, [19, 1, "incomplete"]]);
    expect(await listed("node_flexlm_example.lic", { orderedAt: day("2013-09-17") })).toEqual([
      ...dated,
      [19, "orbit/neptune", "4.0", 1, "FlexNet site, permanent", null],
    ]);
  });

  test("no signature is kept with a line", async () => {
    for (const name of ["vmware_good.lic", "node_flexlm_example.lic"])
      for (const { input } of await read(name)) expect(input).toMatch(/SIGN=…( USER_BASED)?$/);
  });
});
