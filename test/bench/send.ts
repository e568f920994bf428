// The vendor of the bulk benchmark, a process of its own: sends lines over one connection, and counts those that come back.

import { request } from "node:http";
import { text } from "node:stream/consumers";

export interface SendPlan {
  url: string;
  key: string;
  entitlementId: string;
  /** A line for each of so many hosts, whose IDs begin with this. */
  hosts: string;
  count: number;
}

export interface SendResult {
  lines: number;
  bytes: number;
  seconds: number;
}

// Lines of one write: the connection says when it wants more.
const LINES_A_WRITE = 500;

const { url, key, entitlementId, hosts, count } = JSON.parse(await text(process.stdin)) as SendPlan;
const lines = Array.from({ length: count }, (_, i) =>
  JSON.stringify({ entitlementId, host: { id: `${hosts}-${i}` } }),
);
const result: SendResult = { lines: 0, bytes: 0, seconds: 0 };
const finished = Promise.withResolvers<void>();
const begun = performance.now();
const sent = request(url, { method: "POST", headers: { authorization: `Bearer ${key}` } }, (response) => {
  response
    .on("data", (chunk: Buffer) => {
      result.bytes += chunk.length;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) result.lines += 1;
    })
    .on("end", finished.resolve)
    .on("error", finished.reject);
});
sent.on("error", finished.reject);
for (let at = 0; at < lines.length; at += LINES_A_WRITE)
  if (!sent.write(`${lines.slice(at, at + LINES_A_WRITE).join("\n")}\n`))
    await new Promise((resolve) => sent.once("drain", resolve));
sent.end();
await finished.promise;
result.seconds = (performance.now() - begun) / 1000;
process.stdout.write(JSON.stringify(result));
