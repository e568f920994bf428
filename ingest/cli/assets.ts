// What of the Worker's assets is not the report site. Wrangler runs this before each build (`wrangler.toml`), so that a
// fresh clone has the folder, and /docs its script: `node ingest/cli/assets.ts [FOLDER]`, `assets` where none is named.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { docsScriptFile } from "../docs-script.ts";

const [assets = "assets"] = process.argv.slice(2);

/** A site that is being built or replaced, or was when its build died, lies beside the one that is served. */
const IGNORED = "/reports.*\n";

await mkdir(join(assets, "docs"), { recursive: true });
await place(Buffer.from(IGNORED), join(assets, ".assetsignore"));
await place(await readFile(docsScriptFile()), join(assets, "docs", "scalar.js"));

/** Writes a file in one step, where it is not the same already: builds may run at once, and Workers read what is there. */
async function place(bytes: Buffer, path: string): Promise<void> {
  const held = await readFile(path).catch(() => null);
  if (held?.equals(bytes)) return;
  const beside = `${assets}-${process.pid}.tmp`;
  await writeFile(beside, bytes);
  await rename(beside, path);
}
