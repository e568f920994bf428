// Builds the report site in a process of its own, so that its memory is its own.

import { text } from "node:stream/consumers";
import type { Audience } from "../../reports/audience.ts";
import { buildSite } from "../../reports/build.ts";

export interface BuildPlan {
  home: string;
  out: string;
  audience: Audience;
}

export interface BuildResult {
  seconds: number;
  peakMiB: number;
}

const plan = JSON.parse(await text(process.stdin)) as BuildPlan;
const begun = performance.now();
await buildSite(plan);
const result: BuildResult = {
  seconds: (performance.now() - begun) / 1000,
  peakMiB: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result));
