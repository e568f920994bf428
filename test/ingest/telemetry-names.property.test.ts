// The register of telemetry's IDs is a map from names to places, whatever becomes of transactions, processes and memory.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { migrations } from "../../ingest/ledger/schema.sql.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { NAMES, TelemetryNames } from "../../ingest/ledger/telemetry/names.ts";

// Small enough that some hundred names fill blocks, cut them, and go around several times.
const sizes = { blocks: 3, blockEntries: 8, leastNoted: 10, mostNoted: 60, notedShare: 1 / 4 };

const folder = mkdtempSync(join(tmpdir(), "keyhouse-names-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A register on a file, with other processes beside it, and what they should say. */
function world() {
  const path = join(folder, `${files++}.sqlite`);
  const first = openSqlite(path);
  for (const statement of migrations.join(";").split(/;\s*$/m))
    if (statement.trim() !== "") first.run(statement);
  const processes = [first, openSqlite(path)].map((sql) => ({ sql, names: new TelemetryNames(sql, sizes) }));
  return { processes, places: new Map<number, number[]>(), last: 0 };
}

// Names that meet: few of them, at both ends, in a crowd, and anywhere.
const name = fc.oneof(
  fc.constantFrom(0, 1, NAMES - 1, NAMES / 2),
  fc.nat(30).map((i) => NAMES / 4 + i),
  fc.integer({ min: 0, max: NAMES - 1 }),
);
const absent = Math.floor(NAMES / 3) + 1;
const step = fc.record({
  process: fc.nat(1),
  names: fc.array(name, { minLength: 1, maxLength: 25 }),
  fate: fc.constantFrom("commit", "commit", "commit", "undo", "restart"),
});

/** Turns went around the end of the blocks, a process began anew, and began with the first block instead of the last. */
const turnsThatWrap: { process: number; names: number[]; fate: string }[] = [
  [0, 14, 32, NAMES * 0.097, NAMES / 4 + 23, 0, NAMES / 4 + 4, NAMES - 1],
  [NAMES * 0.113, 0, NAMES * 0.769, 47, NAMES / 4 + 3],
  [
    NAMES / 4 + 19,
    1,
    NAMES * 0.255,
    NAMES / 4 + 20,
    0,
    NAMES - 1,
    NAMES * 0.558,
    0,
    NAMES / 4,
    NAMES * 0.357,
    NAMES * 0.468,
  ],
  [NAMES * 0.281, NAMES / 4 + 27, NAMES / 4 + 1, NAMES * 0.393],
  [1],
  [1, 0, NAMES * 0.132, NAMES * 0.805, NAMES * 0.581, NAMES * 0.311, NAMES / 4 + 25],
  [
    NAMES / 2,
    NAMES / 4 + 12,
    NAMES * 0.593,
    NAMES / 2,
    NAMES / 4 + 9,
    NAMES * 0.36,
    NAMES * 0.175,
    NAMES - 1,
    NAMES / 4 + 12,
  ],
  [1],
  [NAMES / 2, NAMES - 1, NAMES / 2, 1, NAMES - 1, NAMES * 0.821, NAMES - 1],
].map((names, i) => ({
  process: i === 8 ? 0 : 1,
  names: names.map(Math.floor),
  fate: i > 4 ? "restart" : "commit",
}));

test("every name has the places that were noted and committed, and no other", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const it = world();
      for (const { process, names: told, fate } of steps) {
        const one = it.processes[process]!;
        if (fate === "restart") one.names = new TelemetryNames(one.sql, sizes);
        const noted = new Map(it.places);
        const write = (): void => {
          one.names.refresh();
          let last = it.last;
          for (const each of told) {
            expect(one.names.find(each)).toEqual(noted.get(each) ?? []);
            one.names.add(each, ++last);
            noted.set(each, [...(noted.get(each) ?? []), last]);
          }
          one.names.settle();
          if (fate === "undo") throw new RangeError("undone");
          it.last = last;
        };
        try {
          one.sql.transaction(write);
          it.places = noted;
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          one.names.forget();
        }
      }
      for (const { sql, names } of it.processes) {
        sql.transaction(() => {
          names.refresh();
          for (const [each, places] of it.places) expect(names.find(each)).toEqual(places);
          expect(names.find(absent)).toEqual(it.places.get(absent) ?? []);
        });
        const waiting = sql.all<{ names: Uint8Array }>("select names from telemetry_noted");
        const noted = waiting.reduce((sum, row) => sum + row.names.length / 8, 0);
        // What waits is bounded: twice the share while turns go round, and the last command.
        const all = [...it.places.values()].flat().length;
        expect(noted).toBeLessThanOrEqual(2 * Math.max(sizes.leastNoted, all * sizes.notedShare) + 2 * 25);
        sql.close();
      }
    }),
    { numRuns: 150, examples: [[turnsThatWrap]] },
  );
});
