// Bodies of telemetry as Node's server has them: read past the request, into one buffer.

import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createApp } from "../../ingest/app.ts";
import { operationOf } from "../../ingest/operation/node-operation.ts";
import { listen } from "../../ingest/operation/node-server.ts";
import { temporaryFolder } from "../support/folder.ts";
import { testApp } from "./support.ts";
import { beat } from "./telemetry-support.ts";

async function server() {
  const it = await testApp();
  const { deps, sql, reported } = it;
  const operation = operationOf(
    { LOG_LEVEL: "silent", KEYHOUSE_RATE_LIMITS: "off" },
    await temporaryFolder(),
  );
  const app = createApp({ ...deps, keys: async () => deps, operation });
  const listening = await listen({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  onTestFinished(() => listening.close());
  const { authorization } = (await it.as("events:write")) as { authorization: string };
  const head = (length: number) =>
    `POST /v1/events HTTP/1.1\r\nHost: keyhouse\r\nAuthorization: ${authorization}\r\n` +
    `Content-Type: application/x-ndjson\r\nContent-Length: ${length}\r\n\r\n`;
  return { port: listening.port, head, sql, reported };
}

const lines = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => JSON.stringify(beat(first + i))).join("\n");

test("calls on one connection follow one another, whatever pieces their bodies come in", async () => {
  const { port, head, sql } = await server();
  const socket = connect(port, "127.0.0.1");
  let answers = "";
  socket.setEncoding("utf8").on("data", (text: string) => (answers += text));
  for (const first of [0, 100, 0]) {
    const body = lines(first, 100);
    socket.write(head(body.length) + body.slice(0, 5000));
    await new Promise(setImmediate);
    socket.write(body.slice(5000));
    while (!answers.includes("]}")) await once(socket, "data");
    expect(answers).toContain(`"stored":${answers.includes('"duplicate":100') ? 0 : 100}`);
    answers = "";
  }
  socket.destroy();
  expect(sql.get("select max(seq) as events from event")).toEqual({ events: 200 });
});

test("a call whose connection is lost before its end records nothing, and is no fault of ours", async () => {
  const { port, head, sql, reported } = await server();
  const body = lines(0, 100);
  const lost = connect(port, "127.0.0.1");
  lost.write(head(body.length) + body.slice(0, 9000));
  await new Promise(setImmediate);
  lost.destroy();
  const after = lines(500, 1);
  const socket = connect(port, "127.0.0.1");
  socket.write(head(after.length) + after);
  await once(socket, "data");
  socket.destroy();
  expect(sql.get("select max(seq) as events from event")).toEqual({ events: 1 });
  expect(reported).toEqual([]);
});
