import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import type { Cases } from "./vendor.ts";

const heartbeat = (id: string, n: number) => ({
  id,
  type: "telemetry.heartbeat",
  occurredAt: new Date(Date.now() - 60_000 - n).toISOString(),
  activationId: `act_00${"0".repeat(26)}`,
  host: { id: `host-${n}` },
});

export const telemetry: Cases = {
  "lines, compressed, have an outcome each, and are known again": async (api) => {
    const sent = Array.from({ length: 2500 }, (_, n) =>
      JSON.stringify({
        ...heartbeat(crypto.randomUUID(), n),
        ...(n === 7 ? { type: "telemetry.slept" } : {}),
      }),
    );
    const report = async () => {
      const response = await api.fetch("/v1/events", {
        method: "POST",
        headers: {
          ...(await api.as("events:write")),
          "content-type": "application/x-ndjson",
          "content-encoding": "gzip",
        },
        body: gzipSync(sent.join("\n")),
      });
      return response.json();
    };
    expect(await report()).toMatchObject({ received: 2500, stored: 2499, quarantined: 1 });
    expect(await report()).toMatchObject({ received: 2500, duplicate: 2499, quarantined: 1 });
  },

  "a list is taken as lines are, and the same ID with another content is a conflict": async (api) => {
    const one = heartbeat(crypto.randomUUID(), 1);
    const send = async (events: object[]) =>
      (await api.send("POST", "/v1/events", events, await api.as("events:write"))).body;
    expect(await send([one, one])).toMatchObject({ received: 2, stored: 1, duplicate: 1, quarantined: 0 });
    expect(await send([{ ...one, host: { id: "another" } }])).toMatchObject({
      received: 1,
      quarantined: 1,
      outcomes: [{ problem: { code: "event_id_conflict" } }],
    });
  },

  "a call that unpacks beyond its bound is refused as a whole": async (api) => {
    const headers = { ...(await api.as("events:write")), "content-encoding": "gzip" };
    const body = gzipSync(" ".repeat(64 << 20));
    const response = await api.fetch("/v1/events", { method: "POST", headers, body });
    expect([response.status, await response.json()]).toMatchObject([413, { code: "body_too_large" }]);
  },
};
