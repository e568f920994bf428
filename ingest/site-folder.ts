// The report site on Node: files of the newest build, in its folder.

import { existsSync } from "node:fs";
import { serveStatic } from "@hono/node-server/serve-static";
import type { MiddlewareHandler } from "hono";
import { every } from "hono/combine";
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from "hono/compress";

/**
 * Answers from the folder of a site, compressed where the reader takes it; before there is one, with a page that says when there
 * will be.
 */
export function folderFiles(folder: string): MiddlewareHandler {
  const packed = compress({
    // Tables are Arrow, which is served as bytes, and comes to a fifth.
    contentTypeFilter: (type) =>
      COMPRESSIBLE_CONTENT_TYPE_REGEX.test(type) || type === "application/octet-stream",
  });
  return every(packed, filesOf(folder));
}

function filesOf(folder: string): MiddlewareHandler {
  return async (c, next) => {
    // The folder comes with the first build, and is another one after each: it is looked for at each request.
    if (!existsSync(folder)) return c.html(NOT_BUILT, 503, { "retry-after": "10" });
    const respond = serveStatic({
      root: folder,
      rewriteRequestPath: (path) => path.slice("/reports".length),
    });
    return respond(c, next);
  };
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta http-equiv="refresh" content="5" />
    <meta name="color-scheme" content="light dark" />
    <title>Keyhouse: the first report is on its way</title>
    <style>
      body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1rem; }
    </style>
  </head>
  <body>
    <h1>The first report is on its way</h1>
    <p>It is built from what the ledger holds now, and takes some seconds. This page looks again by itself.</p>
  </body>
</html>
`;
