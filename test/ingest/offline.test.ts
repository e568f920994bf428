import { describe, expect, test } from "vitest";
import { makeOfflineRequest, verifyOfflineResponse } from "../../licensing/index.ts";
import { appWithPolicies, keysOf } from "./in-use.ts";
import { appWithOrder, NOW } from "./support.ts";

describe("without a network", () => {
  test("a request file is answered with a response file, which only the product that asked accepts", async () => {
    const { app, code } = await appWithPolicies();
    const nonce = "n".repeat(22);
    const request = await makeOfflineRequest({
      nonce,
      requestedAt: NOW,
      activationCode: code,
      host: { id: "fingerprint-1" },
      platform: { os: { type: "windows" } },
    });
    const { status, body } = await app.send("POST", "/v1/offline-activations", request);
    expect(status).toBe(201);
    // For a host that never calls: the longest that the policy allows, not the lease.
    expect(body.activation.licenseExpiresAt).toBe("2027-02-22T12:00:00.000000Z");
    const options = { keys: await keysOf(app), now: Date.parse(NOW), host: "fingerprint-1" };
    expect(await verifyOfflineResponse(body.file, { ...options, nonce })).toMatchObject({ ok: true });
    expect(await verifyOfflineResponse(body.file, { ...options, nonce: "m".repeat(22) })).toMatchObject({
      ok: false,
      reason: "other_request",
    });
  });

  test("is refused where the policy does not allow it", async () => {
    const { app, code } = await appWithOrder();
    const request = await makeOfflineRequest({
      nonce: "n".repeat(22),
      requestedAt: NOW,
      activationCode: code,
      host: { id: "fingerprint-1" },
      platform: { os: { type: "windows" } },
    });
    expect((await app.send("POST", "/v1/offline-activations", request)).body.code).toBe(
      "offline_not_allowed",
    );
  });
});

test("a policy's worst case is told before it is published", async () => {
  const { app, admin } = await appWithOrder();
  const policy = { rehosts: { count: 12, per: "P1Y" } };
  const { body } = await app.send("POST", "/v1/policies/exposure", { policy }, admin);
  expect(body).toMatchObject({ copiesPerYear: 12, longestDays: null });
  expect(body.warnings[0]).toContain("There is no lease");
});
