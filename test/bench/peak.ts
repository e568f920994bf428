// Loaded before a program: at its end, says how much memory it had at most, in MiB, in the file that KEYHOUSE_PEAK names.

import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env["KEYHOUSE_PEAK"];
if (isMainThread && file !== undefined)
  process.on("exit", () => writeFileSync(file, String(Math.round(process.resourceUsage().maxRSS / 1024))));
