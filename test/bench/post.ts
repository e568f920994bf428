// The collector of the telemetry benchmark, a process of its own: makes its calls first, then sends them over so many
// connections.

import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import { telemetryLines } from "./telemetry-lines.ts";

export interface PostPlan {
  url: string;
  key: string;
  connections: number;
  calls: number;
  eventsACall: number;
  /** The number of the first event. */
  first: number;
}

export interface PostResult {
  stored: number;
  seconds: number;
  /** What this process took of the machine meanwhile. */
  cpuSeconds: number;
}

const { url, key, connections, calls, eventsACall, first } = JSON.parse(
  await text(process.stdin),
) as PostPlan;
const bodies = Array.from({ length: calls }, (_, i) =>
  Buffer.from(telemetryLines(first + i * eventsACall, eventsACall).join("\n")),
);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const headers = { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" };
const result: PostResult = { stored: 0, seconds: 0, cpuSeconds: 0 };
let next = 0;
const before = process.cpuUsage();
const begun = performance.now();
await Promise.all(
  Array.from({ length: connections }, async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const stored = await send(body);
      result.stored += stored;
    }
  }),
);
result.seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
result.cpuSeconds = (user + system) / 1e6;
agent.destroy();
process.stdout.write(JSON.stringify(result));

/** @returns how many were stored; the counts stand at the beginning of the answer */
function send(body: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(url, { method: "POST", agent, headers }, (response) => {
    let head = "";
    response
      .on("data", (chunk: Buffer) => {
        if (head.length < 200) head += chunk.toString("latin1");
      })
      .on("end", () => {
        const stored = /"stored":(\d+)/.exec(head)?.[1];
        if (stored === undefined)
          reject(new Error(`a call was answered with ${response.statusCode}: ${head}`));
        else resolve(Number(stored));
      })
      .on("error", reject);
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
