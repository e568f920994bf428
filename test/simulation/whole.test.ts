import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Sql } from "../../ingest/ledger/sql.ts";
import { BrokenWhole, makeGround, playWhole } from "./whole/play.ts";
import { playMany } from "./whole/many.ts";
import type { LakeKind } from "./whole/lakes.ts";
import { type Sabotage, StoreFault } from "./whole/world.ts";

describe("the whole path, whatever happens between two steps, keeps what it acknowledged and has it in the lake once", () => {
  test.each<[LakeKind, number, number]>([
    ["lines", 500, 1],
    ["events", 25, 100_000],
    ["marts", 3, 200_000],
  ])("a lake of %s, %i seeds", { timeout: 600_000 }, async (lake, seeds, first) => {
    const total = await playMany({ first, seeds, lake });
    // It is no proof where nothing happened.
    expect(total.requests).toBeGreaterThan(seeds * 10);
    expect(total.facts).toBeGreaterThan(seeds * 5);
    for (const what of ["commits", "crashes", "exports", "loads"] as const)
      expect(total[what], what).toBeGreaterThanOrEqual(seeds);
  });
});

test("the same seed is the same run, so that a failure can be looked at again", async () => {
  const ground = await makeGround();
  for (let seed = 1; seed <= 10; seed += 1)
    expect(await playWhole(ground, seed, "lines")).toEqual(await playWhole(ground, seed, "lines"));
  ground.close();
});

/** A ledger that forgets some statements. */
const forgetting = (isForgotten: (text: string) => boolean) => ({
  sql: (sql: Sql): Sql => ({
    ...sql,
    run: (text, ...values) => (isForgotten(text) ? undefined : sql.run(text, ...values)),
  }),
});

let events = 0;

/** What would be wrong, and what has to be said of it. */
const sabotages: [string, () => Sabotage, RegExp][] = [
  [
    "a fact now and then is not put into the outbox",
    () => forgetting((text) => text.startsWith("insert into event") && ++events % 7 === 0),
    /holds seq|is damaged|is lost|that moved or ended/,
  ],
  [
    "answers leave before their commit is durable",
    () => ({ losesCommits: true }),
    /is lost|answered otherwise|snapshot \d+ has/,
  ],
  [
    "a segment is not named before it is written",
    () => forgetting((text) => text.startsWith("update export set writing_through")),
    /repeats seq|are missing/,
  ],
  [
    "what is there of a segment is taken for the whole",
    () => ({
      store: (_store, folder) => ({
        async create(name, bytes) {
          const path = join(folder, name);
          if (existsSync(path)) return false;
          await mkdir(dirname(path), { recursive: true });
          await writeFile(path, bytes.subarray(0, bytes.length / 2));
          throw new StoreFault("half of it was written");
        },
      }),
    }),
    /is damaged/,
  ],
  [
    "a request that names itself is not remembered",
    () => forgetting((text) => text.startsWith("insert into answered")),
    /was answered otherwise|on record \d times/,
  ],
  [
    "telemetry is not noted by its ID",
    () => forgetting((text) => text.startsWith("insert into telemetry_noted")),
    /two events of telemetry have one ID|was acknowledged/,
  ],
  [
    "the newest record time is not read when a service starts",
    () => ({
      sql: (sql) => ({
        ...sql,
        get: <Row>(text: string, ...values: (string | number | null | Uint8Array)[]) =>
          text === "select seq, line, batch from event order by seq desc limit 1"
            ? undefined
            : sql.get<Row>(text, ...values),
      }),
    }),
    /the record time runs backward/,
  ],
  [
    "a seat's end is not written",
    () => ({
      sql: (sql) => ({
        ...sql,
        run: (text, ...values) =>
          sql.run(text.replace("ended_at = excluded.ended_at", "ended_at = ended_at"), ...values),
      }),
    }),
    /that (?:had )?moved or ended|on record \d times|seats of \d+ are bound/,
  ],
];

describe("the simulation notices when", () => {
  test.each(sabotages)("%s", async (_what, sabotage, said) => {
    const broken = playMany({ first: 1, seeds: 300, lake: "lines", sabotage });
    await expect(broken).rejects.toThrow(BrokenWhole);
    await expect(broken).rejects.toThrow(said);
  });
});
