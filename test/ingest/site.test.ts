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
