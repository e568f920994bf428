// One load as a process, and its end: where it was killed, or that it ended by itself.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as after } from "node:timers/promises";
import { AS_OF } from "./loader-story.ts";

/** The course of a load, in stretches that a kill should hit. */
export const stretches = [
  "start",
  "plan",
  "verify",
  "take",
  "write",
  "build",
  "test",
  "publish",
  "database",
  "prune",
] as const;
export type Stretch = (typeof stretches)[number];

function stretchOf(step: string): Stretch | "ended" {
  const [first = "", second = ""] = step.split(" ");
  if (first === "read") return "take";
  if (first === "open") return "database";
  if (["find", "split", "put"].includes(first)) return "build";
  // Another load was first, and the plan is made anew.
  if (first === "start" && second !== "") return "plan";
  return step === "ended" ? "ended" : (stretches.find((stretch) => stretch === first) ?? "plan");
}

interface Ending {
  at: Stretch | "ended";
  wasKilled: boolean;
  lost: number;
  faults: string[];
  /** How long each stretch took, and the whole. */
  ms: Record<Stretch | "whole", number>;
}

interface Running {
  child: ChildProcess;
  /** Is called when a stretch begins. */
  onStretch: (hear: (stretch: Stretch | "ended") => void) => void;
  gone: Promise<Ending>;
}

const SCRIPT = join(import.meta.dirname, "loader-process.ts");

/** @param whenOver registers what ends it, should the caller not */
export function startLoad({
  home,
  sabotage = "",
  whenOver,
}: {
  home: string;
  sabotage?: string;
  whenOver: (clean: () => void) => void;
}): Running {
  const child = spawn(process.execPath, [SCRIPT, home, AS_OF, sabotage], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  whenOver(() => void child.kill("SIGKILL"));
  const ms = Object.fromEntries([...stretches, "whole"].map((name) => [name, 0])) as Ending["ms"];
  const beganAt = performance.now();
  let [at, since, lost, said]: [Stretch | "ended", number, number, string] = ["start", beganAt, 0, ""];
  const warnings: string[] = [];
  let hear: (stretch: Stretch | "ended") => void = () => undefined;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [word, what] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    if (word === "warning" && !/^\w+: "/.test(what)) warnings.push(what);
    if (word !== "step") return;
    if (what.startsWith("start over")) lost += 1;
    const next = stretchOf(what);
    if (next === at) return;
    if (at !== "ended") ms[at] += performance.now() - since;
    [at, since] = [next, performance.now()];
    hear(at);
  });
  const { promise: gone, resolve } = Promise.withResolvers<Ending>();
  child.on("close", (code, signal) => {
    hear("ended");
    ms.whole = performance.now() - beganAt;
    const wasKilled = signal === "SIGKILL";
    const faults =
      wasKilled || code === 0 ? [] : [`a load ended with ${code} at ${at}: ${said.slice(0, 2000)}`];
    resolve({
      at,
      wasKilled,
      lost,
      ms,
      faults: [...faults, ...warnings.map((text) => `a load warns: ${text}`)],
    });
  });
  return {
    child,
    onStretch: (listener) => {
      hear = listener;
      hear(at);
    },
    gone,
  };
}

/** Kills a load somewhere in a stretch; one time in four at any time of all of it. */
export async function killSomewhere(
  { child, onStretch, gone }: Running,
  usual: Ending["ms"],
  stretch: Stretch,
  random: () => number,
): Promise<void> {
  const isAnywhere = random() < 0.25;
  const wait = random() * (isAnywhere ? usual.whole : usual[stretch]);
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  onStretch((at) => {
    if (isAnywhere || at === stretch || at === "ended") resolve();
  });
  await begun;
  // Timers count whole milliseconds, and some stretches take two.
  if (wait >= 1) await Promise.race([after(wait), gone]);
  child.kill("SIGKILL");
}
