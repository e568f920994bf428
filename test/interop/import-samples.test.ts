// Files of others through the command, into a ledger and its lake: what was accepted is there, with where it came from.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { homeOf, openLedger } from "../../ingest/home.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import type { Catalog } from "../../licensing/index.ts";
import { temporaryFolder } from "../support/folder.ts";
import { loadHome, openHome } from "../warehouse/support.ts";

const samples = new URL("../../../shared/samples/", import.meta.url).pathname;
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";
const IMPORT = join(import.meta.dirname, "../../ingest/cli/import.ts");

const KEYGEN = [
  "--public-key=e8601e48b69383ba520245fd07971e983d06d22c4257cfd82304601479cee788",
  "--license-key=DC00E8-CC6DA1-2E35BF-BBDC02-E80494-V3",
  "--license-key=9E32DD-D8CC22-771926-C2D834-C506DC-V3",
  "--license-key=B10760-1B177D-656D1F-C03298-9AF89E-V3",
  "--fingerprint=198e9fe586114844f6a4eaca5069b41a7ed43fb5a2df84892b69826d64573e39",
];

/** What is brought in, and what becomes of it: read, accepted, duplicate, quarantined. Worked out by hand, entry by entry, in the tests of each format. */
const brought: [format: string, brand: string, args: string[], counts: [number, number, number, number]][] = [
  ["flexnet", "VMware", ["flexnet/vmware_good.lic"], [6, 5, 1, 0]],
  ["flexnet", "Orbit", ["flexnet/node_flexlm_example.lic", "--ordered-at=2013-01-01"], [6, 5, 0, 1]],
  ["rlm", "Prime", ["rlm/node_rlm_test.lic", "--ordered-at=2012-01-01"], [9, 9, 0, 0]],
  // A license, a license with its machine, and a license.
  [
    "keygen",
    "Keygen",
    [
      "keygen/license_file_node.lic",
      "keygen/machine_file_python.lic",
      "keygen/relay_license_1.lic",
      ...KEYGEN,
    ],
    [4, 4, 0, 0],
  ],
  ["lmstat", "Orbit", ["lmstat/lmstat_app2.txt"], [10, 10, 0, 0]],
];

/** Each feature that a server lends is a product; all else of a brand is one. */
const FEATURES = Array.from({ length: 10 }, (_, n) => `feature${n + 1}`);
const mapping = (brand: string) => `
customer: C-1
products:
${FEATURES.map((feature) => `  - { from: "*/${feature}", sku: ${feature} }`).join("\n")}
  - { from: "*", sku: ${brand.toUpperCase()}, name: ${brand}, brand: ${brand} }
`;

/** What the vendor sells already: the products that servers lend. */
const catalog = {
  version: "1",
  products: FEATURES.map((sku) => ({ sku, name: sku, brand: "Orbit", features: [] })),
  licenseModels: [
    { id: "perpetual", name: "Perpetual", metric: "site", term: { kind: "perpetual" }, policy: {} },
  ],
  priceBands: [],
} satisfies Catalog;

describe.skipIf(reason !== "")(`files of others, from the command to the lake${reason}`, () => {
  test("what is accepted is in the marts, with its source, once however often it is brought in", async () => {
    const home = await temporaryFolder();
    mkdirSync(join(home, "maps"));
    const { ledger, close } = openLedger(homeOf({ KEYHOUSE_HOME: home }));
    await ledger.execute("publishCatalog", { catalog, by: "test", occurredAt: null, source: "api" });
    close();
    const bring = ([format, brand, args]: (typeof brought)[number]) => {
      const map = join(home, "maps", `${brand}.yaml`);
      writeFileSync(map, mapping(brand));
      const paths = args.map((arg) => (arg.startsWith("--") ? arg : join(samples, arg)));
      const ended = spawnSync(process.execPath, [IMPORT, format, ...paths, "--map", map, "--json"], {
        env: { ...process.env, KEYHOUSE_HOME: home },
        encoding: "utf8",
      });
      if (ended.status !== 0) throw new Error(ended.stderr);
      const { counts } = JSON.parse(ended.stdout) as { counts: Record<string, number> };
      return [counts["read"], counts["accepted"], counts["duplicate"], counts["quarantined"]];
    };
    for (const one of brought) expect([one[0], bring(one)]).toEqual([one[0], one[3]]);
    // Each format once more: what it took is known.
    for (const one of brought.filter(([format, brand]) => format !== "flexnet" || brand === "VMware")) {
      const [read, accepted, duplicate, quarantined] = one[3];
      expect([one[0], bring(one)]).toEqual([one[0], [read, 0, accepted + duplicate, quarantined]]);
    }

    const sql = openSqlite(join(home, "ledger.sqlite"));
    await exportSegments(sql, 0, folderStore(join(home, "segments")));
    sql.close();
    await loadHome(home, "2026-11-30T00:00:00.000000Z");
    const lake = await openHome(home);
    const rows = async (query: string) =>
      (await lake.query(query)).map((row) => Object.values(row).map(String));
    expect(
      await rows(
        "select source, brand, count(*), sum(seats_bound) from fct_entitlement group by all order by all",
      ),
    ).toEqual([
      ["import:flexnet", "Orbit", "5", "0"],
      ["import:flexnet", "VMware", "5", "0"],
      ["import:keygen", "Keygen", "3", "1"],
      ["import:rlm", "Prime", "9", "0"],
    ]);
    // 22, 15 and 1 of what is floating there were in use, as its users add up to.
    expect(
      await rows("select source, count(*), sum(in_use), sum(issued) from fct_floating_use group by all"),
    ).toEqual([["import:lmstat", "10", "38", "1297"]]);
    expect(
      await rows("select source, sum(entries_accepted) from fct_import group by all order by all"),
    ).toEqual([
      ["import:flexnet", "10"],
      ["import:keygen", "4"],
      ["import:lmstat", "10"],
      ["import:rlm", "9"],
    ]);
    lake.close();
  });
});
