// A valid request for every route, to be spoiled by the tests: a route without one fails them.

import { armor } from "../../../licensing/armor.ts";
import { digestOf, REQUEST_LABEL } from "../../../licensing/offline.ts";
import { SECRET, storefrontRequests } from "./storefronts.ts";
import type { Make, Stage } from "./stage.ts";
import { activation, appWithOrder, catalog, NOW, order } from "../support.ts";

export async function makeStage(): Promise<Stage> {
  const { app, admin } = await appWithOrder({}, { shopifySecret: SECRET, stripeSecrets: [SECRET] });
  let count = 0;
  const unique = () => `u${(count += 1)}`;
  const stage: Stage = {
    app,
    admin,
    unique,
    async order(line = {}) {
      const orderId = `SO-${unique()}`;
      const { body } = await app.send("POST", "/v1/orders", order({ orderId, line }), admin);
      const [entitlement] = body.entitlements;
      return { orderId, entitlementId: entitlement.entitlementId, code: entitlement.activationCode };
    },
    async seat(line = {}) {
      const { code } = await stage.order(line);
      const { body } = await app.send("POST", "/v1/activations", activation(code));
      const { activationId, licenseId } = body.activation;
      return { activationId, licenseId, license: body.license };
    },
  };
  const subscribed = { sku: "CAD-SUB", name: "CAD", brand: "Atlas", defaultLicenseModel: "sub-node" };
  const products = [...catalog.products, subscribed];
  const metered = { id: "metered", name: "Metered", term: { kind: "perpetual" }, metric: "metered" };
  const licenseModels = [...catalog.licenseModels, metered].map((model) => ({
    ...model,
    policy: { preset: "high-touch", ...(model.id === "perp-float" ? { lease: "PT8H" } : {}) },
  }));
  await app.send("PUT", "/v1/catalog", { ...catalog, version: "stage", products, licenseModels }, admin);
  return stage;
}

const reason = "asked for by phone";
const host = { id: "fingerprint-2", name: "ws-18" };
const platform = { os: { type: "linux", version: "6" }, arch: "arm64" };
const app = { version: "7.3" };
const occurredAt = "2026-11-24T11:59:00Z";
const price = { amount: 10, currency: "EUR" };

/** A change of a new entitlement. */
const change =
  (what: string, json: object, isBodyOptional = false): Make =>
  async (stage) => ({
    path: `/v1/entitlements/${(await stage.order({ quantity: 5 })).entitlementId}/${what}`,
    json: { reason, occurredAt, ...json },
    isBodyOptional,
  });

/** Something asked for a new seat. */
const seat =
  (what: string, json: object = {}, line: object = {}): Make =>
  async (stage) => {
    const { activationId, license } = await stage.seat(line);
    const isOwn = ["refresh", "return", "release", "consume"].includes(what);
    const statement = { host: isOwn ? { id: "fingerprint-1", name: "ws-17" } : host, platform, app };
    return {
      path: `/v1/activations/${activationId}/${what}`,
      json: { license, ...statement, occurredAt: NOW, ...json },
      passesUnknownFields: true,
    };
  };

const reading =
  (path: string): Make =>
  () =>
    Promise.resolve({ path });

/** By method and path, as the table of routes has them. */
export const requests: Record<string, Make> = {
  "PUT /v1/catalog": async (stage) => ({
    path: "/v1/catalog",
    refersTo: /\.defaultLicenseModel$/,
    json: {
      ...catalog,
      version: stage.unique(),
      occurredAt,
      products: [{ ...catalog.products[0], version: "7" }],
      licenseModels: [
        {
          ...catalog.licenseModels[0],
          id: "perp-node",
          term: { kind: "subscription", duration: "P1Y", from: "order" },
          maintenance: "P1Y",
          policy: {
            preset: "standard",
            rehosts: { count: 1, per: "P1Y" },
            temporary: { count: 1, per: "P1Y", duration: "P7D" },
            overdraft: "10%",
            lease: "P30D",
          },
        },
      ],
    },
  }),
  "POST /v1/orders": async (stage) => ({
    path: "/v1/orders",
    // What ends has to begin before.
    refersTo: /\.endsAt$/,
    json: {
      ...order({
        orderId: `SO-${stage.unique()}`,
        line: {
          startsAt: "2026-11-06T00:00:00Z",
          endsAt: "2027-11-06T00:00:00Z",
          deliveredAt: "2026-11-06T00:00:00Z",
        },
      }),
      channel: "direct",
      test: false,
    },
  }),
  "GET /v1/orders/:orderId": async (stage) => ({ path: `/v1/orders/${(await stage.order()).orderId}` }),
  "POST /v1/orders/:orderId/cancel": async (stage) => ({
    path: `/v1/orders/${(await stage.order()).orderId}/cancel`,
    json: { reason, occurredAt },
    isBodyOptional: true,
  }),
  "POST /v1/orders/:orderId/refunds": async (stage) => ({
    path: `/v1/orders/${(await stage.order()).orderId}/refunds`,
    json: {
      refundId: `RF-${stage.unique()}`,
      kind: "credit",
      reason,
      lines: [{ lineNumber: 1, amount: 1, currency: "EUR", quantity: 1 }],
      occurredAt,
    },
  }),
  "GET /v1/entitlements/:entitlementId": async (stage) => ({
    path: `/v1/entitlements/${(await stage.order()).entitlementId}`,
  }),
  "POST /v1/entitlements/:entitlementId/renew": change("renew", { duration: "P1Y", price }, true),
  "POST /v1/entitlements/:entitlementId/upgrade": change("upgrade", {
    sku: "CAD-LITE",
    licenseModel: "perp-node",
    price,
  }),
  "POST /v1/entitlements/:entitlementId/extend": change("extend", { added: 2, price }),
  "POST /v1/entitlements/:entitlementId/suspend": change("suspend", {}, true),
  "POST /v1/entitlements/:entitlementId/reinstate": change("reinstate", {}, true),
  "POST /v1/entitlements/:entitlementId/split": change("split", { quantity: 1, customerId: "C-9" }),
  "POST /v1/entitlements/:entitlementId/transfer": change("transfer", { customerId: "C-9" }),
  "POST /v1/entitlements/:entitlementId/policy": change("policy", {
    policy: { overdraft: 1, lease: "P10D", repairs: { count: 1, per: "P1Y" } },
  }),
  "POST /v1/policies/exposure": () =>
    Promise.resolve({
      path: "/v1/policies/exposure",
      json: { policy: { overdraft: "10%", lease: "P10D", rehosts: { count: 1, per: "P1Y" } } },
    }),
  "POST /v1/licenses/:licenseId/revoke": async (stage) => ({
    path: `/v1/licenses/${(await stage.seat()).licenseId}/revoke`,
  }),
  "POST /v1/customers/:customerId/merge": () =>
    Promise.resolve({ path: "/v1/customers/C-42/merge", json: { into: "C-77", reason, occurredAt } }),
  "GET /v1/customers/:customerId/entitlements": reading("/v1/customers/C-42/entitlements"),
  "GET /v1/customers/:customerId/history": reading("/v1/customers/C-42/history?after=1"),
  "POST /v1/activations": async (stage) => ({
    path: "/v1/activations",
    json: { ...activation((await stage.order()).code), user: "ada", occurredAt },
  }),
  "POST /v1/offline-activations": async (stage) => ({
    path: "/v1/offline-activations",
    json: {
      nonce: "n".repeat(22),
      requestedAt: occurredAt,
      activationCode: (await stage.order({ licenseModel: "perp-node" })).code,
      host,
      user: "ada",
      platform,
      app,
    },
    wrap: async (text) => {
      const body = Buffer.from(text).toString("base64url");
      return armor(REQUEST_LABEL, [], `${body}.${await digestOf(body)}`);
    },
  }),
  "POST /v1/activations/:activationId/refresh": seat("refresh"),
  "POST /v1/activations/:activationId/return": seat("return"),
  "POST /v1/activations/:activationId/release": seat("release", {}, { licenseModel: "perp-float" }),
  "POST /v1/activations/:activationId/rehost": seat("rehost"),
  "POST /v1/activations/:activationId/repair": seat("repair"),
  "POST /v1/activations/:activationId/temporary": seat("temporary", { reason: "failure" }),
  "POST /v1/activations/:activationId/consume": seat("consume", { units: 1 }, { licenseModel: "metered" }),
  "GET /v1/revocations": reading("/v1/revocations"),
  "POST /v1/licenses": async (stage) => ({
    path: "/v1/licenses",
    json: {
      entitlementId: (await stage.order()).entitlementId,
      host,
      user: "ada",
      platform,
      app,
      occurredAt,
    },
    isBodyOptional: true,
  }),
  "POST /v1/events": async (stage) => ({
    path: "/v1/events",
    json: {
      id: `event-${stage.unique()}`,
      type: "telemetry.heartbeat",
      occurredAt,
      activationId: (await stage.seat()).activationId,
      host: { id: "fingerprint-2" },
      user: "ada",
      platform,
      app,
    },
    wrap: (text) => `[${text}]`,
    passesEmptyList: true,
  }),
  ...storefrontRequests,
  "GET /.well-known/jwks.json": reading("/.well-known/jwks.json"),
  "GET /healthz": reading("/healthz"),
  "GET /readyz": reading("/readyz"),
  "GET /metrics": reading("/metrics"),
  "GET /openapi.json": reading("/openapi.json"),
};
