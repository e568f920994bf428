// The year, played: against a service that is not one, and twice against the real one.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { writeTime, YEAR } from "../../ingest/demo/calendar.ts";
import { HomeTaken, isPlayed, markPlayed } from "../../ingest/demo/home.ts";
import { play } from "../../ingest/demo/player.ts";
import { startService } from "../../ingest/demo/programs.ts";
import type { Step } from "../../ingest/demo/steps.ts";
import { UnexpectedAnswer } from "../../ingest/demo/taker.ts";
import { playYear } from "../../ingest/demo/year.ts";
import { type Lake, openLake } from "../../warehouse/read.ts";
import { playDemo } from "../support/demo.ts";

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keyhouse-demo-"));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe("the player", () => {
  interface Request {
    path: string;
    body: { orderId?: string; activationCode?: string; version?: string };
  }
  type Reply = { status: number; body: unknown };
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Plays a few orders against answers of our choice; `undefined` means the usual one. */
  async function playAgainst(reply: (request: Request) => Reply | undefined) {
    const requests: Request[] = [];
    const steps = playYear({ seed: 5, orders: 60 });
    server = createServer((incoming, outgoing) => {
      let text = "";
      incoming.on("data", (chunk) => (text += String(chunk)));
      incoming.on("end", () => {
        const request = { path: incoming.url ?? "", body: JSON.parse(text) as Request["body"] };
        requests.push(request);
        const { status, body } = reply(request) ?? usual(request);
        outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { steps, requests, playing: play(steps, { url, key: "key" }) };
  }

  function usual({ path, body }: Request): Reply {
    if (path === "/v1/events") return { status: 200, body: { stored: (body as unknown as object[]).length } };
    if (path !== "/v1/orders")
      return {
        status: 201,
        body: {
          activation: { activationId: "act" },
          license: `license of ${path}`,
          child: { entitlementId: "child", activationCode: "child/0" },
        },
      };
    const lines = (body as { lines: { lineNumber: number }[] }).lines;
    const entitlements = lines.map(({ lineNumber }) => ({
      lineNumber,
      entitlementId: `${body.orderId}/${lineNumber}`,
      activationCode: `${body.orderId}/${lineNumber}/0`,
    }));
    return { status: 201, body: { entitlements } };
  }

  const count = (steps: readonly Step[], kind: Step["kind"]) =>
    steps.filter((step) => step.kind === kind).length;

  it("sends every step once, and counts what came of it", async () => {
    const { steps, requests, playing } = await playAgainst(() => undefined);
    const { done, refusals } = await playing;
    expect(refusals).toEqual({});
    expect(done).toMatchObject({
      order: count(steps, "order"),
      cancellation: count(steps, "cancellation"),
      seat: count(steps, "activation"),
      merge: count(steps, "merge"),
      renew: steps.filter((step) => step.kind === "change" && step.change === "renew").length,
      rehost: steps.filter((step) => step.kind === "seat" && step.request === "rehost").length,
    });
    const told = requests.filter(({ path }) => path === "/v1/events");
    expect(done.telling).toBe(count(steps, "telling"));
    expect(requests).toHaveLength(steps.length - count(steps, "telling") + told.length);
    expect(told).toHaveLength(Math.ceil(count(steps, "telling") / 1000));
  });

  it("publishes the second catalog after all orders before it, and before all after it", async () => {
    const { steps, requests, playing } = await playAgainst(() => undefined);
    await playing;
    const isSecond = ({ body }: { body: unknown }) => (body as { version?: string }).version === "2026-05";
    const before = (items: readonly { body: unknown }[]) => items.findIndex(isSecond);
    // What programs tell goes in batches, later.
    expect(before(requests)).toBe(before(steps.filter(({ kind }) => kind !== "telling")));
    const ordersOf = (items: readonly { body: unknown }[]) =>
      new Set(items.slice(0, before(items)).map(({ body }) => (body as { orderId?: string }).orderId));
    expect(ordersOf(requests.filter(({ path }) => ["/v1/orders", "/v1/catalog"].includes(path)))).toEqual(
      ordersOf(steps.filter(({ kind }) => kind === "order" || kind === "catalog")),
    );
  });

  it("goes on after the refusals that the year provokes", async () => {
    const { steps, playing } = await playAgainst(({ path }) =>
      path === "/v1/activations" ? { status: 409, body: { code: "no_seats_left" } } : undefined,
    );
    const { done, refusals } = await playing;
    expect(refusals).toEqual({ no_seats_left: count(steps, "activation") });
    // Nobody has a seat that anything could be asked for.
    expect(done).toMatchObject({ order: count(steps, "order") });
    expect(done).not.toHaveProperty("seat");
    expect(done).not.toHaveProperty("rehost");
  });

  it.each<[string, Reply]>([
    ["a fault of the service", { status: 500, body: { code: "internal_error", detail: "see the log" } }],
    [
      "a request that does not fit",
      { status: 422, body: { code: "invalid_request", detail: "see the fields" } },
    ],
    [
      "a refusal that is not planned",
      { status: 409, body: { code: "history_out_of_order", detail: "see above" } },
    ],
  ])("ends at %s, and shows it", async (_what, answer) => {
    const { playing } = await playAgainst(({ path }) => (path === "/v1/activations" ? answer : undefined));
    const failure = await playing.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnexpectedAnswer);
    expect(String(failure)).toContain((answer.body as { detail: string }).detail);
  });
});

describe("the folder of a demo", () => {
  const marker = { seed: 1, orders: 60, version: 1 };

  it("is known again by its own demo, and left alone by another", async () => {
    const folder = await newFolder();
    expect(await isPlayed(join(folder, "new"), marker)).toBe(false);
    expect(await isPlayed(folder, marker)).toBe(false);
    await markPlayed(folder, marker);
    expect(await isPlayed(folder, marker)).toBe(true);
    await expect(isPlayed(folder, { ...marker, seed: 2 })).rejects.toThrow(HomeTaken);
    await expect(isPlayed(folder, { ...marker, orders: 61 })).rejects.toThrow(/seed 1, 60 orders/);
  });
});

describe("a demo against the real service", () => {
  it(
    "gives the same marts for the same seed, generated identifiers and record times aside",
    { timeout: 240_000 },
    async () => {
      const [one, other] = [await marts(), await marts()];
      expect(one.size).toBeGreaterThan(10);
      expect(one).toEqual(other);
      expect(one.get("fct_entitlement")?.length).toBeGreaterThanOrEqual(60);
      expect(one.get("fct_activation")?.length).toBeGreaterThan(60);
      expect(one.get("fct_refusal")?.length).toBeGreaterThan(0);
    },
  );

  // This seed has nearly everything that may happen in a year.
  const small = { seed: 338, orders: 80 };
  const everything = [
    "order",
    "cancellation",
    "refund",
    "seat",
    "repeat",
    "merge",
    "refresh",
    "rehost",
    "repair",
    "return",
    "release",
    "temporary",
    "renew",
    "upgrade",
    "extend",
    "suspend",
    "reinstate",
    "policy",
    "split",
    "transfer",
    "telling",
  ];

  /** Plays a small year as `npm run demo` does, and reads all marts that come of it. */
  async function marts(): Promise<Map<string, string[]>> {
    const home = await newFolder();
    const { done } = await playDemo(home, small, [writeTime(YEAR.endsAt)]);
    expect(everything.filter((deed) => !(deed in done))).toEqual([]);
    const env = { KEYHOUSE_HOME: home, KEYHOUSE_LOAD_EVERY: "off", LOG_LEVEL: "error", PORT: "0" };
    const again = await startService({ env, signal: new AbortController().signal });
    expect(again.isEmpty).toBe(false);
    await again.stop();
    const lake = await openLake(join(home, "lake"));
    if (!lake) throw new Error("nothing was loaded");
    try {
      return await readMarts(lake);
    } finally {
      lake.close();
    }
  }

  async function readMarts(lake: Lake): Promise<Map<string, string[]>> {
    const tables = await lake.query<{ name: string }>(
      // What is as it came in holds identifiers and record times in every row; what a load tells of itself, how long it took.
      "select distinct table_name as name from information_schema.tables where table_name not in ('events', 'profiles', 'fct_load') order by name",
    );
    const found = new Map<string, string[]>();
    for (const { name } of tables) {
      const rows = await lake.query(`select * from ${name}`);
      found.set(name, rows.map((row) => JSON.stringify(row, sameForAll)).toSorted());
    }
    return found;
  }

  /** Replaces what differs between two runs: record times, identifiers, keyed hashes, and the last digits of a float. */
  function sameForAll(column: string, value: unknown): unknown {
    if (["created_at", "started_at", "finished_at"].includes(column) || column.endsWith("recorded_at"))
      return null;
    if (typeof value === "number") return Number(value.toPrecision(12));
    if (typeof value !== "string") return value;
    return value
      .replaceAll(/\b(ent|act|lic|qtn|imp)_[0-9a-hjkmnp-tv-z]{28}\b/g, "$1")
      .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "uuid")
      .replaceAll(/\b[0-9a-f]{32}\b/g, "hash");
  }
});
