// The pages for people: the reports, which are for who has their key, and /docs, which is for everybody.

import { expect } from "vitest";
import type { Api } from "./api.ts";
import { SECRET, settings } from "./runtime.ts";
import { type Cases, table } from "./vendor.ts";

/** An `Authorization` header of basic authentication. */
const basic = (name: string, password: string) => ({ authorization: `Basic ${btoa(`${name}:${password}`)}` });

const reader = basic("anna", settings.KEYHOUSE_REPORTS_KEY);

const read = (api: Api, path: string, headers: Record<string, string> = {}, method = "GET") =>
  api.fetch(path, { method, headers, redirect: "manual" });

/** What every answer below /reports/ tells browsers. */
function expectGuarded({ headers }: Response): void {
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'self'; .*frame-ancestors 'none'$/);
  expect(Object.fromEntries(headers)).toMatchObject({
    "cache-control": "private, no-cache",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  });
}

export const pages: Cases = {
  ...table("%s leads to the reports", [["/"], ["/reports"]], async (api, path) => {
    const { status, headers } = await read(api, path);
    expect([status, headers.get("location")]).toEqual([302, "/reports/"]);
  }),

  ...table(
    "a reader gets %s, and browsers are told to keep it to themselves",
    [
      ["/reports/", "text/html"],
      ["/reports/index.html", "text/html"],
      ["/reports/activation.html", "text/html"],
      ["/reports/_file/seats.json?sha=1", "application/json"],
      ["/reports/_file/seats.arrow", "application/octet-stream"],
    ],
    async (api, path, type) => {
      const answer = await read(api, path, reader);
      expect([answer.status, answer.headers.get("content-type")?.replace(/;.*/, "")]).toEqual([200, type]);
      expect(await answer.text()).toContain(SECRET);
      expectGuarded(answer);
      const head = await read(api, path, reader, "HEAD");
      expect([head.status, await head.text()]).toEqual([200, ""]);
    },
  ),

  ...table(
    "what is not there is a problem, for a reader as well: %s",
    [["/reports/nothing.html"], ["/reports/_file/"], ["/reports/_file"], ["/reports/activation"]],
    async (api, path) => {
      const answer = await api.send("GET", path, undefined, reader);
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  ),

  "a site is only read": async (api) => {
    const answer = await api.send("POST", "/reports/", "x", reader);
    expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
  },

  ...table(
    "the reports ask for their key where there is %s",
    [
      ["none", {}],
      ["another one", basic("anna", "kh_reports_of-somebody-else-on-this-machine")],
      ["half of it", basic("anna", settings.KEYHOUSE_REPORTS_KEY.slice(0, -1))],
      ["more of it", basic("anna", `${settings.KEYHOUSE_REPORTS_KEY}.`)],
      ["the key as the name", basic(settings.KEYHOUSE_REPORTS_KEY, "")],
      ["no password", { authorization: `Basic ${btoa("anna")}` }],
      ["no base64", { authorization: "Basic a" }],
      ["the key as an API key", { authorization: `Bearer ${settings.KEYHOUSE_REPORTS_KEY}` }],
    ] as [string, Record<string, string>][],
    async (api, _what, headers) => {
      const answer = await api.fetch("/reports/", { headers });
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
        401,
        'Basic realm="keyhouse reports", charset="UTF-8"',
      ]);
      expectGuarded(answer);
      expect(await answer.json()).toMatchObject({ code: "unauthorized", status: 401 });
    },
  ),

  "an API key, be it the admin's, is no key to the reports": async (api) => {
    const admin = (await api.as("admin")).authorization ?? "";
    for (const headers of [{ authorization: admin }, basic("admin", admin.replace("Bearer ", ""))])
      expect((await read(api, "/reports/", headers)).status).toBe(401);
  },

  "the key to the reports opens nothing else": async (api) => {
    for (const headers of [reader, { authorization: `Bearer ${settings.KEYHOUSE_REPORTS_KEY}` }])
      for (const path of ["/v1/orders/SO-1", "/v1/customers/C-1/history", "/metrics"])
        expect(await api.send("GET", path, undefined, headers)).toMatchObject({ status: 401 });
  },

  ...table(
    "no way leads past the guard: %s",
    [
      "/reports/index.html",
      "/reports/%69ndex.html",
      "/reports/site.json",
      "/reports/_file/seats.json",
      "/%72eports/index.html",
      "//reports/index.html",
      "/./reports/index.html",
      "/docs/../reports/index.html",
      "/docs/%2e%2e/reports/index.html",
      "/docs/..%2freports/index.html",
      "/docs/scalar.js/../../reports/index.html",
      "/reports\\index.html",
      "/reports;/index.html",
      "/Reports/index.html",
      "/assets/reports/index.html",
      "/index.html",
      "/site.json",
      "/.assetsignore",
    ].map((path) => [path] as [string]),
    async (api, path) => {
      for (const headers of [{}, await api.as("admin")])
        for (const method of ["GET", "POST", "OPTIONS"]) {
          const { status, text } = await api.raw(method, path, headers);
          expect([400, 401, 404], `${method} ${status}`).toContain(status);
          expect(text).not.toContain(SECRET);
        }
    },
  ),

  "/docs is a page that everybody may load, with its script from here, and asks nobody else": async (api) => {
    const page = await read(api, "/docs");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(page.headers.get("content-security-policy")).toMatch(
      /^default-src 'self'; .*frame-ancestors 'none'$/,
    );
    const source = /<script[^>]* src="([^"]+)"/.exec(await page.text())?.[1] ?? "";
    expect(source).toBe("/docs/scalar.js");
    const script = await read(api, source);
    expect([script.status, script.headers.get("content-type")]).toEqual([
      200,
      "text/javascript; charset=utf-8",
    ]);
    expect(script.headers.get("cache-control")).toBe("public, max-age=3600");
    // The whole of it: some four megabytes of a program.
    expect((await script.text()).length).toBeGreaterThan(1_000_000);
  },
};
