// The script of the page to try the interface on, as its package brings it.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Context } from "hono";

/** Where the package keeps what browsers load: one file, with everything in it. */
export function docsScriptFile(): string {
  const main = createRequire(import.meta.url).resolve("@scalar/api-reference");
  return join(dirname(main), "browser", "standalone.js");
}

/** Answers with the script, which is read at the first request for it. */
export function docsScript(): (c: Context) => Promise<Response> {
  let script: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return async (c) => {
    script ??= readFile(docsScriptFile()).then((bytes) => new Uint8Array(bytes));
    return c.body(await script);
  };
}
