import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importer } from "../../ingest/importers/rlm/importer.ts";
import { day } from "../ingest/importers/license-files.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";

const samples = new URL("../../../shared/samples/rlm/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

const read = (orderedAt?: number) =>
  entriesOf(importer, sourceOf(readFileSync(new URL("node_rlm_test.lic", samples))), { orderedAt });

describe.skipIf(reason !== "")(`an RLM license file of others${reason}`, () => {
  test("every license is a right, once it is said when they were ordered", async () => {
    const [dated, permanent] = ["RLM floating, dated", "RLM floating, permanent"];
    const rights = (await read(day("2012-01-01"))).map((entry) => {
      if (entry.kind !== "right") throw new Error(entry.kind);
      const { product, version, quantity, model, endsAt, features } = entry.right;
      return [entry.place.line, product, version, quantity, model.name, endsAt, features];
    });
    expect(rights).toEqual([
      [4, "prime/gui", "1.01", 50, dated, day("2012-12-02"), undefined],
      [7, "prime/server", "1.6", 50, dated, day("2013-01-01"), ["64Bit", "abc", "mat", "multiproc"]],
      [10, "prime/lib", "1.79", 50, dated, day("2013-01-01"), undefined],
      [15, "orbit/jupiter", "2.0", 10, dated, day("2014-12-01"), undefined],
      [18, "orbit/venus", "2.0", 10, dated, day("2013-12-01"), undefined],
      [20, "orbit/mars", "2.0", 10, dated, day("2013-12-01"), undefined],
      [22, "orbit/gui", "2.0", 10, permanent, null, ["64Bit"]],
      [25, "orbit/sun", "2.0", 1, permanent, null, ["64Bit"]],
      [28, "orbit/neptune", "4.0", 1, "RLM site, permanent", null, ["64Bit"]],
    ]);
  });

  test("until then, each of the nine says what is missing, without its signature", async () => {
    const entries = await read();
    expect(entries.map(({ place }) => place.line)).toEqual([4, 7, 10, 15, 18, 20, 22, 25, 28]);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        kind: "problem",
        code: "incomplete",
        detail: expect.stringContaining("--ordered-at"),
      });
      expect(entry.input).toMatch(/sig=…$/);
    }
  });
});
