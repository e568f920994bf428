import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importer } from "../../ingest/importers/lmstat/importer.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";

const samples = new URL("../../../shared/samples/lmstat/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";

const read = (name: string) => entriesOf(importer, sourceOf(readFileSync(new URL(name, samples)), name));

const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0);

/** Every entry of a report: of a feature, what there is of it, what is in use, and by users and reservations; or why not. */
const listed = async (name: string) =>
  (await read(name)).map((entry) => {
    if (entry.kind === "problem") return `${entry.place.line}: ${entry.code}`;
    if (entry.kind !== "use") throw new Error(entry.kind);
    const { product, issued, inUse, reserved, users, queued = 0 } = entry.use;
    const told = `${product} ${inUse}/${issued ?? "∞"} = ${sum(users)} + ${reserved}`;
    return queued > 0 ? `${told}, ${queued} wait` : told;
  });

/** Features of which nothing is in use: `name issued`. */
const unused = (vendor: string, ...features: string[]) =>
  features.map((feature) => {
    const [name, issued] = feature.split(" ");
    return `${vendor}/${name} 0/${issued} = 0 + 0`;
  });
/** Features of which all that is in use is reserved. */
const reserved = (...numbers: number[]) => numbers.map((it) => `VENDOR1/feature${it} 169/1814 = 0 + 169`);

describe.skipIf(reason !== "")(`lmstat's reports of others${reason}`, () => {
  test("lmstat_app1: 54 features, of which four have more users than are in use", async () => {
    expect(await listed("lmstat_app1.txt")).toEqual([
      // 11 more than the server counts.
      "VENDOR1/feature1 1206/1814 = 1085 + 132",
      // 2 more.
      "VENDOR1/feature100 2/10 = 4 + 0",
      ...unused("VENDOR1", "feature2 1814", "feature3 10", "feature4 10"),
      "VENDOR1/feature5 2/2 = 2 + 0, 2 wait",
      ...unused("VENDOR1", "feature6 1814", "feature7 10"),
      "VENDOR1/feature8 1/10 = 1 + 0",
      ...unused("VENDOR1", "feature9 10"),
      "VENDOR1/feature11 80/16384 = 80 + 0",
      ...unused("VENDOR1", "feature12 1", "feature13 13", "feature14 1", "feature15 1", "feature16 1"),
      ...unused("VENDOR1", "feature17 1", "feature18 1", "feature19 1", "feature20 1", "feature21 1"),
      "VENDOR1/feature22 1/21 = 1 + 0",
      ...unused("VENDOR1", "feature23 2", "feature24 3", "feature25 3", "feature26 1"),
      "VENDOR1/feature27 5/20 = 5 + 0",
      ...unused("VENDOR1", "feature28 1", "feature29 1"),
      ...reserved(30),
      // 17 more: two that are borrowed.
      "VENDOR1/feature31 299/1814 = 147 + 169",
      ...reserved(32, 33),
      // 14 more.
      "VENDOR1/feature34 1076/1814 = 969 + 121",
      ...reserved(35, 36, 37, 38, 39, 40, 41, 42, 42, 43, 44, 45, 46, 47, 48, 49, 10, 50, 51, 52),
    ]);
  });

  test("lmstat_app2: ten features, and in use is the sum of their users", async () => {
    expect(await listed("lmstat_app2.txt")).toEqual([
      ...unused("vendor1", "feature1 144"),
      "vendor1/feature2 22/144 = 22 + 0",
      ...unused("vendor1", "feature3 144", "feature4 144"),
      "vendor1/feature5 15/144 = 15 + 0",
      ...unused("vendor1", "feature6 144"),
      "vendor1/feature7 1/144 = 1 + 0",
      ...unused("vendor1", "feature8 144", "feature9 144", "feature10 1"),
    ]);
  });

  test("lmstat_app4: 60 features, one not counted, two that the server does not serve", async () => {
    const rest = (...features: string[]) => unused("LMCOMSOL", ...features);
    const two = (name: string, issued: number) => rest(`${name} ${issued}`, `${name}BATCH ${issued}`);
    expect(await listed("lmstat_app4.txt")).toEqual([
      "LMCOMSOL/SERIAL 1/∞ = 1 + 0",
      "LMCOMSOL/ACDC 1/2 = 1 + 0",
      ...rest("ACDCBATCH 2"),
      ...two("CADIMPORT", 3),
      ...two("CFD", 1),
      "LMCOMSOL/COMSOL 1/3 = 1 + 0",
      ...rest("COMSOLBATCH 3"),
      ...two("ELECTROCHEMISTRY", 1),
      ...two("LLEXCEL", 3),
      ...two("LLMATLAB", 1),
      ...rest("LLSOLIDWORKS 1"),
      ...two("MATLIB", 1),
      ...two("MEMS", 1),
      ...two("MICROFLUIDICS", 3),
      ...two("NONLINEARSTRUCTMATERIALS", 3),
      ...two("PARTICLETRACING", 3),
      ...two("RF", 1),
      ...two("STRUCTURALMECHANICS", 3),
      ...two("WAVEOPTICS", 1),
      "98: incomplete",
      "100: incomplete",
      "LMCOMSOL/COMSOLGUI 1/3 = 1 + 0",
      ...rest("CHATBOT 2", "CLIENTSERVER 3", "CLUSTERNODE 3"),
      "LMCOMSOL/COMSOLUSER 1/2 = 1 + 0",
      ...two("MODELMANAGER", 2),
      ...two("MODELMANAGERSERVER", 2),
      ...two("CADREADER", 3),
      ...rest("CADIMPORTUSER 2"),
      ...two("CHEM", 1),
      ...two("ELECTRODEPOSITION", 1),
      ...two("MOLECULARFLOW", 1),
      ...two("MULTIBODYDYNAMICS", 2),
      ...two("ECADIMPORT", 3),
      ...two("ACOUSTICS", 1),
      ...rest("SME 1", "ACO 1"),
    ]);
  });

  test("lmstat_server_down: the server that is down is told; the report ends before it names 39 users", async () => {
    expect(await listed("lmstat_server_down.txt")).toEqual([
      "9: incomplete",
      "daemon/feature1 0/144 = 0 + 0",
      "daemon/feature2 39/144 = 0 + 0",
    ]);
  });

  test("lmstat_i_app1: seventeen lines of a license file, all void", async () => {
    expect(await listed("lmstat_i_app1.txt")).toEqual(Array.from({ length: 17 }, (_, i) => `${i + 7}: void`));
  });

  test("users with spaces in their names, and encrypted displays", async () => {
    const uses = (await read("lmstat_app1.txt")).flatMap((entry) =>
      entry.kind === "use" ? [entry.use] : [],
    );
    const found = uses.find(({ product }) => product === "VENDOR1/feature100")?.users ?? [];
    expect(found.map(({ user, host, version }) => [user, host, version])).toEqual([
      ["user13", "server0356", "61.4"],
      ["Administrator", "ServerS1", "61.4"],
      ["John Doe", "John_D", "61.4"],
      ["Jane Doe Jr.", "jane", "10.1"],
    ]);
  });
});
