// An app whose license models allow what the standard preset does.

import { activation, catalog, order, type TestApp, testApp } from "./support.ts";

const standard = { preset: "standard" } as const;
/** The catalog with policies, as a vendor has them. */
const generous = {
  ...catalog,
  version: "generous",
  licenseModels: catalog.licenseModels.map((model) => ({
    ...model,
    ...(model.id === "perp-node" ? { maintenance: "P1Y" } : {}),
    policy: model.id === "perp-float" ? { ...standard, lease: "PT8H" } : standard,
  })),
};

/** Another computer. */
export const other = {
  host: { id: "fingerprint-2", name: "ws-18" },
  platform: { os: { type: "linux" }, arch: "arm64" },
};

/** An app with an order under these policies, and one seat bound. */
export async function inUse(line: object = {}) {
  const app = await appWithPolicies(line);
  const { body } = await app.app.send("POST", "/v1/activations", activation(app.code));
  const { activationId } = body.activation;
  const post = (what: string, sent: object, headers = {}) =>
    app.app.send("POST", `/v1/activations/${activationId}/${what}`, sent, headers);
  return { ...app, activationId, license: body.license as string, post };
}

export async function appWithPolicies(line: object = {}) {
  const app = await testApp();
  const admin = await app.as("admin");
  await app.send("PUT", "/v1/catalog", generous, admin);
  const { body } = await app.send("POST", "/v1/orders", order({ line }), admin);
  const [entitlement] = body.entitlements;
  return { app, admin, entitlement, code: entitlement.activationCode as string };
}

/** The keys that the app publishes. */
export const keysOf = async (app: TestApp) => (await app.send("GET", "/.well-known/jwks.json")).body.keys;
