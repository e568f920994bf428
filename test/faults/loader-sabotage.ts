// Loaders that are broken on purpose: what a check of loads has to notice. Each is told of every step as it begins.

import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { listSnapshots, type Manifest, manifestPath, newestSnapshot } from "../../warehouse/snapshot.ts";
import { filesOf } from "../../warehouse/snapshots.ts";
import { DATABASE_FILE } from "../../warehouse/views.ts";

type Sabotage = (lake: string, step: string) => Promise<void>;

/** The file that was written last. */
function newestFile(lake: string): string {
  const paths = readdirSync(lake, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".parquet"))
    .map((path) => join(lake, path));
  return paths.reduce((a, b) => (statSync(a).mtimeMs > statSync(b).mtimeMs ? a : b));
}

async function rewriteNewest(lake: string, change: (manifest: Manifest) => void): Promise<void> {
  const manifest = await newestSnapshot(lake);
  if (!manifest) return;
  change(manifest);
  writeFileSync(manifestPath(lake, manifest.snapshot), JSON.stringify(manifest));
}

/** A file of which half is there, and the rest comes later. */
let held: { path: string; bytes: Buffer } | null = null;
/** The snapshot that was newest when the load began. */
let base = 0;

export const sabotages: Record<string, Sabotage> = {
  "publishes before its files are written": async (lake, step) => {
    if (step === "publish") {
      const path = newestFile(lake);
      held = { path, bytes: readFileSync(path) };
      truncateSync(path, Math.floor(held.bytes.length / 2));
    }
    if (step === "prune" && held) writeFileSync(held.path, held.bytes);
  },
  "takes a segment twice": async (lake, step) => {
    if (step !== "open") return;
    await rewriteNewest(lake, ({ tables: { events } }) => {
      const last = events?.files.at(-1);
      if (!events || !last) return;
      events.files.push(last);
      events.rows += last.rows;
    });
  },
  "forgets a segment that it took": async (lake, step) => {
    if (step !== "open") return;
    await rewriteNewest(lake, ({ tables: { events } }) => {
      const last = events?.files.pop();
      if (events && last) events.rows -= last.rows;
    });
  },
  "takes the number of another load": async (lake, step) => {
    if (step === "plan") [base = 0] = await listSnapshots(lake);
    if (step === "publish") rmSync(manifestPath(lake, base + 1), { force: true });
  },
  "removes a file of a snapshot that is kept": async (lake, step) => {
    const manifest = await newestSnapshot(lake);
    const file = manifest && filesOf(manifest).at(-1);
    if (step === "prune" && file) rmSync(join(lake, file.path), { force: true });
  },
  "writes keyhouse.duckdb where it stands": async (lake, step) => {
    const path = join(lake, DATABASE_FILE);
    if (step === "open" && statSync(path, { throwIfNoEntry: false })) truncateSync(path, 20_000);
  },
};
