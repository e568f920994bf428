// Runs the promises of `shards.ts` on Node, with one shard and with several, and in workerd.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalog, testApp } from "../ingest/support.ts";
import { startWorker } from "../support/workerd.ts";
import { type Service, shardPromises } from "./shards.ts";

/** A service behind a fetch. */
function serviceOf(
  fetch: (path: string, init: RequestInit) => Promise<Response>,
  headers: Record<string, string>,
): Service {
  const post = async (path: string, init: RequestInit): Promise<Response> =>
    fetch(path, { ...init, headers });
  return {
    async send(method, path, body) {
      const response = await post(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    async sendLines(path, lines) {
      const body = lines.map((line) => JSON.stringify(line)).join("\n");
      const response = await post(path, { method: "POST", body });
      return (await response.text())
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { status: number });
    },
  };
}

describe.each([1, 4])("on Node, with shards: %i,", (shards) => {
  test.each(Object.entries(shardPromises))("%s", async (_promise, keep) => {
    const app = await testApp({ shards });
    const service = serviceOf(app.fetch, await app.as("admin"));
    await service.send("PUT", "/v1/catalog", catalog);
    await expect(keep(service)).resolves.toBeUndefined();
  });
});

describe("in workerd", () => {
  let worker: Awaited<ReturnType<typeof startWorker>>;
  beforeAll(async () => {
    worker = await startWorker({
      configPath: "wrangler.toml",
      secrets: { KEYHOUSE_SIGNING_KEY: "", KEYHOUSE_HOST_KEY: "", KEYHOUSE_ADMIN_KEY: "" },
    });
  });
  afterAll(() => worker.harness.close());

  test.each(Object.entries(shardPromises))("%s", async (_promise, keep) => {
    const service = serviceOf((path, init) => fetch(new URL(path, worker.url), init), {
      authorization: "Bearer kh_admin_for-development-on-this-machine-only",
    });
    await service.send("PUT", "/v1/catalog", catalog);
    await expect(keep(service)).resolves.toBeUndefined();
  });
});
