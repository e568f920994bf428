import { expect } from "vitest";
import { makeOfflineRequest, verifyOfflineResponse } from "../../../licensing/index.ts";
import { type Cases, ordered } from "./vendor.ts";

const nonce = "n".repeat(22);
const request = (activationCode: string) =>
  makeOfflineRequest({
    nonce,
    requestedAt: new Date().toISOString(),
    activationCode,
    host: { id: "fingerprint-1" },
    platform: { os: { type: "windows" } },
  });

export const offline: Cases = {
  "a request file is answered with a response file, which only the product that asked accepts": async (
    api,
  ) => {
    const { code } = await ordered(api);
    const file = await request(code);
    const { status, body } = await api.send("POST", "/v1/offline-activations", file);
    expect(status).toBe(201);
    // For a host that never calls: the longest that the policy allows, not the lease.
    expect(Math.round((Date.parse(body.activation.licenseExpiresAt) - Date.now()) / 86_400_000)).toBe(90);
    const options = { keys: await api.keys(), now: Date.now(), host: "fingerprint-1" };
    expect(await verifyOfflineResponse(body.file, { ...options, nonce })).toMatchObject({ ok: true });
    const another = { ...options, nonce: "m".repeat(22) };
    expect(await verifyOfflineResponse(body.file, another)).toMatchObject({
      ok: false,
      reason: "other_request",
    });
    expect((await api.send("POST", "/v1/offline-activations", file)).body.activation.activationId).toBe(
      body.activation.activationId,
    );
  },

  "it is refused where the policy does not allow it": async (api) => {
    const { code } = await ordered(api, { licenseModel: "perp-bare" });
    expect(await api.send("POST", "/v1/offline-activations", await request(code))).toMatchObject({
      status: 409,
      body: { code: "offline_not_allowed" },
    });
  },

  "a file with a character wrong is told so": async (api) => {
    const { code } = await ordered(api);
    const file = await request(code);
    const at = Math.floor(file.length / 2);
    const changed = file.slice(0, at) + (file[at] === "A" ? "B" : "A") + file.slice(at + 1);
    for (const sent of [changed, "hello", ""])
      expect(await api.send("POST", "/v1/offline-activations", sent)).toMatchObject({
        status: 422,
        body: { code: "invalid_request" },
      });
  },
};
