// An app with a ledger of its own in memory, and what tests say to it.

import { createHash } from "node:crypto";
import { createApp } from "../../ingest/app.ts";
import type { Deps } from "../../ingest/deps.ts";
import { insertApiKey, makeApiKey } from "../../ingest/ledger/api-keys.ts";
import { Courier } from "../../ingest/ledger/courier.ts";
import { Ledger, type LedgerOptions } from "../../ingest/ledger/ledger.ts";
import { type SqliteFile, openSqlite } from "../../ingest/ledger/sqlite.ts";
import { Ledgers } from "../../ingest/ledgers.ts";
import type { Scope } from "../../ingest/scope.ts";
import { parseInstant, webCryptoSigner } from "../../licensing/index.ts";
import { holdToDocument } from "./held.ts";

/** The present of every test that does not set another. */
export const NOW = "2026-11-24T12:00:00Z";

export interface Answered {
  status: number;
  headers: Headers;
  // What a test reads of an answer is what it asserts.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface TestApp {
  deps: Deps;
  /** Shard 0. */
  ledger: Ledger;
  /** The database of shard 0, and those of all shards. */
  sql: SqliteFile;
  files: SqliteFile[];
  /** Sends a request; `body` goes as JSON, or as it is where it is text. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Sends a request as it is, and answers with what came back as it is. */
  fetch: (request: string | Request, init?: RequestInit) => Promise<Response>;
  /** An `Authorization` header with a new key of these scopes. */
  as(...scopes: Scope[]): Promise<Record<string, string>>;
  setNow(time: string): void;
  /** What the app reported to its operator. */
  reported: unknown[];
}

/** Makes an app; `path` for a ledger on disk, `shards` for several of them in memory. */
export async function testApp({
  path = ":memory:",
  shards = 1,
  observe,
  ...more
}: {
  path?: string;
  shards?: number;
  observe?: LedgerOptions["observe"];
} & Partial<Deps> = {}): Promise<TestApp> {
  let now = instant(NOW);
  const clock = () => now;
  const opened = Array.from({ length: shards }, (_, shard) => {
    const file = openSqlite(shard === 0 ? path : ":memory:");
    const courier = new Courier({
      sql: file,
      send: (to, news) => ledgers.at(to).execute("takeNews", { news }),
      report: (error) => reported.push(error),
    });
    const onMessages = () => void courier.deliver();
    const ledger = new Ledger({ sql: file, shard, shards, clock, defer: setImmediate, onMessages, observe });
    return { file, ledger };
  });
  const ledgers = new Ledgers(opened.map(({ ledger }) => ledger));
  const [first] = opened;
  if (!first) throw new TypeError("an app has a shard at least");
  const { ledger, file: sql } = first;
  const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
  const reported: unknown[] = [];
  const deps: Deps = {
    ledgers,
    signer,
    publicKeys: [signer.publicJwk],
    compromised: [],
    hashId: (id) => createHash("sha256").update(`test ${id}`).digest("base64url").slice(0, 32),
    clock,
    issuer: "keyhouse-test",
    shopifySecret: undefined,
    stripeSecrets: [],
    report: (error) => reported.push(error),
    ...more,
  };
  const { signer: signing, publicKeys, compromised, hashId, ...rest } = deps;
  const app = createApp({
    ...rest,
    keys: async () => ({ signer: signing, publicKeys, compromised, hashId }),
  });
  return {
    deps,
    ledger,
    sql,
    files: opened.map(({ file }) => file),
    reported,
    fetch: async (request, init) => app.request(request, init),
    setNow: (time) => void (now = instant(time)),
    async as(...scopes) {
      const { presented, key } = await makeApiKey("test", scopes);
      insertApiKey(sql, key, clock());
      return { authorization: `Bearer ${presented}` };
    },
    async send(method, url, body, headers = {}) {
      const response = await app.request(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = text === "" ? undefined : (JSON.parse(text) as unknown);
      const { status } = response;
      holdToDocument({ method, url, status, headers: response.headers, body: answer });
      return { status, headers: response.headers, body: answer };
    },
  };
}

function instant(time: string): number {
  const parsed = parseInstant(time);
  if (parsed === undefined) throw new TypeError(`not a timestamp: ${time}`);
  return parsed;
}

/** A small catalog: a subscription and a perpetual license on nodes, and a floating pool. */
export const catalog = {
  version: "2026-11",
  products: [
    {
      sku: "CAD-PRO",
      name: "Atlas CAD Pro",
      brand: "Atlas",
      features: ["3d", "export"],
      defaultLicenseModel: "perp-node",
    },
    { sku: "CAD-LITE", name: "Atlas CAD Lite", brand: "Atlas" },
  ],
  licenseModels: [
    {
      id: "sub-node",
      name: "Annual, node-locked",
      term: { kind: "subscription", duration: "P1Y" },
      metric: "node-locked",
      policy: { lease: "P30D" },
    },
    { id: "perp-node", name: "Perpetual, node-locked", term: { kind: "perpetual" }, metric: "node-locked" },
    {
      id: "perp-float",
      name: "Perpetual, floating",
      term: { kind: "perpetual" },
      metric: "floating",
      policy: { lease: "PT8H" },
    },
    { id: "perp-user", name: "Perpetual, named user", term: { kind: "perpetual" }, metric: "named-user" },
  ],
  priceBands: [
    { id: "high-volume", below: 20_000 },
    { id: "standard", below: 1_000_000 },
    { id: "high-touch" },
  ],
};

/** An order of one line, with what a test changes about it. */
export function order(changes: { line?: object } & Record<string, unknown> = {}) {
  const { line, ...rest } = changes;
  return {
    orderId: "SO-1001",
    orderedAt: "2026-11-05T10:00:00Z",
    customer: { id: "C-42", name: "Example GmbH", email: "it@example.com", country: "DE" },
    lines: [
      {
        lineNumber: 1,
        sku: "CAD-PRO",
        licenseModel: "sub-node",
        quantity: 2,
        unitPrice: { amount: 99_900, currency: "EUR" },
        ...line,
      },
    ],
    ...rest,
  };
}

/** An activation of one host, with what a test changes about it. */
export function activation(activationCode: string, changes: Record<string, unknown> = {}) {
  return {
    activationCode,
    host: { id: "fingerprint-1", name: "ws-17" },
    platform: { os: { type: "windows", version: "11" }, arch: "amd64" },
    app: { version: "7.2" },
    ...changes,
  };
}

/** An app with the catalog and one order of two seats, and its activation code. */
export async function appWithOrder(
  changes: Parameters<typeof order>[0] = {},
  deps: Parameters<typeof testApp>[0] = {},
) {
  const app = await testApp(deps);
  const admin = await app.as("admin");
  await app.send("PUT", "/v1/catalog", catalog, admin);
  const { body } = await app.send("POST", "/v1/orders", order(changes), admin);
  const [entitlement] = body.entitlements;
  return { app, admin, entitlement, code: entitlement.activationCode as string };
}
