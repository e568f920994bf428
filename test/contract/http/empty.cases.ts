// What a service promises that nobody has published a catalog to.

import { expect } from "vitest";
import { documentOf } from "../../../ingest/api/document.ts";
import { routes } from "../../../ingest/app.ts";
import { catalog, order, type Cases } from "./vendor.ts";

export const empty: Cases = {
  "answers that it is up, with nothing on record": async (api) => {
    expect(await api.send("GET", "/healthz")).toMatchObject({
      status: 200,
      body: { status: "ok", lastSeq: 0 },
    });
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
