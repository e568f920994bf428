// Brings in what the acquired brand's systems hold, by the command that anybody would use.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LegacyFile, LegacyImport } from "./legacy.ts";
import { runProgram, type Surroundings } from "./programs.ts";

/** Brings all of it in, one import after the other. The files name people, and go when it is done. */
export async function bringIn(imports: readonly LegacyImport[], surroundings: Surroundings): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "keyhouse-legacy-"));
  const put = async ({ name, text }: LegacyFile) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  try {
    for (const { format, mapping, files } of imports) {
      const map = await put(mapping);
      const paths = await Promise.all(files.map(put));
      await runProgram(
        "ingest/cli/import.ts",
        [format, ...paths, "--map", map, "--by", "license desk"],
        surroundings,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
