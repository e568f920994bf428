import { compactVerify, createLocalJWKSet } from "jose";
import { expect } from "vitest";
import { verifyLicense, verifyRevocations } from "../../../licensing/index.ts";
import type { Api } from "./api.ts";
import { type Cases, daysAgo, host, inUse } from "./vendor.ts";

/** The signed list, verified by jose and as a product would. */
async function revoked(api: Api) {
  const { status, body } = await api.send("GET", "/v1/revocations");
  expect(status).toBe(200);
  const keys = await api.keys();
  await compactVerify(body.list, createLocalJWKSet({ keys: [...keys] }));
  const verified = await verifyRevocations(body.list, { keys });
  if (!verified.ok) throw new Error(verified.detail);
  expect(verified.list.number).toBe(body.number);
  return verified.list;
}

export const withdrawal: Cases = {
  "a revoked license is listed, not refreshed, and runs no more where the list is known": async (api) => {
    const { post } = await inUse(api);
    const { body } = await post("refresh");
    const { licenseId } = body.activation;
    const before = await revoked(api);
    expect(await api.vendor("POST", `/v1/licenses/${licenseId}/revoke`, {})).toMatchObject({
      status: 200,
      body: { activation: { state: "ended" } },
    });
    expect(await post("refresh")).toMatchObject({ status: 409, body: { code: "seat_ended" } });
    const revocations = await revoked(api);
    expect(revocations.number).toBeGreaterThan(before.number);
    const options = { keys: await api.keys(), now: Date.now(), host: "fingerprint-1" };
    expect(await verifyLicense(body.license, options)).toMatchObject({ ok: true });
    expect(await verifyLicense(body.license, { ...options, revocations })).toMatchObject({
      ok: false,
      reason: "revoked",
    });
  },

  "a license that was given back, or whose order was cancelled, is listed": async (api) => {
    const [returned, cancelled] = [await inUse(api), await inUse(api)];
    await returned.post("return");
    await api.vendor("POST", `/v1/orders/${cancelled.sent.orderId}/cancel`, {});
    const options = { keys: await api.keys(), now: Date.now(), host: "fingerprint-1" };
    const revocations = await revoked(api);
    for (const { license } of [returned, cancelled])
      expect(await verifyLicense(license, { ...options, revocations })).toMatchObject({
        ok: false,
        reason: "revoked",
      });
  },

  "a seat that moved has everything that its last host got for it listed, and runs on where it is": async (
    api,
  ) => {
    const { post, license } = await inUse(api);
    const lent = await post("temporary", { license, ...host("fingerprint-1"), reason: "failure" });
    const older = await post("refresh");
    const moved = await post("rehost", { license, ...host("fingerprint-2") });
    const options = { keys: await api.keys(), now: Date.now(), revocations: await revoked(api) };
    for (const left of [license, lent.body.license, older.body.license])
      expect(await verifyLicense(left, { ...options, host: "fingerprint-1" })).toMatchObject({
        ok: false,
        reason: "revoked",
      });
    expect(await verifyLicense(moved.body.license, { ...options, host: "fingerprint-2" })).toMatchObject({
      ok: true,
    });
  },

  "a license that would have ended of itself, grace and all, is listed no more": async (api) => {
    const past = { orderedAt: daysAgo(90) };
    const [long, short] = await Promise.all(
      [60, 35].map((days) => inUse(api, {}, past, { occurredAt: daysAgo(days) })),
    );
    const history = await api.as("history:write");
    for (const seat of [long, short]) {
      const given = await seat?.post("return", { license: seat.license, occurredAt: daysAgo(34) }, history);
      expect(given?.status).toBe(200);
    }
    // Leases of thirty days, and a week of grace: one ended 23 days ago, the other will the day after tomorrow.
    const { activations } = await revoked(api);
    expect(activations.has(long?.activationId ?? "")).toBe(false);
    expect(activations.has(short?.activationId ?? "")).toBe(true);
  },

  "the list's number rises with it, and stays while nothing is withdrawn": async (api) => {
    const first = await revoked(api);
    expect((await revoked(api)).number).toBe(first.number);
    const { post } = await inUse(api);
    await post("return");
    expect((await revoked(api)).number).toBeGreaterThan(first.number);
  },
};
