// One step of the lake's benchmark in a process of its own, so that its memory is its own.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openDatabase } from "../../warehouse/duckdb.ts";
import { load } from "../../warehouse/load.ts";
import { type Models, readModels } from "../../warehouse/models.ts";
import { openLake } from "../../warehouse/read.ts";
import { quote, quoteList } from "../../warehouse/sql.ts";
import { questions } from "./lake-questions.ts";

export interface StepPlan {
  /** What to do: a load of events alone, one of everything, DuckDB's own copy of the same, or the questions. */
  step: "raw" | "load" | "copy" | "ask";
  segments: string;
  lake: string;
  asOf: string;
}

export interface StepResult {
  seconds: number;
  peakMiB: number;
  /** Parts of it, by name, the longest first: seconds. */
  parts: [string, number][];
}

const plan = JSON.parse(await text(process.stdin)) as StepPlan;
const parts = new Map<string, number>();
const begun = performance.now();
let partBegun = begun;
let part = "begin";
const steps = { raw: () => loadWith(true), load: () => loadWith(false), copy, ask };
await steps[plan.step]();
next("end");
const result: StepResult = {
  seconds: (performance.now() - begun) / 1000,
  peakMiB: process.resourceUsage().maxRSS / 1024,
  parts: Array.from(parts).toSorted(([, a], [, b]) => b - a),
};
process.stdout.write(JSON.stringify(result));

/** What went by since the step before is that one's. */
function next(name: string): void {
  const now = performance.now();
  parts.set(part, (parts.get(part) ?? 0) + (now - partBegun) / 1000);
  [part, partBegun] = [name, now];
}

async function loadWith(isRaw: boolean): Promise<void> {
  const { segments, lake, asOf } = plan;
  const all = await readModels();
  const models: Models = isRaw
    ? { ...all, digest: "raw", models: all.models.filter(({ layer }) => layer === "base") }
    : all;
  await load({ segments, lake, asOf, now: () => new Date(), models, onStep: next });
}

/** The yardstick: what DuckDB does by itself, with types that it finds out, and nothing checked. */
async function copy(): Promise<void> {
  const folder = join(plan.segments, "events");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".gz"))
    .map((path) => join(folder, path));
  const database = await openDatabase(":memory:", plan.lake);
  await database.run(
    `copy (select * from read_json(${quoteList(paths)})) to ${quote(join(plan.lake, "copy.parquet"))} (format parquet)`,
  );
  database.close();
}

async function ask(): Promise<void> {
  const lake = await openLake(plan.lake);
  if (!lake) throw new Error("nothing was loaded");
  for (const { name, sql } of questions) {
    next(name);
    if ((await lake.query(sql)).length === 0) throw new Error(`nothing answers ${name}`);
  }
  next("close");
  lake.close();
}
