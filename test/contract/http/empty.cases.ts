// What a service promises that nobody has published a catalog to.

import { expect } from "vitest";
import { documentOf } from "../../../ingest/api/document.ts";
import { routes } from "../../../ingest/app.ts";
import { catalog, order, type Cases } from "./vendor.ts";

export const empty: Cases = {
  "answers that it is up, with nothing on record but the key that the environment may have set": async (
    api,
  ) => {
    const { status, body } = await api.send("GET", "/healthz");
    expect([status, body.status]).toEqual([200, "ok"]);
    expect([0, 1]).toContain(body.lastSeq);
  },

  "answers that work may come": async (api) => {
    expect(await api.send("GET", "/readyz")).toMatchObject({ status: 200, body: { status: "ready" } });
  },

  "has counts for a monitor, where it keeps any, and for nobody else": async (api) => {
    const answer = await api.fetch("/metrics", { headers: await api.as("metrics") });
    const said = await answer.text();
    expect(said).toContain(answer.status === 200 ? "keyhouse_http_requests_total{" : '"code":"not_found"');
    expect((await api.fetch("/metrics", { headers: await api.as("read") })).status).toBe(403);
  },

  "says what it takes and answers, the same on every runtime": async (api) => {
    expect((await api.send("GET", "/openapi.json")).body).toEqual(documentOf(routes));
  },

  "an order before the first catalog is told to publish one": async (api) => {
    const refused = await api.vendor("POST", "/v1/orders", order());
    expect(refused).toMatchObject({ status: 409, body: { code: "no_catalog", rule: "catalog" } });
  },

  "a catalog is published once: the same again is no news": async (api) => {
    const first = await api.vendor("PUT", "/v1/catalog", catalog);
    expect(first).toMatchObject({ status: 201, body: { version: "1" } });
    expect(await api.vendor("PUT", "/v1/catalog", catalog)).toMatchObject({ status: 200, body: first.body });
  },
};
