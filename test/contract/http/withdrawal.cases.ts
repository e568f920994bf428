// What must not run any more is on a signed list, within seconds: an edge may show a list that is a little old. These cases
// wait for it, and run side by side.

import { compactVerify, createLocalJWKSet } from "jose";
import { expect, vi } from "vitest";
import { type RevocationList, verifyLicense, verifyRevocations } from "../../../licensing/index.ts";
import type { Api } from "./api.ts";
import { activate, type Cases, daysAgo, host, inUse } from "./vendor.ts";

/** The longest that a withdrawal may take to be listed everywhere, and a little for a machine that has much to do. */
const LISTED_WITHIN = { timeout: 15_000, interval: 250 };

/** The signed list, verified by jose and as a product would. */
async function revoked(api: Api): Promise<RevocationList> {
  const { status, body } = await api.send("GET", "/v1/revocations");
  expect(status).toBe(200);
  const keys = await api.keys();
  await compactVerify(body.list, createLocalJWKSet({ keys: [...keys] }));
  const verified = await verifyRevocations(body.list, { keys });
  if (!verified.ok) throw new Error(verified.detail);
  expect(verified.list.number).toBe(body.number);
  return verified.list;
}

/** Waits for a list that shows something. */
const listOf = (api: Api, shows: (list: RevocationList) => void | Promise<void>) =>
  vi.waitFor(async () => {
    const list = await revoked(api);
    await shows(list);
    return list;
  }, LISTED_WITHIN);

/** What a product on a host that knows the list says of a license. */
const verdictOf = async (api: Api, license: string, revocations: RevocationList, hostId = "fingerprint-1") =>
  verifyLicense(license, { keys: await api.keys(), now: Date.now(), host: hostId, revocations });

const isRevoked = { ok: false, reason: "revoked" };

export const withdrawal: Cases = {
  "a revoked license is not refreshed, and runs no more where the list is known": async (api) => {
    const { post } = await inUse(api);
    const { body } = await post("refresh");
    const before = await revoked(api);
    expect(await verdictOf(api, body.license, before)).toMatchObject({ ok: true });
    const { licenseId } = body.activation;
    expect(await api.vendor("POST", `/v1/licenses/${licenseId}/revoke`, {})).toMatchObject({
      status: 200,
      body: { activation: { state: "ended" } },
    });
    expect(await post("refresh")).toMatchObject({ status: 409, body: { code: "seat_ended" } });
    const after = await listOf(api, async (list) =>
      expect(await verdictOf(api, body.license, list)).toMatchObject(isRevoked),
    );
    expect(after.number).toBeGreaterThan(before.number);
  },

  "a license that was given back, or whose order was cancelled, is withdrawn": async (api) => {
    const [returned, cancelled] = [await inUse(api), await inUse(api)];
    await returned.post("return");
    await api.vendor("POST", `/v1/orders/${cancelled.sent.orderId}/cancel`, {});
    await listOf(api, async (list) => {
      for (const { license } of [returned, cancelled])
        expect(await verdictOf(api, license, list)).toMatchObject(isRevoked);
    });
  },

  "a suspended right's licenses are withdrawn, and run again once it is reinstated": async (api) => {
    const { change, license } = await inUse(api);
    await change("suspend", { reason: "unpaid" });
    const during = await listOf(api, async (list) =>
      expect(await verdictOf(api, license, list)).toMatchObject(isRevoked),
    );
    await change("reinstate", { reason: "paid" });
    const after = await listOf(api, async (list) =>
      expect(await verdictOf(api, license, list)).toMatchObject({ ok: true }),
    );
    expect(after.number).toBeGreaterThan(during.number);
  },

  "what the vendor lends for a mistake of its own, after the seat was given up, runs though the list is known":
    async (api) => {
      const { post, activationId, license } = await inUse(api);
      await post("return");
      const list = await listOf(api, async (some) =>
        expect(await verdictOf(api, license, some)).toMatchObject(isRevoked),
      );
      const lent = await api.vendor("POST", `/v1/activations/${activationId}/temporary`, {
        ...host(),
        reason: "vendor_mistake",
      });
      expect(lent.status).toBe(201);
      expect(await verdictOf(api, lent.body.license, list)).toMatchObject({ ok: true });
    },

  "a seat that moved leaves nothing behind that runs, and runs on where it is": async (api) => {
    const { post, license } = await inUse(api);
    const lent = await post("temporary", { license, ...host(), reason: "failure" });
    const older = await post("refresh");
    const moved = await post("rehost", { license, ...host("fingerprint-2") });
    const list = await listOf(api, async (some) =>
      expect(await verdictOf(api, license, some)).toMatchObject(isRevoked),
    );
    for (const left of [lent.body.license, older.body.license])
      expect(await verdictOf(api, left, list)).toMatchObject(isRevoked);
    expect(await verdictOf(api, moved.body.license, list, "fingerprint-2")).toMatchObject({ ok: true });
  },

  "a license that would have ended of itself, grace and all, is not listed any more": async (api) => {
    // Leases of thirty days, and a week of grace: one ended 23 days ago, the other will the day after tomorrow.
    const { code, post, activationId, license } = await inUse(
      api,
      {},
      { orderedAt: daysAgo(90) },
      { occurredAt: daysAgo(60) },
    );
    const history = await api.as("history:write");
    const short = await activate(api, code, { ...host("b"), occurredAt: daysAgo(35) }, history);
    const given = { occurredAt: daysAgo(34) };
    expect((await post("return", { license, ...given }, history)).status).toBe(200);
    const other = short.body.activation.activationId as string;
    const shown = { license: short.body.license, ...given };
    expect((await api.send("POST", `/v1/activations/${other}/return`, shown, history)).status).toBe(200);
    const { activations } = await listOf(api, (list) => expect(list.activations.has(other)).toBe(true));
    expect(activations.has(activationId)).toBe(false);
  },
};
