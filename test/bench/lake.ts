// The lake: how fast events become Parquet, against DuckDB's own copy of the same; how long all marts take, and in how much
// memory; what a little more costs; how soon the four questions are answered; and how all of it grows.

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "./child.ts";
import { questions } from "./lake-questions.ts";
import { makeSegments, SHARE_ADDED } from "./lake-segments.ts";
import type { StepPlan, StepResult } from "./lake-step.ts";
import { say } from "./say.ts";

const EVENTS = Number(process.env["KEYHOUSE_BENCH_EVENTS"] ?? 1_000_000);
const SHARE_SMALL = 0.1;
/** Rounds of raw load and copy in turn, and of questions; the best counts, for what else the machine does only delays. */
const ROUNDS = 3;

interface Measured {
  copy: StepResult;
  raw: StepResult;
  full: StepResult;
  added: StepResult;
  answers: StepResult[];
}

export async function lake(home: string): Promise<void> {
  const small = await measure(join(home, "small"), EVENTS * SHARE_SMALL);
  const all = await measure(join(home, "all"), EVENTS);
  say(`raw load: DuckDB's own copy / segments to events in Parquet`, all.copy.seconds / all.raw.seconds, [
    `${perSecond(all.raw)} events a second, ${perSecond(all.copy)} copied, the best of ${ROUNDS} rounds in turn; ${EVENTS} events; ${longest(all.raw)}`,
  ]);
  say("seconds of a full rebuild", all.full.seconds, [
    `at most ${Math.round(all.full.peakMiB)} MiB; ${longest(all.full)}`,
  ]);
  say(`load of ${SHARE_ADDED * 100} % new events / full rebuild`, all.added.seconds / all.full.seconds, [
    `${all.added.seconds.toFixed(1)} s, at most ${Math.round(all.added.peakMiB)} MiB; ${longest(all.added)}`,
  ]);
  for (const { name } of questions) {
    const [ms, smallMs] = [answerMs(all, name), answerMs(small, name)];
    say(`ms: ${name}`, ms, [`${smallMs.toFixed(1)} ms of a tenth of the events`]);
  }
  for (const step of ["raw", "full"] as const) {
    const times = all[step].seconds / small[step].seconds;
    say(
      `growth of the ${step === "raw" ? "raw load" : "full rebuild"}, a tenth of the events to all / linear`,
      times * SHARE_SMALL,
      [
        `${small[step].seconds.toFixed(1)} s for ${EVENTS * SHARE_SMALL} events, ${all[step].seconds.toFixed(1)} s for all`,
      ],
    );
  }
}

async function measure(home: string, events: number): Promise<Measured> {
  const [first, second] = await makeSegments(home, events);
  const run = (step: StepPlan["step"], lakeName: string, asOf: string) => {
    const lakeFolder = join(home, lakeName);
    mkdirSync(lakeFolder, { recursive: true });
    return runChild<StepResult>("lake-step.ts", {
      step,
      segments: join(home, "segments"),
      lake: lakeFolder,
      asOf,
    } satisfies StepPlan);
  };
  const rounds: { copy: StepResult; raw: StepResult }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({ copy: await run("copy", "copy", first), raw: await run("raw", `lake-${round}`, first) });
  // The events are there already; what made the marts is another digest than the raw load's, so that all are built.
  const full = await run("load", "lake-0", first);
  cpSync(join(home, "added"), join(home, "segments"), { recursive: true });
  const added = await run("load", "lake-0", second);
  const answers: StepResult[] = [];
  for (let round = 0; round < ROUNDS; round += 1) answers.push(await run("ask", "lake-0", second));
  return {
    copy: best(rounds.map((it) => it.copy)),
    raw: best(rounds.map((it) => it.raw)),
    full,
    added,
    answers,
  };
}

const best = (steps: readonly StepResult[]): StepResult => {
  const [first] = steps.toSorted((a, b) => a.seconds - b.seconds);
  if (!first) throw new TypeError("no round was measured");
  return first;
};

const answerMs = ({ answers }: Measured, name: string): number =>
  1000 * Math.min(...answers.map(({ parts }) => parts.find(([part]) => part === name)?.[1] ?? Number.NaN));

const perSecond = ({ seconds }: StepResult): string => String(Math.round(EVENTS / seconds));

const longest = ({ parts }: StepResult): string =>
  parts
    .slice(0, 6)
    .map(([part, seconds]) => `${part} ${seconds.toFixed(1)} s`)
    .join(", ");
