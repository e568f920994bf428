// `npm run finance-page`: plays the demo that FINANCE.md speaks of, and writes the answers to the queries into it and into the page after it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { answeredPages, playFinance } from "./finance.ts";

const home = await mkdtemp(join(tmpdir(), "keyhouse-finance-"));
try {
  await playFinance(home);
  for (const { path, answered, queries } of await answeredPages(home)) {
    await writeFile(path, answered);
    console.log(`${basename(path)}: ${queries} queries answered.`);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
