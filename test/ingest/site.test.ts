// The report site, as the service serves it beside the API.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createApp } from "../../ingest/app.ts";
import { serveSite } from "../../ingest/site.ts";
import { folderFiles } from "../../ingest/site-folder.ts";
import { temporaryFolder } from "../support/folder.ts";
import { operated } from "./operated.ts";
import { testApp } from "./support.ts";

test("pages, redirects and what is not there have the request's ID, as every answer has", async () => {
  const { deps } = await testApp();
  const { operation } = operated();
  const app = createApp({ ...deps, keys: async () => deps, operation });
  const folder = join(await temporaryFolder(), "site");
  serveSite(app, { files: folderFiles(folder), readers: "everybody", clock: deps.clock, operation });
  const get = async (path: string) => {
    const answer = await app.request(path, { headers: { "x-request-id": "mine" } });
    return [answer.status, answer.headers.get("x-request-id"), await answer.text()];
  };
  expect(await get("/reports/")).toEqual([503, "mine", expect.stringContaining("on its way")]);
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), "<p>the overview</p>");
  expect(await get("/reports/")).toEqual([200, "mine", "<p>the overview</p>"]);
  expect(await get("/reports")).toEqual([302, "mine", ""]);
  expect(await get("/reports/none")).toEqual([404, "mine", expect.stringContaining("not_found")]);
});

test("a site comes compressed to who takes it; browsers keep its code, and ask again for pages and data", async () => {
  const { deps } = await testApp();
  const { operation } = operated();
  const app = createApp({ ...deps, keys: async () => deps, operation });
  const folder = await temporaryFolder();
  serveSite(app, { files: folderFiles(folder), readers: "everybody", clock: deps.clock, operation });
  const text = "as it is ".repeat(1_000);
  for (const folderName of ["_file", "_node"]) mkdirSync(join(folder, folderName));
  for (const name of ["index.html", "_file/site.0123abcd.arrow", "_node/d3.0123abcd.js"])
    writeFileSync(join(folder, name), text);
  const get = async (path: string, accepted: string) => {
    const { headers, status, body } = await app.request(path, { headers: { "accept-encoding": accepted } });
    const encoding = headers.get("content-encoding");
    const plain = encoding === null ? body! : body!.pipeThrough(new DecompressionStream("gzip"));
    expect(status === 404 || (await new Response(plain).text()) === text).toBe(true);
    return [status, encoding, headers.get("cache-control")];
  };
  const kept = "private, max-age=31536000, immutable";
  expect(await get("/reports/", "br, gzip")).toEqual([200, "gzip", "private, no-cache"]);
  expect(await get("/reports/index.html", "identity")).toEqual([200, null, "private, no-cache"]);
  expect(await get("/reports/_file/site.0123abcd.arrow", "gzip")).toEqual([200, "gzip", "private, no-cache"]);
  expect(await get("/reports/_node/d3.0123abcd.js", "gzip")).toEqual([200, "gzip", kept]);
  expect(await get("/reports/_node/d3.4567abcd.js", "identity")).toEqual([404, null, "private, no-cache"]);
});
