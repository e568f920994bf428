// The service as the benchmark runs it: in this process, with a ledger on disk, beside an empty route.

import { join } from "node:path";
import { Hono } from "hono";
import { createApp } from "../../ingest/app.ts";
import { systemClock } from "../../ingest/clock.ts";
import { homeOf, openLedger } from "../../ingest/home.ts";
import { openKeys } from "../../ingest/keys-file.ts";
import { insertApiKey, makeApiKey } from "../../ingest/ledger/api-keys.ts";
import type { Ledger } from "../../ingest/ledger/ledger.ts";
import { Ledgers } from "../../ingest/ledgers.ts";
import { operationOf } from "../../ingest/operation/node-operation.ts";
import { openLog } from "../../ingest/operation/node-log.ts";
import { listen } from "../../ingest/operation/node-server.ts";
import { catalog } from "../ingest/support.ts";

export interface BenchService {
  url: string;
  ledger: Ledger;
  /** An API key that may do everything. */
  key: string;
  /** Sends a request past the network, and answers with what came back. */
  send: <Body>(method: string, path: string, body?: object) => Promise<Body>;
  close(): Promise<void>;
}

/** Starts a service of its own in a folder, with the catalog published. */
export async function startBench(home: string): Promise<BenchService> {
  const { ledger, close } = openLedger(homeOf({ KEYHOUSE_HOME: home }));
  const keys = await openKeys(join(home, "keys"), undefined);
  const app = createApp({
    ledgers: new Ledgers([ledger]),
    keys: () => Promise.resolve(keys),
    clock: systemClock,
    issuer: "bench",
    shopifySecret: undefined,
    stripeSecrets: [],
    report: (error) => console.error(error),
    operation: {
      ...operationOf({ KEYHOUSE_RATE_LIMITS: process.env["KEYHOUSE_RATE_LIMITS"] || "off" }, home),
      log: openLog("info", join(home, "log")),
    },
  });
  const empty = new Hono().get("/empty", (c) => c.json({ status: "ok" }));
  const server = await listen({
    // Beside the app, not around it: `route` would wrap each of the app's handlers once more, which `npm start` does not.
    fetch: (request, env) => (request.url.endsWith("/empty") ? empty : app).fetch(request, env),
    hostname: "127.0.0.1",
    port: 0,
  });
  const { presented: key, key: kept } = await makeApiKey("bench", ["admin"]);
  insertApiKey(ledger.sql, kept, 0);
  const send = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await app.request(path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Body;
  };
  await send("PUT", "/v1/catalog", catalog);
  return {
    url: `http://127.0.0.1:${server.port}`,
    ledger,
    key,
    send,
    async close() {
      await server.close();
      close();
    },
  };
}
