// Makes the tables of the pages: one for each query beside them.

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lake } from "../warehouse/read.ts";
import { toArrow } from "./lake.ts";

const queries = join(import.meta.dirname, "src", "tables");

/**
 * Answers every query and lays the answers where Framework keeps what its data loaders made, so that it takes them and
 * starts no loader. All are of one snapshot, and a process a table, each of which would open the lake, is spared.
 * @param workshop the folder that Framework is run in
 */
export async function writeTables(lake: Lake, workshop: string): Promise<void> {
  const made = join(workshop, "src", ".observablehq", "cache", "tables");
  await mkdir(made, { recursive: true });
  for (const file of await readdir(queries)) {
    const columns = await lake.columns(await readFile(join(queries, file), "utf8"));
    await writeFile(join(made, file.slice(0, -".sql".length)), toArrow(columns));
  }
}
