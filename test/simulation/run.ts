// npm run simulate: the simulations of the tests, for as long as one likes.

import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { metrics, policyKinds, scenario } from "./commands.ts";
import { play } from "./play.ts";
import { lakeKinds } from "./whole/lakes.ts";
import { playMany } from "./whole/many.ts";

const RUNS_A_SEED = 25;

const help = `npm run simulate -- [--seeds N] [--seed S] [--runs N]
npm run simulate -- --whole [--seeds N] [--seed S] [--lake ${lakeKinds.join("|")}]

Plays made-up lives of entitlements through the rules, and holds them against what is promised: every metric, every
policy, every command, in order and out of order. It ends at the first promise that is broken, with the shortest life
that breaks it.

  --seeds N   how many seeds (100), each of them ${RUNS_A_SEED} lives for each of ${metrics.length} metrics and ${policyKinds.length} policies
  --seed S    the first seed, or, without --seeds, the only one: what a failure says repeats it
  --runs N    lives for each seed, metric and policy (${RUNS_A_SEED})

With --whole: the service, its ledger, its exporters and its loaders in one process, and everything that may happen to
them between two steps, a run for each seed. It ends at the first run that loses or doubles what was acknowledged, says
what happened last, and how to see it again.

  --lake      what is loaded into: lines (the default; no DuckDB), the table of events, or all marts with their tests
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    runs: { type: "string" },
    whole: { type: "boolean" },
    lake: { type: "string", default: "lines" },
    help: { type: "boolean", short: "h" },
  },
});

function whole(text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  process.stderr.write(`not a whole number: ${text}\n\n${help}`);
  process.exit(2);
}

if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

// A seed of its own each time, unless one is asked for: it is printed, so that nothing is lost by it.
const first = whole(values.seed, Math.floor(Math.random() * 2 ** 30));
const seeds = whole(values.seeds, values.seed === undefined ? 100 : 1);
const numRuns = whole(values.runs, RUNS_A_SEED);
if (values.whole) {
  const lake = lakeKinds.find((kind) => kind === values.lake);
  if (!lake) {
    process.stderr.write(`not a lake: ${values.lake}\n\n${help}`);
    process.exit(2);
  }
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await playMany({ first, seeds, lake, say }).catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
  process.exit(0);
}
const startedAt = performance.now();
const total = { lives: 0, granted: 0, refused: 0 };
const again = (seed: number) =>
  `npm run simulate -- --seed ${seed}${numRuns === RUNS_A_SEED ? "" : ` --runs ${numRuns}`}`;

for (let n = 0; n < seeds; n += 1) {
  const seed = first + n;
  for (const metric of metrics)
    for (const policyKind of policyKinds) {
      const property = fc.property(scenario(metric, policyKind), (it) => {
        const { granted, refused } = play(it);
        total.lives += 1;
        total.granted += granted;
        total.refused += refused;
      });
      const result = fc.check(property, { seed, numRuns });
      if (!result.failed) continue;
      const { errorInstance } = result;
      const reason = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : "";
      process.stderr.write(
        `\nSeed ${seed} fails: ${metric}, ${policyKind}\n${reason}\n${fc.stringify(result.counterexample)}\n\nRepeat: ${again(seed)}\n`,
      );
      process.exit(1);
    }
  if (n === seeds - 1 || (n + 1) % 10 === 0) progress(n + 1);
}

function progress(done: number): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `${done} of ${seeds} seeds from ${first}: ${total.lives} lives, ${total.granted} commands granted, ${total.refused} refused, ${seconds} s\n`,
  );
}
