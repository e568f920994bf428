// Who may, and what becomes of a request that nobody can understand.

import { expect } from "vitest";
import { routes } from "../../../ingest/app.ts";
import { scopes } from "../../../ingest/scope.ts";
import { type Cases, order, table } from "./vendor.ts";

/** A path of a route, to what is not there. */
const pathOf = (pattern: string) => pattern.replaceAll(/:\w+/g, "X-1");

/** Bodies that are no orders, and what is said of them. */
const unfit: [string, () => unknown, number, string, string[] | undefined][] = [
  ["no body", () => "", 400, "malformed_json", undefined],
  ["half a body", () => '{"orderId":', 400, "malformed_json", undefined],
  ["a number", () => "5", 422, "invalid_request", [""]],
  ["an unknown field", () => order({}, { colour: "red" }), 422, "invalid_request", ["colour"]],
  ["a text for a number", () => order({ quantity: "2" }), 422, "invalid_request", ["lines[0].quantity"]],
  [
    "a price in halves of a cent",
    () => order({ unitPrice: { amount: 0.5, currency: "EUR" } }),
    422,
    "invalid_request",
    ["lines[0].unitPrice.amount"],
  ],
  [
    "a day that does not exist",
    () => order({}, { orderedAt: "2026-02-30T00:00:00Z" }),
    422,
    "invalid_request",
    ["orderedAt"],
  ],
  [
    "a day next week",
    () => order({}, { orderedAt: new Date(Date.now() + 7 * 86_400_000).toISOString() }),
    422,
    "invalid_request",
    ["orderedAt"],
  ],
  [
    "a body of five megabytes",
    () => order({}, { channel: "x".repeat(5_000_000) }),
    413,
    "body_too_large",
    undefined,
  ],
];

export const access: Cases = {
  ...table(
    "%s is for keys with its scope, and for admin",
    routes.flatMap(({ method, path, scope }) =>
      scope === "public" ? [] : [[`${method} ${path}`, method, pathOf(path), scope] as const],
    ),
    async (api, _route, method, path, needed) => {
      const body = method === "GET" ? undefined : "";
      const none = await api.fetch(path, { method, ...(body === undefined ? {} : { body }) });
      expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="keyhouse"']);
      expect(await none.json()).toMatchObject({ code: "unauthorized" });
      for (const scope of scopes) {
        const init = { method, headers: await api.as(scope), ...(body === undefined ? {} : { body }) };
        const { status } = await api.fetch(path, init);
        const isAllowed = scope === needed || scope === "admin";
        if (isAllowed) expect([401, 403], scope).not.toContain(status);
        else expect(status, scope).toBe(403);
      }
      const denied = await api.send(
        method,
        path,
        body,
        await api.as(needed === "read" ? "events:write" : "read"),
      );
      expect(denied).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
      expect(denied.body.detail).toContain(needed);
    },
  ),

  ...table(
    "%s asks for no key, and refuses a wrong one",
    routes.flatMap(({ method, path, scope }) =>
      scope === "public" ? [[`${method} ${path}`, method, pathOf(path)]] : [],
    ),
    async (api, _route, method, path) => {
      const body = method === "GET" ? undefined : "";
      const none = await api.fetch(path, { method, ...(body === undefined ? {} : { body }) });
      // A webhook's signature is a credential of its own.
      if (!path.includes("/webhooks/")) expect([401, 403]).not.toContain(none.status);
      const wrong = await api.send(method, path, body, { authorization: "Bearer kh_000000000000_nothing" });
      expect(wrong).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    },
  ),

  ...table(
    "%s is no key",
    [["Bearer kh_000000000000_nothing"], ["Bearer x"], ["Basic eDp5"], ["Bearer kh_a_b_c"]],
    async (api, authorization) => {
      const answer = await api.send("GET", "/v1/orders/X", undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    },
  ),

  ...table(
    "there is no %s, and that is a problem too",
    [["GET /v1/nothing"], ["DELETE /v1/orders/SO-1"], ["GET /v1/activations"], ["POST /healthz"]],
    async (api, call) => {
      const [method = "", path = ""] = call.split(" ");
      const answer = await api.send(method, path);
      expect(answer).toMatchObject({
        status: 404,
        body: { code: "not_found", detail: `There is no ${call}.` },
      });
    },
  ),

  ...table(
    "%s is a problem that says which field is wrong",
    unfit,
    async (api, _what, body, status, code, fields) => {
      const answer = await api.vendor("POST", "/v1/orders", body());
      expect(answer).toMatchObject({ status, body: { code } });
      expect(answer.body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
    },
  ),
};
