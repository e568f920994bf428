// The course of a load: plan, verify, build, publish; and from the beginning where another load was first. How the tables
// are built is given to it.

import type { SegmentStore } from "../ingest/segments/store.ts";
import { LoadError } from "./error.ts";
import { describeFault, type Plan, planLoad } from "./plan.ts";
import { pullSegments } from "./pull.ts";
import type { Rates } from "./rates.ts";
import { listSegments } from "./segments.ts";
import { type Manifest, newestSnapshot, publishSnapshot } from "./snapshot.ts";
import { type Take, verifySegments } from "./take.ts";

export interface CourseOptions {
  /** Folder of segments. */
  segments: string;
  /** Where segments are kept elsewhere: what is new there comes into the folder first. */
  source?: SegmentStore | undefined;
  /** Root of the lake. */
  lake: string;
  /** The as-of time: RFC 3339, UTC, microseconds. What happened later is not in the marts. */
  asOf: string;
  /** Build all tables anew, where a snapshot could be built on. */
  isFull?: boolean;
  /** Rates to a reporting currency, where some were given. */
  rates?: Rates | undefined;
  /** The clock, for `created_at`. */
  now: () => Date;
  /** Told before each step, for progress. What it throws ends the load there, as a crash would. */
  onStep?: (step: string) => void | Promise<void>;
}

export interface LoadResult {
  /** The snapshot that is newest now. */
  manifest: Manifest;
  /** False where there was nothing to do. */
  isNew: boolean;
  /** Events that this load added. */
  eventsAdded: number;
  /** Faults of the segments, and data tests of severity warn that failed. */
  warnings: string[];
}

/** What was built: its files are written and synced, and no reader knows of them yet. */
export interface Built {
  manifest: Manifest;
  eventsAdded: number;
}

/** Carries a plan out: the rows of the newest snapshot and of the segments to take, as the files of the next one. */
export type Build = (
  base: Manifest | null,
  plan: Plan,
  takes: readonly Take[],
  /** How often another load was first. */
  attemptsLost: number,
) => Promise<Built>;

/** Loads that lose their number to another one start over; so many losses in a row mean that something else is wrong. */
const MAX_ATTEMPTS = 5;

/**
 * Publishes the next snapshot, or finds that there is nothing to do.
 * @param models digest of the models that `build` makes tables of
 */
export async function publishNext(options: CourseOptions, models: string, build: Build): Promise<LoadResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const base = await newestSnapshot(options.lake);
    const result = await attemptLoad(options, models, build, base, attempt - 1).catch(
      async (error: unknown) => {
        // The load that won may have removed what this one was writing.
        if ((await newestSnapshot(options.lake))?.snapshot === base?.snapshot) throw error;
        return null;
      },
    );
    if (result) return result;
    await options.onStep?.("start over: another load was first");
  }
  throw new LoadError("Other loads were first each time. Run one load at a time, or try again later.");
}

/** @returns null where another load published first */
async function attemptLoad(
  options: CourseOptions,
  models: string,
  build: Build,
  base: Manifest | null,
  attemptsLost: number,
): Promise<LoadResult | null> {
  const { segments, source, lake, asOf, onStep = () => undefined } = options;
  if (source) {
    await onStep("fetch segments");
    await pullSegments(source, segments, base?.watermarks ?? { events: {}, profiles: {} });
  }
  await onStep("plan");
  const planBase = base && {
    snapshot: base.snapshot,
    watermarks: base.watermarks,
    asOf: base.as_of,
    models: tablesOf(base.models, base.rates),
  };
  const plan = planLoad(
    await listSegments(segments),
    planBase,
    asOf,
    tablesOf(models, options.rates?.digest),
    { isFull: options.isFull ?? false },
  );
  const faults = plan.faults.map(describeFault);
  if (plan.steps.length === 0 && base)
    return { manifest: base, isNew: false, eventsAdded: 0, warnings: faults };

  const takes = plan.steps.filter((step) => step.kind === "take");
  await onStep("verify segments");
  await verifySegments(segments, takes);
  const built = await build(base, plan, takes, attemptsLost);
  const manifest: Manifest = { ...built.manifest, warnings: [...faults, ...built.manifest.warnings] };
  await onStep("publish");
  if (!(await publishSnapshot(lake, manifest))) return null;
  return { manifest, isNew: true, eventsAdded: built.eventsAdded, warnings: [...manifest.warnings] };
}

/** What tables are made by: other models, or other rates, and they are made anew. */
const tablesOf = (models: string, rates: string | undefined): string =>
  rates === undefined ? models : `${models} ${rates}`;
