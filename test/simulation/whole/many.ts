// Many runs of the whole path, a few at once: while one waits for a file or a thread, another goes on.

import type { LakeKind } from "./lakes.ts";
import { makeGround, playWhole, type Summary } from "./play.ts";
import type { Sabotage } from "./world.ts";

/** Runs at once: more than three keep one core no busier. */
const AT_ONCE = 3;

export interface Many {
  first: number;
  seeds: number;
  lake: LakeKind;
  sabotage?: () => Sabotage;
  /** Told now and then how far it is. */
  say?: (line: string) => void;
}

/**
 * Plays runs of seeds that follow one another.
 * @returns what they came to, together
 * @throws BrokenWhole of the first that failed
 */
export async function playMany({ first, seeds, lake, sabotage, say = () => undefined }: Many) {
  const startedAt = performance.now();
  const total: Summary = { requests: 0, commits: 0, crashes: 0, exports: 0, loads: 0, facts: 0 };
  const ground = await makeGround();
  let begun = 0;
  let ended = 0;
  const broken: unknown[] = [];
  const worker = async () => {
    while (begun < seeds && broken.length === 0) {
      const summary = await playWhole(ground, first + begun++, lake, sabotage?.());
      for (const key of Object.keys(total) as (keyof Summary)[]) total[key] += summary[key];
      ended += 1;
      if (ended % 100 === 0 || ended === seeds) say(progress());
    }
  };
  const progress = () => {
    const { facts, ...counts } = total;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const happened = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
    return `${ended} of ${seeds} seeds from ${first}: ${happened.join(", ")}, ${facts} facts acknowledged, ${seconds} s`;
  };
  // The others end their runs before the ground goes.
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker().catch((error) => broken.push(error))));
  ground.close();
  if (broken.length > 0) throw broken[0];
  return total;
}
