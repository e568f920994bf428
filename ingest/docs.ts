// The page to try the interface on, served beside it: Scalar's, from this service alone.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Scalar } from "@scalar/hono-api-reference";
import type { Hono } from "hono";
import type { AppDeps } from "./deps.ts";
import { counted } from "./operation/admit.ts";
import type { Operation } from "./operation/operation.ts";

/**
 * Serves the page at /docs, and its script below, to who does not ask too often. Nothing on it comes from, or goes to,
 * anywhere else.
 */
export function serveDocs(app: Hono, deps: Pick<AppDeps, "clock"> & { operation: Operation }): void {
  for (const path of ["/docs", SCRIPT]) app.use(path, counted(path, deps));
  app.use("/docs", async (c, next) => {
    await next();
    c.header("content-security-policy", POLICY);
  });
  app.get(
    "/docs",
    Scalar({
      url: "/openapi.json",
      cdn: SCRIPT,
      pageTitle: "Keyhouse: the interface",
      // What it would else fetch, send or offer of its maker's services.
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      showDeveloperTools: "never",
      authentication: { preferredSecurityScheme: "apiKey" },
      // A key that somebody tried something with is gone with the page.
      persistAuth: false,
      // The one client that everybody has; the typed one for TypeScript is in `client/`.
      defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
    }),
  );
  let script: Promise<Uint8Array<ArrayBuffer>> | undefined;
  app.get(SCRIPT, async (c) => {
    script ??= readFile(bundle()).then((bytes) => new Uint8Array(bytes));
    return c.body(await script, 200, {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=3600",
    });
  });
}

const SCRIPT = "/docs/scalar.js";

// The page is the package's own, with its script and its styles inline. It may ask this service, and nobody else.
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
].join("; ");

/** Where the package keeps what browsers load: one file, with everything in it. */
function bundle(): string {
  const main = createRequire(import.meta.url).resolve("@scalar/api-reference");
  return join(dirname(main), "browser", "standalone.js");
}
