// The HTTP server and the process around it: slow and broken clients, log lines without secrets, an end that is told first.

import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { listen } from "../../ingest/operation/node-server.ts";
import { temporaryFolder } from "../support/folder.ts";
import { makeApiKey, runTool, startService } from "../support/service.ts";
import { activation, catalog, order, testApp } from "./support.ts";

describe("the server", () => {
  const bounds = { connections: 100, headers_ms: 200, request_ms: 400, idle_ms: 60_000 };

  /** Says something to a server, byte by byte as it is, and hears it out. */
  async function say(...parts: string[]): Promise<string> {
    const app = await testApp();
    const server = await listen({
      fetch: (request) => app.fetch(request),
      hostname: "127.0.0.1",
      port: 0,
      bounds,
    });
    onTestFinished(() => server.close());
    const socket = connect(server.port, "127.0.0.1");
    for (const part of parts) socket.write(part);
    return text(socket);
  }

  const host = "host: localhost\r\n";

  test.each([
    [
      "headers that are too large",
      [`GET /healthz HTTP/1.1\r\n${host}x: ${"y".repeat(20_000)}\r\n\r\n`],
      431,
      "headers_too_large",
    ],
    ["what is no HTTP", ["hello\r\n\r\n"], 400, "malformed_request"],
    ["headers that never end", [`GET /healthz HTTP/1.1\r\n${host}x: `], 408, "request_timeout"],
    [
      "a body that never ends",
      [`POST /v1/activations HTTP/1.1\r\n${host}content-length: 9\r\n\r\n{`],
      408,
      "request_timeout",
    ],
  ])("answers %s with a problem, and lets go", async (_what, parts, status, code) => {
    const answer = await say(...parts);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain("content-type: application/problem+json");
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ status, code });
  });
});

test("a server that has as many connections as it may have takes no more until one is gone", async () => {
  const app = await testApp();
  const server = await listen({
    fetch: (request) => app.fetch(request),
    hostname: "127.0.0.1",
    port: 0,
    bounds: { connections: 1, headers_ms: 10_000, request_ms: 10_000, idle_ms: 10_000 },
  });
  const first = connect(server.port, "127.0.0.1");
  await once(first, "connect");
  expect(await text(connect(server.port, "127.0.0.1"))).toBe("");
  first.end();
  await once(first, "close");
  const { status } = await fetch(`http://127.0.0.1:${server.port}/healthz`, {
    headers: { connection: "close" },
  });
  expect(status).toBe(200);
  await server.close();
});

describe("the service as a process", () => {
  test("logs no secret that any request held, and is not ready before it stops", async () => {
    const home = await temporaryFolder();
    const admin = await makeApiKey(home, "admin");
    const service = await startService(home, { LOG_LEVEL: "debug", KEYHOUSE_DRAIN: "PT1S" });
    const secrets = [admin, admin.split("_")[2] ?? ""];
    const send = async (method: string, path: string, body?: unknown, key: string | null = admin) => {
      const response = await fetch(service.url + path, {
        method,
        ...(key === null ? {} : { headers: { authorization: `Bearer ${key}` } }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json();
    };
    await send("PUT", "/v1/catalog", catalog);
    const granted = await send("POST", "/v1/orders", order());
    const code = granted.entitlements[0].activationCode as string;
    const { license, activation: seat } = await send("POST", "/v1/activations", activation(code), null);
    secrets.push(code, license, "fingerprint-1", "ws-17", "it@example.com", "Example GmbH");
    const refresh = `/v1/activations/${seat.activationId}/refresh`;
    expect(
      (await send("POST", refresh, { license, host: { id: "fingerprint-1" } }, null)).license,
    ).toBeTypeOf("string");
    await send("POST", "/v1/activations", { activationCode: code, host: "wrong" }, null);
    await send("POST", "/v1/activations", `{"activationCode":"${code}"`, null);
    await send("GET", `/v1/orders/${code}?code=${code}`);
    await send("GET", `/${code}`, undefined, "kh_0123456789ab_of-nobody-at-all");
    secrets.push("of-nobody-at-all");
    const metrics = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${admin}` } });
    expect(await metrics.text()).toContain("nodejs_eventloop_lag_seconds");
    expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({ status: "ready" });

    const ended = service.end("SIGTERM");
    await expect.poll(async () => (await fetch(`${service.url}/readyz`)).status, { interval: 20 }).toBe(503);
    expect((await send("GET", "/v1/orders/SO-1001")).order.orderId).toBe("SO-1001");
    expect(await ended).toBe(0);

    const logged = service.output();
    const lines = logged.split("\n").filter((line) => line.startsWith("{"));
    expect(lines.filter((line) => line.includes('"message":"request"')).length).toBeGreaterThan(11);
    for (const secret of secrets) expect(logged, secret).not.toContain(secret);
    const listed = await runTool(home, "ingest/cli/keys.ts", "api-key", "list");
    expect(listed).toMatch(/test {2}admin {2}made \S+ {2}used \S+Z {2}live/);
  });
});
