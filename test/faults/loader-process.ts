// A load as a process of its own, that says which step it is at, so that whoever kills it knows what it hit.
// `node loader-process.ts HOME AS_OF [SABOTAGE]`; the retention comes from the environment, as it does for `npm run load`.

import { writeSync } from "node:fs";
import { join } from "node:path";
import { load } from "../../warehouse/load.ts";
import { retentionOf } from "../../warehouse/retention.ts";
import { sabotages } from "./loader-sabotage.ts";

const [home = "", asOf = "", sabotage = ""] = process.argv.slice(2);
const lake = join(home, "lake");
// At once and whole: what is buffered dies with the process.
const say = (word: string, what: string) => void writeSync(1, `${word} ${what}\n`);

const result = await load({
  segments: join(home, "segments"),
  lake,
  asOf,
  now: () => new Date(),
  retention: retentionOf(process.env),
  onStep: async (step) => {
    say("step", step);
    await sabotages[sabotage]?.(lake, step);
  },
});
for (const warning of result.warnings) say("warning", warning);
if (result.isNew) say("published", `${result.manifest.snapshot}`);
say("step", "ended");
