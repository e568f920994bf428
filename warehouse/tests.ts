// Runs the data tests of a load, each where it costs least: in the part that was computed, over what is fresh of a unit, or
// over whole tables. A test of a unit's tables holds of all rows when it holds of each unit.

import { type Check, checksOf, checkStatement, failureText } from "./checks.ts";
import type { Database } from "./duckdb.ts";
import { LoadError } from "./error.ts";
import { isStored, type Model, readsOf } from "./models.ts";
import { type Unit, unitNames } from "./units.ts";
import { inSchemas, type Workshop } from "./workshop.ts";

/**
 * Tests of severity error that a unit's part can tell by itself, or the periods of a table, in the schema that is first.
 * @param empty those of the models' tables that have no row there
 */
export async function testHere(
  shop: Workshop,
  models: readonly Model[],
  empty: ReadonlySet<string>,
): Promise<void> {
  const checks = models
    .flatMap(checksOf)
    .filter((check) => !holdsOfNone(check, empty) && placeOf(shop, check) === "here");
  for (const { check, failures } of await countFailures(shop.database, checks))
    note(shop.failed, check, failures);
}

/**
 * All other tests, when every table is there.
 * @returns what severity warn found, in words
 * @throws LoadError with all that severity error found, in the parts as well
 */
export async function testAll(shop: Workshop): Promise<string[]> {
  const { database, models, base, files, failed, warned } = shop;
  const checks = models.flatMap(checksOf);
  await database.run("create schema taken; create view taken.events as from taken_events");
  const places: [Place, string[]][] = [
    ["taken", ["taken", "main"]],
    ["main", ["main"]],
    ...unitNames
      .filter((unit) => models.some((model) => model.unit === unit))
      .map((unit): [Place, string[]] => [unit, [`fresh_${unit}`, "main"]]),
  ];
  const warnings = new Map<string, number>();
  // What is of a unit stands in the files that were just written of it; what is not, in memory.
  const isFilled = (name: string) => files.get(name)?.some(({ rows }) => rows > 0) ?? !shop.empty.has(name);
  const unfilled = new Set(models.flatMap(({ name }) => (isFilled(name) ? [] : [name])));
  for (const [place, schemas] of places) {
    const here = checks.filter((check) => placeOf(shop, check) === place);
    const isOfUnit = unitNames.some((unit) => unit === place);
    const empty = isOfUnit ? shop.empty : unfilled;
    const asked = here.filter((check) => !holdsOfNone(check, empty));
    const broken = await inSchemas(database, schemas, () => countFailures(database, asked));
    for (const { check, failures } of broken)
      note(check.severity === "error" ? failed : isOfUnit ? warned : warnings, check, failures);
    if (!isOfUnit || base === null) continue;
    // Of the units that were not touched, as many warn as did.
    const soft = here.filter(({ severity }) => severity === "warn");
    const warnedOf = (check: Check) => base.warned?.[nameOf(check)] ?? 0;
    for (const check of soft) note(warned, check, warnedOf(check));
    // Of what nothing warned of, nothing is to be taken back.
    const told = soft.filter((check) => warnedOf(check) > 0);
    const before = await inSchemas(database, ["old", "base"], () =>
      asBefore(shop, () => countFailures(database, told)),
    );
    for (const { check, failures } of before) note(warned, check, -failures);
  }
  refuse(checks, failed);
  return inWords(checks, new Map([...warned, ...warnings]));
}

/** The same for tables that stand by themselves, of models that no unit or period divides. */
export async function testWhole(database: Database, models: readonly Model[]): Promise<string[]> {
  const checks = models.flatMap(checksOf);
  const counts: Record<Check["severity"], Map<string, number>> = { error: new Map(), warn: new Map() };
  for (const { check, failures } of await countFailures(database, checks))
    note(counts[check.severity], check, failures);
  refuse(checks, counts.error);
  return inWords(checks, counts.warn);
}

/** @throws LoadError with all that failed, where any did */
function refuse(checks: readonly Check[], failed: ReadonlyMap<string, number>): void {
  const errors = inWords(checks, failed);
  if (errors.length > 0)
    throw new LoadError(
      `Data tests failed; nothing was published, and the snapshot before stays as it is.\n  ${errors.join("\n  ")}\n` +
        `Each test stands in the model's .yml. Find the events at fault, or correct the model, then load again.`,
    );
}

function inWords(checks: readonly Check[], counts: ReadonlyMap<string, number>): string[] {
  return checks.flatMap((check) => {
    const failures = counts.get(nameOf(check)) ?? 0;
    return failures > 0 ? [`${failureText(check)}${failures} row(s)`] : [];
  });
}

/** Whether a test is one of rows of which there are none. */
const holdsOfNone = ({ model, isOfRows }: Check, empty: ReadonlySet<string>) => isOfRows && empty.has(model);

const nameOf = ({ model, name }: Check) => `${model}: ${name}`;

function note(counts: Map<string, number>, check: Check, failures: number): void {
  counts.set(nameOf(check), (counts.get(nameOf(check)) ?? 0) + failures);
}

/** Where a test is run: over what was just computed, over events that are new, over whole tables, or over what is fresh of a unit. */
type Place = "here" | "taken" | "main" | Unit;

function placeOf({ models }: Workshop, check: Check): Place {
  const model = models.find(({ name }) => name === check.model);
  const isByPeriod = model?.period !== undefined && model.changed_from === undefined;
  const read = readsOf({ name: "", sql: check.rows }).flatMap(
    (name) => models.find((it) => it.name === name) ?? [],
  );
  // Events of earlier loads were tested when they were taken.
  if (model?.name === "events") return "taken";
  if (model?.layer === "staging") return "here";
  if (model?.unit === undefined) return isByPeriod && check.severity === "error" ? "here" : "main";
  const isOwn = (it: Model) => it.unit === model.unit || it.layer === "staging";
  if (check.severity === "error" && read.every(isOwn)) return "here";
  return read.every((it) => (isOwn(it) && isStored(it)) || it.unit === undefined) ? model.unit : "main";
}

async function countFailures(
  database: Database,
  checks: readonly Check[],
): Promise<{ check: Check; failures: number }[]> {
  if (checks.length === 0) return [];
  const found = await database.rows<{ position: number; failures: number }>(checkStatement(checks));
  return found.flatMap(({ position, failures }) =>
    checks.slice(position, position + 1).map((check) => ({ check, failures })),
  );
}

/** Works at the as-of time of the base. */
async function asBefore<T>({ database }: Workshop, work: () => Promise<T>): Promise<T> {
  await database.run(
    "set variable as_of_now = getvariable('as_of'); set variable as_of = getvariable('as_of_before')",
  );
  try {
    return await work();
  } finally {
    await database.run("set variable as_of = getvariable('as_of_now')");
  }
}
