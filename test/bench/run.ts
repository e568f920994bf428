// `npm run bench`: ratios, each of two things measured side by side in one run. A machine has its moods; a ratio has fewer.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createApp } from "../../ingest/app.ts";
import { systemClock } from "../../ingest/clock.ts";
import { openLedger, homeOf } from "../../ingest/home.ts";
import { openKeys } from "../../ingest/keys-file.ts";
import { createApiKey } from "../../ingest/ledger/api-keys.ts";
import { nobleSigner, webCryptoSigner } from "../../licensing/index.ts";
import { activation, catalog, order } from "../ingest/support.ts";
import type { LoadPlan, LoadResult } from "./load.ts";

const CONNECTIONS = 64;
const REQUESTS = 15_000;
const SEATS_AN_ORDER = 50;

const home = mkdtempSync(join(tmpdir(), "keyhouse-bench-"));
try {
  await activations();
  await signatures();
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** Durable, signed activations over HTTP against an empty route of the same framework, in the same process. */
async function activations(): Promise<void> {
  const { ledger, close } = openLedger(homeOf({ KEYHOUSE_HOME: home }));
  const keys = await openKeys(join(home, "keys"), undefined);
  const app = createApp({
    ledger,
    keys: keys.current,
    clock: systemClock,
    issuer: "bench",
    shopifySecret: undefined,
    report: (error) => console.error(error),
  });
  const root = new Hono().get("/empty", (c) => c.json({ status: "ok" })).route("/", app);
  const listening = Promise.withResolvers<number>();
  const server = serve({ fetch: root.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) =>
    listening.resolve(port),
  );
  const url = `http://127.0.0.1:${await listening.promise}`;

  const codes = await prepare(
    app,
    await createApiKey(ledger.sql, { name: "bench", scopes: ["admin"], now: 0 }),
  );
  const bodies = codes.flatMap((code) =>
    Array.from({ length: SEATS_AN_ORDER }, (_, seat) =>
      JSON.stringify(activation(code, { host: { id: `h-${seat}` } })),
    ),
  );
  const empty: LoadPlan = {
    url: `${url}/empty`,
    method: "GET",
    connections: CONNECTIONS,
    bodies: bodies.map(() => ""),
  };
  await generate({ ...empty, bodies: empty.bodies.slice(0, 5000) });
  const before = await generate(empty);
  const measured = await generate({
    url: `${url}/v1/activations`,
    method: "POST",
    connections: CONNECTIONS,
    bodies,
  });
  const after = await generate(empty);
  if (measured.failed > 0) throw new Error(`${measured.failed} activations were refused`);

  const emptyRate = (rate(before) + rate(after)) / 2;
  const emptyP99 = (before.p99Ms + after.p99Ms) / 2;
  say("durable signed activations over HTTP / empty route", rate(measured) / emptyRate, [
    `${Math.round(rate(measured))} / ${Math.round(emptyRate)} a second, ${CONNECTIONS} connections`,
    "the load generator is a process of its own and takes the other core",
  ]);
  say("p99 of an activation / p99 of the empty route", measured.p99Ms / emptyP99, [
    `${measured.p99Ms.toFixed(1)} / ${emptyP99.toFixed(1)} ms`,
  ]);
  server.close();
  close();
}

/** Orders with enough seats for every activation. */
async function prepare(app: Hono, key: string): Promise<string[]> {
  const headers = { authorization: `Bearer ${key}` };
  const send = (method: string, path: string, body: object) =>
    app.request(path, { method, headers, body: JSON.stringify(body) });
  await send("PUT", "/v1/catalog", catalog);
  const count = REQUESTS / SEATS_AN_ORDER;
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const line = { quantity: SEATS_AN_ORDER };
      const response = await send("POST", "/v1/orders", order({ orderId: `SO-${i}`, line }));
      return (await response.json()) as { entitlements: { activationCode: string }[] };
    }),
  );
  return answers.map(({ entitlements }) => entitlements[0]?.activationCode ?? "");
}

/** Native Ed25519 against noble, one after the other. */
async function signatures(): Promise<void> {
  const key = new Uint8Array(32).fill(1);
  const message = new Uint8Array(1000).fill(2);
  const perSecond = async (signer: { sign(m: Uint8Array<ArrayBuffer>): Promise<unknown> }, count: number) => {
    const begun = performance.now();
    for (let i = 0; i < count; i++) await signer.sign(message);
    return (count / (performance.now() - begun)) * 1000;
  };
  const [native, noble] = [await webCryptoSigner(key), await nobleSigner(key)];
  await perSecond(noble, 50);
  const [nativeRate, nobleRate] = [await perSecond(native, 5000), await perSecond(noble, 500)];
  say("WebCrypto signatures / noble signatures", nativeRate / nobleRate, [
    `${Math.round(nativeRate)} / ${Math.round(nobleRate)} a second, one at a time`,
  ]);
}

function generate(plan: LoadPlan): Promise<LoadResult> {
  const { promise, resolve, reject } = Promise.withResolvers<LoadResult>();
  const child = spawn(process.execPath, [fileURLToPath(new URL("load.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.on("close", (code) =>
    code === 0
      ? resolve(JSON.parse(output) as LoadResult)
      : reject(new Error(`the load generator ended with ${code}`)),
  );
  child.stdin.end(JSON.stringify(plan));
  return promise;
}

function rate({ requests, seconds }: LoadResult): number {
  return requests / seconds;
}

function say(what: string, ratio: number, notes: string[]): void {
  console.log(
    `${ratio.toFixed(2).padStart(7)}  ${what}\n${notes.map((note) => `         ${note}`).join("\n")}`,
  );
}
