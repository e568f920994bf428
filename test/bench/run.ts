// `npm run bench [-- PART…]`: ratios, each of two things measured side by side in one run. A machine has its moods; a
// ratio has fewer.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activations } from "./activations.ts";
import { bulk } from "./bulk.ts";
import { signatures } from "./signatures.ts";
import { telemetry } from "./telemetry.ts";

const parts: Record<string, (home: string) => Promise<void>> = { activations, bulk, signatures, telemetry };

const wanted = process.argv.slice(2);
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
