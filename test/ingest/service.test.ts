import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { makeApiKey, runTool, startService } from "../support/service.ts";
import { catalog, order } from "./support.ts";

describe("the service", () => {
  test("in an empty folder makes its key, says how to begin, and on SIGTERM leaves everything in segments", async () => {
    const home = join(await temporaryFolder(), "not", "there", "yet");
    const service = await startService(home);
    expect(service.output()).toContain("Made a signing key");
    const key = await makeApiKey(home, "admin");
    const headers = { authorization: `Bearer ${key}` };
    const send = (method: string, path: string, body: object) =>
      fetch(service.url + path, { method, headers, body: JSON.stringify(body) });
    expect((await send("PUT", "/v1/catalog", catalog)).status).toBe(201);
    const answers = Array.from({ length: 20 }, (_, i) =>
      send("POST", "/v1/orders", order({ orderId: `SO-${i}` })),
    );
    await Promise.race(answers);
    // Stopped with requests at hand: each is answered, or was never taken.
    const ended = service.end("SIGTERM");
    const settled = await Promise.allSettled(answers);
    expect(await ended).toBe(0);
    const taken = settled.filter(({ status }) => status === "fulfilled").length;
    expect(taken).toBeGreaterThan(0);
    expect(service.output()).toContain("api-key create --name first --scope admin");
    await stat(join(home, "segments", "events", "shard=000"));
    expect(await runTool(home, "ingest/cli/export.ts")).toBe("");
  });

  test("before the first build, /reports/ says that it is on its way", async () => {
    const service = await startService(await temporaryFolder());
    const page = await fetch(`${service.url}/`);
    expect([page.status, page.url]).toEqual([503, `${service.url}/reports/`]);
    expect(await page.text()).toContain("on its way");
    await service.end("SIGTERM");
  });

  test("keeps lake and reports up by itself: the first round begins at once, the next when it is time and something is new", async () => {
    const home = await temporaryFolder();
    const service = await startService(home, { KEYHOUSE_LOAD_EVERY: "PT1S" });
    await service.says(/reports are up to event 0/);
    const headers = { authorization: `Bearer ${await makeApiKey(home, "admin")}` };
    const body = JSON.stringify(catalog);
    await fetch(`${service.url}/v1/catalog`, { method: "PUT", headers, body });
    // The API key's making is event 1.
    await service.says(/reports are up to event 2/);
    const page = await fetch(`${service.url}/reports/`);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/Snapshot [23],/);
    expect(await service.end("SIGTERM")).toBe(0);
  });

  test("stopped in the middle of a round ends the round, and itself", async () => {
    const service = await startService(await temporaryFolder(), { KEYHOUSE_LOAD_EVERY: "PT1H" });
    expect(await service.end("SIGTERM")).toBe(0);
    expect(service.output()).not.toContain("failed");
  });

  test.each([
    ["PORT", "eighty", "PORT is"],
    ["KEYHOUSE_LOAD_EVERY", "10 minutes", "KEYHOUSE_LOAD_EVERY is"],
    ["KEYHOUSE_REPORTS_KEY", "a password", "KEYHOUSE_REPORTS_KEY is"],
  ])("refuses a %s that it cannot read, and says what fits", async (name, value, message) => {
    await expect(startService(await temporaryFolder(), { [name]: value })).rejects.toThrow(message);
  });

  test("whose port is taken says so", async () => {
    const service = await startService(await temporaryFolder());
    const port = new URL(service.url).port;
    await expect(startService(await temporaryFolder(), { PORT: port })).rejects.toThrow(
      `Port ${port} is taken`,
    );
    await service.end("SIGTERM");
  });
});

describe("npm run keys", () => {
  test.each([
    [["api-key", "create", "--scope", "admin"], "Give the key a name"],
    [["api-key", "create", "--name", "x"], "Say what the key may do"],
    [["api-key", "create", "--name", "x", "--scope", "everything"], "No such scope: everything"],
    [["api-key", "revoke"], "Say which"],
    [["api-key", "revoke", "nothing"], "no live API key"],
    [["nonsense"], "There is no command"],
  ])("%j is told what is missing", async (args, message) => {
    const home = await temporaryFolder();
    await expect(runTool(home, "ingest/cli/keys.ts", ...args)).rejects.toThrow(message);
  });

  test("lists keys without their secrets, and revokes them", async () => {
    const home = await temporaryFolder();
    const key = await makeApiKey(home, "orders:write", "read");
    const [, keyId = "", secret = ""] = key.split("_");
    const listed = await runTool(home, "ingest/cli/keys.ts", "api-key", "list");
    expect(listed).toContain(keyId);
    expect(listed).not.toContain(secret);
    await runTool(home, "ingest/cli/keys.ts", "api-key", "revoke", keyId);
    expect(await runTool(home, "ingest/cli/keys.ts", "api-key", "list")).toContain("revoked");
  });
});
