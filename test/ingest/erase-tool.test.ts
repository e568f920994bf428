// `npm run erase` as people run it: beside a running service, with a lake and a site that name the person.

import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { load, makeApiKey, runTool, sql, startService } from "../support/service.ts";
import { catalog, order } from "./support.ts";

const NAME = "Jo Example-Smith";
const EMAIL = "jo.smith@example.org";
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs the tool, whatever it ends with. */
function erase(home: string, ...args: string[]) {
  const { promise, resolve } = Promise.withResolvers<{ code: number; stdout: string; stderr: string }>();
  const env = { ...process.env, KEYHOUSE_HOME: home };
  execFile(process.execPath, ["ingest/cli/erase.ts", ...args], { cwd: root, env }, (error, stdout, stderr) =>
    resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
  );
  return promise;
}

const filesBelow = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test("a person is gone from a home that is in use, and the service goes on; two at once are one after the other", async () => {
  const home = await temporaryFolder();
  const service = await startService(home);
  const key = await makeApiKey(home, "admin");
  const send = async (method: string, path: string, body?: unknown) =>
    (
      await fetch(service.url + path, {
        method,
        headers: { authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    ).status;
  await send("PUT", "/v1/catalog", catalog);
  const place = (orderId: string, customer: object) =>
    send("POST", "/v1/orders", order({ orderId, customer }));
  await place("SO-1", { id: "C-42", name: NAME, email: EMAIL });
  await place("SO-2", { id: "C-1", name: "Other Limited" });
  await place("SO-3", { id: "C-2", name: "Third Limited" });
  await place("SO-4", { id: "C-3", name: "Fourth Limited" });
  await load(home);

  const [two, three, none] = await Promise.all([
    erase(home, "C-1"),
    erase(home, "C-2", "--by", "privacy desk"),
    erase(home, "C-43"),
  ]);
  expect(none).toMatchObject({ code: 1, stdout: "", stderr: "There is no customer C-43.\n" });
  for (const { code, stdout, stderr } of [two, three]) {
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/Nothing that was looked through names C-\d any more\.\n$/);
  }

  await runTool(home, "reports/build.ts");
  const before = await runTool(home, "ingest/cli/erase.ts", "C-42", "--dry-run");
  expect(before).toMatch(/^ledger: profiles +by customer +1 +-$/m);
  expect(before).toMatch(/^site +\d+ files +[1-9]/m);
  const one = await erase(home, "C-42", "--json");
  expect(one).toMatchObject({ code: 0, stderr: "" });
  const report = JSON.parse(one.stdout) as { left: string[]; places: { place: string; done: string }[] };
  expect(report.left).toEqual([]);
  expect(report.places.find(({ place: it }) => it === "site")?.done).toBe(
    "built anew, the one before removed",
  );
  for (const path of await filesBelow(home)) {
    const bytes = await readFile(path);
    for (const word of [NAME, EMAIL, "Other Limited", "Third Limited"])
      expect([path, bytes.includes(word)]).toEqual([path, false]);
  }
  expect(
    await sql(
      home,
      `select customer_id, name, orders, (select data ->> 'by' from events
         where type = 'customer.erased' and events.customer_id = dim_customer.customer_id) as by
       from dim_customer order by 1`,
    ),
  ).toEqual([
    { customer_id: "C-1", name: null, orders: 1, by: "command line" },
    { customer_id: "C-2", name: null, orders: 1, by: "privacy desk" },
    { customer_id: "C-3", name: "Fourth Limited", orders: 1, by: null },
    { customer_id: "C-42", name: null, orders: 1, by: "command line" },
  ]);
  expect(await runTool(home, "warehouse/cli.ts", "snapshots", "--verify", "1")).toContain("is sound");
  expect(await runTool(home, "ingest/cli/check.ts")).toContain("All is well.");

  expect(await place("SO-5", { id: "C-42", name: NAME })).toBe(201);
}, 120_000);
