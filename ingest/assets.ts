// Files that are deployed with the Worker: the report site, and the script of /docs. `run_worker_first` in wrangler.toml
// sees to it that they leave by this way alone, so that whoever guards it guards them.

import type { Context, MiddlewareHandler } from "hono";
import type { StatusCode } from "hono/utils/http-status";

/** The binding of the assets. */
export interface Assets {
  fetch: (request: Request) => Promise<Response>;
}

/** Answers with files of the deployed site, which lie below their own path; without one, says how to deploy it. */
export function assetFiles(assets: Assets): MiddlewareHandler {
  return async (c, next) => {
    const { pathname } = new URL(c.req.url);
    const found = await assetAt(assets, c, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    if (found) return found;
    const isDeployed = (await assetAt(assets, c, "/reports/site.json")) !== null;
    return isDeployed ? next() : c.html(NOT_DEPLOYED, 503);
  };
}

/** An asset by its path, or that the caller has it already; null where there is none. */
export async function assetAt(assets: Assets, c: Context, path: string): Promise<Response | null> {
  // Nothing else of the request concerns it, a password least of all.
  const known = c.req.header("If-None-Match");
  const headers: Record<string, string> = known === undefined ? {} : { "if-none-match": known };
  const {
    status,
    headers: said,
    body,
  } = await assets.fetch(new Request(new URL(path, c.req.url), { headers }));
  if (status !== 200 && status !== 304) {
    await body?.cancel();
    return null;
  }
  // It has no name for Arrow's files, and browsers are not to guess.
  const kept: Record<string, string> = { "content-type": "application/octet-stream" };
  for (const name of ["content-type", "etag"]) {
    const value = said.get(name);
    if (value !== null) kept[name] = value;
  }
  return c.newResponse(body, status as StatusCode, kept);
}

const NOT_DEPLOYED = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>Keyhouse: no report was deployed</title>
    <style>
      body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto; padding: 0 1rem; }
    </style>
  </head>
  <body>
    <h1>No report was deployed yet</h1>
    <p>Where the lake is, <code>npm run report -- --out assets/reports</code> builds one; what is in
    <code>assets/</code> goes with the next <code>npx wrangler deploy</code>.</p>
  </body>
</html>
`;
