// The repository's own files, as they stand in the folder: what .gitignore names is none of ours.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf, type Export, exportsOf, type Import, importsOf, scriptOf } from "./scan.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The rooms that do the work, and what each may import besides itself: the doors of each other room that it may use.
 * `test` looks on.
 */
export const doors = {
  licensing: [],
  ingest: ["licensing/index.ts"],
  // What is read, and where it lies.
  warehouse: [
    "ingest/event.ts",
    "ingest/segments/bucket.ts",
    "ingest/segments/folder.ts",
    "ingest/segments/store.ts",
  ],
  reports: ["warehouse/progress.ts", "warehouse/read.ts", "warehouse/waits.ts"],
  client: ["ingest/api/contract.ts"],
} as const satisfies Record<string, readonly string[]>;

export const rooms = Object.keys(doors) as (keyof typeof doors)[];

const ignored = new Set(
  [".git/", ...readFileSync(join(root, ".gitignore"), "utf8").split("\n")]
    .filter((line) => line.endsWith("/"))
    .map((line) => line.replaceAll("/", "")),
);
const TEXT = new Set([
  ".ts",
  ".js",
  ".md",
  ".sql",
  ".yml",
  ".yaml",
  ".css",
  ".html",
  ".json",
  ".jsonc",
  ".sh",
  ".toml",
  "",
]);

export interface TextFile {
  /** From the root, with slashes. */
  path: string;
  text: string;
}

function list(folder: string): TextFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): TextFile[] => {
    if (ignored.has(entry.name)) return [];
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return list(full);
    if (!entry.isFile() || !TEXT.has(extname(entry.name))) return [];
    return [{ path: relative(root, full).replaceAll(sep, "/"), text: readFileSync(full, "utf8") }];
  });
}

export const files: TextFile[] = list(root).toSorted((a, b) => (a.path < b.path ? -1 : 1));

export interface Module extends TextFile {
  room: string;
  code: string;
  exports: Export[];
  imports: (Import & { /** The file of ours that it loads, else null. */ target: string | null })[];
}

/** Every module of ours, and every page of the site: a page's scripts import too. */
export const modules: Module[] = files
  .filter(({ path }) => /\.[jt]s$/.test(path) || /^reports\/src\/.*\.md$/.test(path))
  .map(({ path, text }) => {
    const code = codeOf(path.endsWith(".md") ? scriptOf(text) : text);
    const [room = ""] = path.split("/");
    const imports = importsOf(code).map((it) => ({ ...it, target: targetOf(path, it.specifier) }));
    return { path, text, room, code, exports: exportsOf(code), imports };
  });

export const moduleAt = new Map(modules.map((module) => [module.path, module]));

/** Framework compiles TypeScript that is imported by the name that it will have in the browser. */
function targetOf(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const path = posix.join(dirname(from), specifier);
  const source = path.replace(/\.js$/, ".ts");
  return existsSync(join(root, path)) || !existsSync(join(root, source)) ? path : source;
}
