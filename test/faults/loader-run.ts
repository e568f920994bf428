// npm run faults -- --loader: kills loads as often as one likes, and says what they hit and what was left.

import { join } from "node:path";
import { type LoaderReport, type LoaderRound, loaderRounds } from "./loader.ts";
import { stretches } from "./loader-load.ts";
import { runTool } from "../support/service.ts";
import { listSnapshots } from "../../warehouse/snapshot.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const row = (...cells: (string | number)[]) => say(cells.map((cell) => String(cell).padStart(10)).join(""));

function sayRound({ hits, snapshot, ms }: LoaderRound, number: number): void {
  row(number + 1, hits.join(" + ").padStart(22), snapshot, ms);
}

function sayReport(report: LoaderReport, verified: string[]): void {
  say("");
  row("", ...stretches);
  row("kills", ...stretches.map((stretch) => report.hits[stretch]));
  const { kills, rounds, pairs, lost, looks, seen, events, rows, snapshots, faults } = report;
  say(`
${kills} kills in ${rounds.length} rounds, ${pairs} of them with two loads at once; ${lost} times a load lost its number to another.
Readers looked ${looks} times, at ${seen} of ${snapshots} snapshots.
${rows} rows of all tables, of ${events} events, ${faults.length === 0 ? "are those" : "were held against those"} of an undisturbed load.
`);
  for (const line of verified) say(line.trimEnd());
  for (const fault of faults) say(`FAULT: ${fault}`);
}

/** @returns whether all is well */
export async function runLoader(
  home: string,
  kills: number,
  seed: number,
  whenOver: (clean: () => void) => void,
): Promise<boolean> {
  say(`Seed ${seed}; again with: npm run faults -- --loader --rounds ${kills} --seed ${seed}\n`);
  row("round", "killed at".padStart(22), "snapshot", "ms");
  const report = await loaderRounds({ home, kills, seed, onRound: sayRound, whenOver });
  const verified: string[] = [];
  for (const number of await listSnapshots(join(home, "lake")))
    verified.push(
      await runTool(home, "warehouse/cli.ts", "snapshots", "--verify", String(number)).catch(
        (error: Error) => `FAULT: ${error.message}`,
      ),
    );
  sayReport(report, verified);
  return report.faults.length === 0 && verified.every((line) => line.includes("is sound"));
}
