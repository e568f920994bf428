// A person out of a whole home: ledger, segments, lake and what else lies there, wherever it dies and whatever goes on.

import { spawnSync } from "node:child_process";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { erasePerson, type ErasureOptions } from "../../ingest/erasure/course.ts";
import { type Programs, programsOf as programs } from "../../ingest/erasure/programs.ts";
import { reportText } from "../../ingest/erasure/report.ts";
import { takeTurn } from "../../ingest/erasure/turn.ts";
import { homeOf } from "../../ingest/home.ts";
import { checkLedger } from "../../ingest/ledger/check.ts";
import { bucketOf } from "../../ingest/segments/bucket.ts";
import { exportSegments } from "../../ingest/segments/exporter.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { eraseFromLake, findInLake } from "../../warehouse/erase.ts";
import { readModels } from "../../warehouse/models.ts";
import { searchLake } from "../../warehouse/search.ts";
import { newestSnapshot } from "../../warehouse/snapshot.ts";
import type { SegmentStore } from "../../ingest/segments/store.ts";
import { temporaryFolder } from "../support/folder.ts";
import { outboxLines } from "../support/outbox.ts";
import { BUCKET, REGION, s3Access, startS3 } from "../support/s3.ts";
import { dyingAt } from "../warehouse/erased.ts";
import { loadHome } from "../warehouse/support.ts";
import { stoppedImport } from "./import/stopped.ts";
import { activation, appWithOrder, order } from "./support.ts";

const NAME = "Jo Example-Smith";
const EMAIL = "jo.smith@example.org";
const AS_OF = "2026-12-31T00:00:00.000000Z";
const person = { id: "C-42", name: NAME, email: EMAIL, country: "DE" };

/** The base tables alone: the person's name stands in one of them, and a load takes a tenth of the time. */
const base = async () => {
  const all = await readModels();
  return { ...all, models: all.models.filter(({ layer }) => layer === "base") };
};

/** A home with two customers and two snapshots of its lake, an order that no segment has yet, and quarantined input. */
async function home(bucket?: SegmentStore) {
  const it = homeOf({ KEYHOUSE_HOME: await temporaryFolder() });
  const { app, admin, code } = await appWithOrder({ customer: person }, { path: it.ledger });
  onTestFinished(() => app.sql.close());
  const place = (orderId: string, customer: object) =>
    app.send("POST", "/v1/orders", order({ orderId, customer }), admin);
  const load = async () => {
    await exportSegments(app.sql, 0, bucket ?? folderStore(it.segments));
    await loadHome(it.root, AS_OF, { models: await base(), source: bucket });
  };
  await load();
  await place("SO-2", { id: "C-1", name: "Other Ltd" });
  await place("SO-3", { ...person, name: "Jo Smith-Example" });
  await app.send("POST", "/v1/activations", activation(code, { host: { id: "h", name: "jos-laptop" } }));
  await load();
  await place("SO-4", { ...person, name: "Dr Jo Smith-Example" });
  await app.ledger.execute("quarantine", {
    source: "shopify",
    stage: "map",
    code: "invalid_request",
    detail: "no lines",
    input: JSON.stringify({ email: EMAIL }),
  });
  await stoppedImport(app.ledger, it, [`${NAME}.csv`, "others.csv"], `${NAME};${EMAIL}`);
  return { it, app, place, load };
}

/** The warehouse in this process. There is no site to be built. */
function programsOf(root: string, source?: SegmentStore): Programs {
  const lake = join(root, "lake");
  return {
    // To read the ledger's file in this process would let go of its locks.
    searchFiles: (within, values) => programs(root).searchFiles(within, values),
    find: (customerId) => findInLake(lake, customerId),
    search: (values) => searchLake(lake, values),
    erase: async (asked) =>
      eraseFromLake({
        ...asked,
        lake,
        now: () => new Date(),
        loadNext: async () => loadHome(root, AS_OF, { models: await base(), source }),
      }),
    report: () => Promise.reject(new Error("there is no site")),
  };
}

const optionsOf = (it: ReturnType<typeof homeOf>, more: Partial<ErasureOptions> = {}): ErasureOptions => ({
  home: it,
  customerId: "C-42",
  by: "privacy desk",
  isDryRun: false,
  bucket: undefined,
  programs: programsOf(it.root),
  ...more,
});

const linesOf = (sql: Parameters<typeof outboxLines>[0]) =>
  outboxLines(sql).filter((line) => !line.includes('"type":"customer.erased"'));

test("who has the turn keeps it while every file of the home is searched, the lock's own among them", async () => {
  const root = await temporaryFolder();
  const turn = takeTurn(root, "C-42");
  const script = `const { DatabaseSync } = require("node:sqlite");
    new DatabaseSync(process.argv[1], { timeout: 0 }).exec("begin exclusive");`;
  const isFree = () =>
    spawnSync(process.execPath, ["-e", script, join(root, ".erase.lock")], { stdio: "ignore" }).status === 0;
  expect(isFree()).toBe(false);
  expect((await programs(root).searchFiles("", [NAME])).searched).toContain(".erase.lock");
  expect(isFree()).toBe(false);
  turn.end();
  expect(isFree()).toBe(true);
});

describe("an erasure of a home", () => {
  test("finds the person in every place, names none of it in what it says, and leaves nothing", async () => {
    const { it, app, load } = await home();
    const before = linesOf(app.sql);
    const dry = await erasePerson(optionsOf(it, { isDryRun: true }));
    expect(linesOf(app.sql)).toEqual(before);
    expect(dry.places.every(({ now }) => now === null)).toBe(true);

    const report = await erasePerson(optionsOf(it));
    expect(report.left).toEqual([]);
    expect(report.places.map(({ place, before: count }) => [place, count])).toEqual(
      dry.places.map(({ place, before: count }) => [place, count]),
    );
    const counts = Object.fromEntries(report.places.map(({ place, before: count }) => [place, count]));
    expect(counts).toMatchObject({
      "ledger: profiles": 3,
      "ledger: names of hosts": 1,
      "ledger: quarantined input": 1,
      "ledger: all other texts": 1,
      "imports: what was read and is not recorded yet": 1,
      "segments: lines of profiles": 2,
      "lake: rows of profiles and dim_customer": 2,
      "home: other files": 0,
    });
    expect(counts["ledger: bytes of the file and its log"]).toBeGreaterThan(0);
    expect(counts["lake: texts of all columns"]).toBeGreaterThan(0);
    expect(report.places.map(({ now }) => now)).toEqual(report.places.map(() => 0));
    for (const word of [NAME, EMAIL, "Jo Smith"])
      expect(reportText(report) + JSON.stringify(report)).not.toContain(word);

    expect(app.sql.get("select files from import")).toEqual({ files: '["(erased)","others.csv"]' });
    // Segments have the same places, the ledger is sound, and the lake goes on from there.
    expect(linesOf(app.sql)).toEqual(before);
    expect(checkLedger(app.sql, 0, () => undefined)).toEqual([]);
    const store = folderStore(it.segments);
    const places: number[] = [];
    for (const name of (await store.list("profiles/")).filter((path) => path.startsWith("profiles/")))
      for (const line of gunzipSync((await store.read(name)) ?? "")
        .toString()
        .trimEnd()
        .split("\n"))
        places.push((JSON.parse(line) as { seq: number }).seq);
    expect(places).toEqual([1, 2, 3, 4, 5]);
    await load();
    const again = await erasePerson(optionsOf(it));
    expect(again.left).toEqual([]);
    // Nobody knows any more what to search for, and it does not say that it did.
    expect(again.places.find(({ place }) => place === "lake: texts of all columns")?.searched).toBe(
      "nothing: no text known",
    );
  });

  test("wherever it dies, and dies again, the same again ends it; another's is as it was", async () => {
    const steps: string[] = [];
    const whole = await home();
    await erasePerson(optionsOf(whole.it, { onStep: (step) => void steps.push(step) }));
    expect(steps.length).toBeGreaterThan(6);
    const points = fc.integer({ min: 1, max: steps.length - 1 });
    const property = fc.asyncProperty(fc.array(points, { minLength: 1, maxLength: 2 }), async (deaths) => {
      const { it, app, load } = await home();
      const before = linesOf(app.sql);
      for (const dies of deaths)
        // One that has less to do may come to its end before it would die.
        await erasePerson(optionsOf(it, { onStep: dyingAt(dies) })).catch((error: Error) => {
          if (error.message !== "killed") throw error;
        });
      await load();
      const report = await erasePerson(optionsOf(it));
      expect(report.left).toEqual([]);
      expect(linesOf(app.sql)).toEqual(before);
      for (const word of [NAME, EMAIL, "jos-laptop"])
        for (const file of [it.ledger, `${it.ledger}-wal`])
          expect((await readFile(file)).includes(word)).toBe(false);
      expect((await newestSnapshot(join(it.root, "lake")))?.watermarks.profiles).toEqual({ "0": 5 });
      expect(app.sql.all("select name from profile where customer_id = 'C-1'")).toEqual([
        { name: "Other Ltd" },
      ]);
      expect(linesOf(app.sql).length + 1).toBe(outboxLines(app.sql).length);
    });
    const examples = Array.from({ length: steps.length - 1 }, (_, i): [number[]] => [[i + 1]]);
    await fc.assert(property, { numRuns: examples.length + 1, examples, endOnFailure: true });
  }, 60_000);

  test("says what it does not reach, and where the same name is somebody else's", async () => {
    const { it, place } = await home();
    await place("SO-9", { id: "C-9", name: NAME });
    const { notReached, left } = await erasePerson(optionsOf(it));
    expect(left).toEqual([]);
    expect(notReached).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^backups/),
        expect.stringMatching(/^exports/),
        "customers of the same name or address: C-9",
        expect.stringMatching(/^1 texts that are short or found with others too/),
      ]),
    );
  });

  test("names what is left: a copy that somebody made in the home, and a word in a reason", async () => {
    const { it, app } = await home();
    await writeFile(join(it.root, "letter.txt"), `Dear ${NAME}, …`);
    await app.ledger.execute("cancelOrder", {
      orderId: "SO-3",
      reason: `asked for by ${EMAIL}`,
      by: "desk",
      occurredAt: null,
      source: "api",
    });
    const { left } = await erasePerson(optionsOf(it));
    expect(left).toEqual(
      expect.arrayContaining([
        "home: other files: letter.txt",
        expect.stringMatching(/^ledger: all other texts: event\.line, \d rows/),
        expect.stringMatching(/^segments: bytes of all files: segments\/events/),
        expect.stringMatching(/^lake: texts of all columns: lake\/events\/.*: data, \d rows/),
      ]),
    );
    expect(reportText(await erasePerson(optionsOf(it)))).not.toContain(EMAIL);
  });

  test("a customer whom nobody knows is an error, and so is a home without a ledger", async () => {
    const { it } = await home();
    await expect(erasePerson(optionsOf(it, { customerId: "C-43" }))).rejects.toThrow(
      "There is no customer C-43.",
    );
    const none = homeOf({ KEYHOUSE_HOME: await temporaryFolder() });
    await expect(erasePerson(optionsOf(none))).rejects.toThrow("There is no ledger");
  });

  test("a segment that an exporter writes late, with what it had read before, is not taken", async () => {
    const { it, app } = await home();
    const store = folderStore(it.segments);
    let late: (() => Promise<boolean>) | undefined;
    // It has read its rows and named the segment, and is held up before it writes.
    const held = {
      create: async (name: string, bytes: Uint8Array) => {
        if (!name.startsWith("profiles/")) return store.create(name, bytes);
        late ??= () => store.create(name, bytes);
        throw new Error("held up");
      },
    };
    await expect(exportSegments(app.sql, 0, held)).rejects.toThrow("held up");
    expect((await erasePerson(optionsOf(it))).left).toEqual([]);
    expect(await late?.()).toBe(false);
    expect((await erasePerson(optionsOf(it, { isDryRun: true }))).places.map(({ before }) => before)).toEqual(
      Array.from({ length: 13 }, () => 0),
    );
  });

  test("segments in a bucket are written anew there, and those that a load fetched in the folder", async () => {
    const s3 = await startS3();
    onTestFinished(() => s3.stop());
    const env = {
      KEYHOUSE_SEGMENTS: `s3://${BUCKET}/vendor`,
      AWS_ENDPOINT_URL_S3: s3.endpoint.href,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: s3Access.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3Access.secretAccessKey,
    };
    const bucket = bucketOf(env);
    const { it, load } = await home(bucket);
    const holding = () =>
      Array.from(s3.objects.values()).filter((bytes) => gunzipSync(bytes).includes(EMAIL)).length;
    expect(holding()).toBe(2);
    s3.asked.length = 0;
    const report = await erasePerson(optionsOf(it, { bucket, programs: programsOf(it.root, bucket) }));
    expect(report.left).toEqual([]);
    expect(report.places.find(({ place }) => place === "segments: lines of profiles")?.before).toBe(4);
    expect(report.notReached.join()).toContain("other lakes of this bucket");
    expect(holding()).toBe(0);
    expect(s3.asked.filter((asked) => asked.startsWith("DELETE"))).toEqual([]);
    await load();
    expect((await searchLake(join(it.root, "lake"), [EMAIL])).finds).toEqual([]);
  });

  test("what a writer of segments left when it died goes; what one is writing stays", async () => {
    const { it } = await home();
    const folder = join(it.segments, "profiles", "shard=000");
    const [old, fresh] = ["1", "2"].map((n) => join(folder, `.00000000-0000-4000-8000-00000000000${n}.tmp`));
    for (const path of [old, fresh]) await writeFile(path ?? "", gzipSync(EMAIL).subarray(0, -4));
    await utimes(old ?? "", 0, 0);
    const { left } = await erasePerson(optionsOf(it));
    expect(left).toEqual([`segments: bytes of all files: ${fresh?.slice(it.root.length + 1)}`]);
  });
});
