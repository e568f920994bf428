// `npm run bench [-- PART…]`: ratios, each of two things measured side by side in one run. A machine has its moods; a
// ratio has fewer.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activations } from "./activations.ts";
import { bulk } from "./bulk.ts";
import { importing } from "./import.ts";
import { lake } from "./lake.ts";
import { reading } from "./reading.ts";
import { reports } from "./reports.ts";
import { signatures } from "./signatures.ts";
import { telemetry } from "./telemetry.ts";

const parts: Record<string, (home: string) => Promise<void>> = {
  activations,
  bulk,
  import: importing,
  lake,
  reading,
  reports,
  signatures,
  telemetry,
};

const help = `npm run bench -- [PART…]

Measures ratios, each of two things side by side in one run: ${Object.keys(parts).join(", ")}; all of them without a PART.

KEYHOUSE_BENCH_ROWS     rows that the ledger has before it is measured again (1000000)
KEYHOUSE_BENCH_EVENTS   events that the lake is made of, ten for each entitlement (1000000)
`;

const wanted = process.argv.slice(2);
if (wanted.includes("--help")) {
  process.stdout.write(help);
  process.exit(0);
}
const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined)
  throw new Error(`There is no part "${unknown}" of the benchmark, only ${Object.keys(parts).join(", ")}.`);

for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const home = mkdtempSync(join(tmpdir(), "keyhouse-bench-"));
  try {
    await measure(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
