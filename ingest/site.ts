// The report site, served beside the API below /reports/: who may read it, and what browsers may make of it.

import type { Hono, MiddlewareHandler } from "hono";
import { admittedReader, type ReaderDeps } from "./reports-key.ts";

export interface SiteDeps extends ReaderDeps {
  /** Answers with the file that is asked for, from wherever a runtime keeps the site; else lets others answer. */
  files: MiddlewareHandler;
  /** Who may read: who has the key; or everybody, where only readers reach the service at all. */
  readers: { key: string } | "everybody" | "nobody";
}

/** Serves the built site below /reports/. */
export function serveSite(app: Hono, { files, readers, ...deps }: SiteDeps): void {
  app.get("/", (c) => c.redirect("/reports/"));
  app.get("/reports", (c) => c.redirect("/reports/"));
  app.use(PATHS, async (c, next) => {
    c.set("route", PATHS);
    await next();
    for (const name in HEADERS) c.header(name, HEADERS[name]);
    c.header("cache-control", c.res.ok && CODE.test(c.req.path) ? FOR_EVER : "private, no-cache");
  });
  if (readers !== "everybody")
    app.use(PATHS, admittedReader(readers === "nobody" ? null : readers.key, deps));
  app.get(PATHS, files);
}

const PATHS = "/reports/*";

/** Framework names code after its content. So it does data, but these are for who has the key at the time. */
const CODE = /^\/reports\/_(?!file\/)/;
const FOR_EVER = "private, max-age=31536000, immutable";

const HEADERS: Record<string, string> = {
  // Pages are modules and styles, some of them inline, and data beside them. They ask this service, and nobody else.
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-resource-policy": "same-origin",
  // A customer's ID may stand in an address.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};
