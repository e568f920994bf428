// A folder of its own for each build: Framework keeps its cache beside its sources, and no build may see another's.

import { spawn } from "node:child_process";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import type { Audience } from "./audience.ts";
import type { Page } from "./navigation.ts";
import { keepBundles, takeBundles } from "./packages.ts";

const room = import.meta.dirname;
const framework = createRequire(import.meta.url).resolve("@observablehq/framework/dist/bin/observable.js");
const modules = framework.slice(
  0,
  framework.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules`.length,
);

/** How much of Framework's log is kept, to be shown when it fails. */
const LOG_KEPT_CHARACTERS = 16 * 1024;

/**
 * Lays a workshop out: links to the pages, the configuration and the packages. What Framework writes stays within it.
 * @param folder an empty folder
 * @param pages those that the site has; Framework makes one of each file that it finds
 */
export async function layOut(folder: string, pages: readonly Page[]): Promise<void> {
  const sources = join(room, "src");
  await mkdir(join(folder, "src"));
  const wanted = new Set(pages.map(({ path }) => `${path === "/" ? "index" : path.slice(1)}.md`));
  for (const entry of await readdir(sources)) {
    // A preview by hand leaves its cache here. Data of another day: never taken over.
    if (entry === ".observablehq" || (entry.endsWith(".md") && !wanted.has(entry))) continue;
    await symlink(join(sources, entry), join(folder, "src", entry));
  }
  await symlink(join(room, "observablehq.config.js"), join(folder, "observablehq.config.js"));
  await symlink(modules, join(folder, "node_modules"));
  await takeBundles(modules, folder);
}

/** What the frame of each page says: at its foot, and for whom it is. */
export interface Frame {
  foot: string;
  audience: Audience;
}

/**
 * Runs Framework in a workshop, without network.
 * @returns the folder of the built site, within the workshop
 * @throws with the end of Framework's log where it fails
 */
export async function runFramework(folder: string, { foot, audience }: Frame): Promise<string> {
  const child = spawn(
    process.execPath,
    ["--no-warnings", "--import", new URL("offline.ts", import.meta.url).href, framework, "build"],
    {
      cwd: folder,
      env: {
        ...process.env,
        KEYHOUSE_REPORT_FOOT: foot,
        KEYHOUSE_REPORT_AUDIENCE: audience,
        OBSERVABLE_TELEMETRY_DISABLE: "true",
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let log = "";
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-LOG_KEPT_CHARACTERS);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`Framework could not build the pages (exit ${code}):\n${log}`);
  await keepBundles(modules, folder);
  return join(folder, "dist");
}
