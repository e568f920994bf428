// The page to try the interface on, served beside it: Scalar's, from this service alone.

import { Scalar } from "@scalar/hono-api-reference";
import type { Context, Hono } from "hono";
import type { AppDeps } from "./deps.ts";
import { counted } from "./operation/admit.ts";
import type { Operation } from "./operation/operation.ts";

export interface DocsDeps extends Pick<AppDeps, "clock"> {
  operation: Operation;
  /** An answer with the script, from wherever a runtime keeps it; null where it is not there. */
  script: (c: Context) => Promise<Response | null>;
}

/**
 * Serves the page at /docs, and its script below, to who does not ask too often. Nothing on it comes from, or goes to,
 * anywhere else.
 */
export function serveDocs(app: Hono, deps: DocsDeps): void {
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
  app.get(SCRIPT, async (c) => {
    const script = await deps.script(c);
    if (script === null) return c.notFound();
    script.headers.set("content-type", "text/javascript; charset=utf-8");
    script.headers.set("cache-control", "public, max-age=3600");
    return script;
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
