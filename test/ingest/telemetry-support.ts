// What tests of telemetry send, and what they look at.

import { eventSchema } from "../../ingest/event.ts";
import { outboxLines } from "../support/outbox.ts";
import { type TestApp, testApp } from "./support.ts";

export const ACTIVATION = `act_00${"0".repeat(26)}`;
export const ENTITLEMENT = `ent_00${"1".repeat(26)}`;

/** A heartbeat, with what a test changes about it. */
export const beat = (id: number | string, changes: object = {}) => ({
  id: `e-${id}`,
  type: "telemetry.heartbeat",
  occurredAt: "2026-11-24T11:00:00Z",
  activationId: ACTIVATION,
  ...changes,
});

/** An app, and a collector of telemetry with a key of its own. */
export async function collector(...scopes: Parameters<TestApp["as"]>) {
  const app = await testApp();
  const key = await app.as(...(scopes.length === 0 ? (["events:write"] as const) : scopes));
  const post = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const response = await app.fetch("/v1/events", {
      method: "POST",
      headers: { ...key, "content-type": "application/x-ndjson", ...headers },
      body,
    });
    // What a test reads of an answer is what it asserts.
    // oxlint-disable-next-line typescript/no-explicit-any
    const answer: any = await response.json();
    return { status: response.status, body: answer };
  };
  return {
    app,
    post,
    /** Sends lines, each an event or what a client should not have written. */
    send: (...lines: readonly (object | string)[]) =>
      post(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")),
    /** What the outbox has, an event each. */
    events: () => outboxLines(app.sql).map((line) => eventSchema.parse(JSON.parse(line))),
  };
}

/** What became of each event: the code of its problem where it has one. */
export const outcomesOf = ({
  body,
}: {
  body: { outcomes: { outcome: string; problem?: { code: string } }[] };
}) => body.outcomes.map(({ outcome, problem }) => problem?.code ?? outcome);
