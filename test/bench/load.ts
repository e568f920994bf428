// The load generator, a process of its own: sends the requests of its input over so many connections, and says how it went.

import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";

export interface LoadPlan {
  url: string;
  method: "GET" | "POST";
  connections: number;
  /** One body a request; for GET, as many empty ones as requests. */
  bodies: string[];
}

export interface LoadResult {
  requests: number;
  /** Answers that were not 2xx. */
  failed: number;
  seconds: number;
  /** Of one core, by this process. */
  cpuSeconds: number;
  p50Ms: number;
  p99Ms: number;
}

async function main(): Promise<void> {
  const plan = JSON.parse(await text(process.stdin)) as LoadPlan;
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections });
  const times: number[] = [];
  let next = 0;
  let failed = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const connection = async (): Promise<void> => {
    for (let body = plan.bodies[next++]; body !== undefined; body = plan.bodies[next++]) {
      const sent = performance.now();
      const status = await send(plan, body, agent);
      times.push(performance.now() - sent);
      if (status < 200 || status > 299) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, connection));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  times.sort((a, b) => a - b);
  const quantile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const result: LoadResult = {
    requests: times.length,
    failed,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
  };
  process.stdout.write(JSON.stringify(result));
}

function send(plan: LoadPlan, body: string, agent: Agent): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(plan.url, { method: plan.method, agent }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode ?? 0));
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

await main();
