// Loads killed with -9 at any step, alone and two at once, while segments arrive and readers look; and the lake that is
// left against one that nobody disturbed.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { load } from "../../warehouse/load.ts";
import { listSnapshots } from "../../warehouse/snapshot.ts";
import { killSomewhere, startLoad, type Stretch, stretches } from "./loader-load.ts";
import { checkKept, differences, leftOver, openByFile } from "./loader-look.ts";
import { startReaders } from "./loader-readers.ts";
import { AS_OF, storyTeller } from "./loader-story.ts";

export interface LoaderRound {
  /** What each load of the round was at when it was killed, or `ended`. */
  hits: (Stretch | "ended")[];
  snapshot: number;
  ms: number;
}

export interface LoaderReport {
  rounds: LoaderRound[];
  kills: number;
  /** How many kills hit each stretch. */
  hits: Record<Stretch, number>;
  /** Rounds with two loads at once, and how often a load lost its number to another. */
  pairs: number;
  lost: number;
  /** How often readers looked, and at how many snapshots. */
  looks: number;
  seen: number;
  events: number;
  /** Rows that were held against those of an undisturbed load. */
  rows: number;
  snapshots: number;
  /** What is wrong; nothing where all is well. */
  faults: string[];
}

export interface LoaderOptions {
  home: string;
  /** So many loads are killed. */
  kills: number;
  /** Makes the same choices again; what they meet depends on the machine. */
  seed: number;
  sabotage?: string;
  /** Where to aim; everywhere where not given. */
  aim?: readonly Stretch[];
  onRound?: (round: LoaderRound, number: number) => void;
  /** Registers what has to be done when all is over, however it ends. */
  whenOver: (clean: () => void) => void;
}

/** Rounds end after so many times as many as are asked for: a kill may come too late. */
const MAX_ROUNDS_A_KILL = 3;

export async function loaderRounds(options: LoaderOptions): Promise<LoaderReport> {
  const { home, kills, seed, aim = stretches, onRound } = options;
  const lake = join(home, "lake");
  const random = randomOf(seed);
  const tell = storyTeller(home);
  const faults: string[] = [];
  const hits = Object.fromEntries(stretches.map((name) => [name, 0])) as Record<Stretch, number>;
  const report: LoaderReport = {
    rounds: [],
    kills: 0,
    hits,
    pairs: 0,
    lost: 0,
    looks: 0,
    seen: 0,
    events: 0,
    rows: 0,
    snapshots: 0,
    faults,
  };
  await mkdir(home, { recursive: true });
  await tell();
  // How long each stretch takes where nobody is in the way.
  const first = await startLoad(options).gone;
  faults.push(...first.faults);
  const usual = first.ms;

  const published = new Map<number, string>();
  const readers = startReaders(lake, random, report);
  for (let number = 0; report.kills < kills && number < kills * MAX_ROUNDS_A_KILL; number += 1) {
    const startedAt = performance.now();
    await tell();
    const isPair = number % 3 === 2;
    if (isPair) report.pairs += 1;
    const loads = Array.from({ length: isPair ? 2 : 1 }, () => startLoad(options));
    // Of two the second is killed every other time; else it goes on, with what the first one left around it.
    const doomed = loads.filter((_, index) => index === 0 || number % 2 === 0);
    const late = after(random() * usual.whole).then(tell);
    await Promise.all(doomed.map((one) => killSomewhere(one, usual, leastOf(hits, aim, random), random)));
    const ends = await Promise.all(loads.map(({ gone }) => gone));
    await late;
    for (const end of ends) {
      faults.push(...end.faults);
      report.lost += end.lost;
      if (!end.wasKilled) continue;
      report.kills += 1;
      if (end.at !== "ended") hits[end.at] += 1;
    }
    faults.push(...(await checkKept(lake, published)));
    const [snapshot = 0] = await listSnapshots(lake);
    const round = { hits: ends.map(({ at }) => at), snapshot, ms: Math.round(performance.now() - startedAt) };
    report.rounds.push(round);
    onRound?.(round, number);
    // What is broken stays so, and every round would say it again.
    if (faults.length > 0) break;
  }
  await readers.end();
  report.events = await tell();
  await finish(home, published, report);
  return report;
}

/** One more load that nobody disturbs, and the same segments in a lake of their own. */
async function finish(home: string, published: Map<number, string>, report: LoaderReport): Promise<void> {
  const { faults } = report;
  const [lake, other] = [join(home, "lake"), join(home, "undisturbed")];
  try {
    for (const root of [lake, other]) {
      const { warnings } = await load({
        segments: join(home, "segments"),
        lake: root,
        asOf: AS_OF,
        now: () => new Date(),
      });
      const unexpected = warnings.filter((text) => !/^\w+: "/.test(text));
      faults.push(...unexpected.map((text) => `the last load warns: ${text}`));
    }
    faults.push(...(await checkKept(lake, published)));
    faults.push(...(await leftOver(lake)).map((path) => `${path} is left over`));
    const compared = await differences(lake, other);
    report.rows = compared.rows;
    faults.push(...compared.faults);
    const shown = await openByFile(lake);
    const [newest = 0] = await listSnapshots(lake);
    report.snapshots = newest;
    if (shown?.snapshot !== newest)
      faults.push(`keyhouse.duckdb shows snapshot ${shown?.snapshot}, not ${newest}`);
    faults.push(...((await shown?.look()) ?? []));
    shown?.close();
  } catch (error) {
    faults.push(`at the end: ${(error as Error).message}`);
  }
}

/** A stretch that was hit least, so that all of them are. */
function leastOf(hits: Record<Stretch, number>, aim: readonly Stretch[], random: () => number): Stretch {
  const least = Math.min(...aim.map((name) => hits[name]));
  const candidates = aim.filter((name) => hits[name] <= least + 1);
  return candidates[Math.floor(random() * candidates.length)] ?? "build";
}

/** Numbers from 0 to 1 by a seed: a linear congruential generator, for choices alone. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // The multiplier and increment of Numerical Recipes; its high bits are the better ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
