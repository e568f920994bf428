// The importers that there are: each folder of `importers/` is one, and this finds it by its name.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Importer } from "../importers/importer.ts";

const FOLDER = join(import.meta.dirname, "..", "importers");

/** The names of all formats. */
export function formatNames(folder = FOLDER): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "importer.ts")))
    .map(({ name }) => name)
    .toSorted();
}

/**
 * The importer of a format.
 * @throws Error where there is none of this name
 */
export async function importerOf(format: string, folder = FOLDER): Promise<Importer> {
  if (!formatNames(folder).includes(format))
    throw new Error(`There is no format "${format}". There are: ${formatNames(folder).join(", ")}.`);
  const module = (await import(join(folder, format, "importer.ts"))) as { importer: Importer };
  return module.importer;
}
