import { describe, expect, test } from "vitest";
import { hostDigest, verifyLicense, verifyRevocations } from "../../licensing/index.ts";
import { appWithPolicies, inUse, keysOf, other } from "./in-use.ts";
import { activation, NOW } from "./support.ts";

describe("a seat", () => {
  test("is refreshed by its license, also after that has ended", async () => {
    const { app, license, post } = await inUse();
    app.setNow("2027-01-15T00:00:00Z");
    const refreshed = await post("refresh", { license });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.activation.licenseExpiresAt).toBe("2027-02-14T00:00:00.000000Z");
    const options = {
      keys: await keysOf(app),
      now: Date.parse("2027-01-16T00:00:00Z"),
      host: "fingerprint-1",
    };
    expect(await verifyLicense(refreshed.body.license, options)).toMatchObject({ ok: true });
  });

  test("that moved to another host is not refreshed by the old one: the copy is refused, recorded and counted", async () => {
    const { app, admin, license, post } = await inUse();
    const moved = await post("rehost", { license, ...other });
    expect(moved).toMatchObject({ status: 200, body: { activation: { generation: 2, state: "bound" } } });
    const options = { keys: await keysOf(app), now: Date.parse(NOW), host: "fingerprint-2" };
    expect(await verifyLicense(moved.body.license, options)).toMatchObject({ ok: true });

    const copy = await post("refresh", { license });
    expect(copy).toMatchObject({ status: 409, body: { code: "license_superseded", rule: "generation" } });
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.at(-1)).toMatchObject({
      type: "activation.cloned",
      data: { presented_generation: 1, generation: 2 },
    });
    // The new host goes on, and the request whose answer was lost is no second move.
    expect((await post("refresh", { license: moved.body.license })).status).toBe(200);
    expect(await post("rehost", { license, ...other })).toMatchObject({
      body: { activation: { generation: 2 } },
    });
  });

  test("moves as often as its policy allows, and says when it can again", async () => {
    const { code, post } = await inUse({ licenseModel: "perp-node" });
    const move = (host: string) =>
      post("rehost", { activationCode: code, host: { id: host }, platform: other.platform });
    for (const host of ["b", "c", "d", "e"]) expect((await move(host)).status).toBe(200);
    expect(await move("f")).toMatchObject({
      status: 409,
      body: { code: "rehosts_used_up", passesAt: "2027-11-24T12:00:00.000000Z" },
    });
    // A changed fingerprint is counted apart.
    expect((await post("repair", { activationCode: code, ...other })).status).toBe(200);
  });

  test("that is returned is free for another host, and its license is listed until it would have ended", async () => {
    const { app, code, license, post, entitlement, admin } = await inUse({ quantity: 1 });
    expect((await post("return", { license })).body.activation.state).toBe("ended");
    expect((await post("refresh", { license })).body.code).toBe("seat_ended");
    const list = await app.send("GET", "/v1/revocations");
    const verified = await verifyRevocations(list.body.list, { keys: await keysOf(app) });
    if (!verified.ok) throw new Error(verified.detail);
    expect(verified.list).toMatchObject({ number: 1 });
    const options = {
      keys: await keysOf(app),
      now: Date.parse(NOW),
      host: "fingerprint-1",
      revocations: verified.list,
    };
    expect(await verifyLicense(license, options)).toMatchObject({ ok: false, reason: "revoked" });
    expect((await app.send("POST", "/v1/activations", activation(code, other))).status).toBe(201);
    const { body } = await app.send("GET", `/v1/entitlements/${entitlement.entitlementId}`, undefined, admin);
    expect(body.seatsBound).toBe(1);
    // Its lease ended on 24 December, and its grace a week later.
    app.setNow("2026-12-31T12:00:00Z");
    const later = await verifyRevocations((await app.send("GET", "/v1/revocations")).body.list, {
      keys: await keysOf(app),
    });
    expect(later).toMatchObject({ ok: true, list: { number: 1, licenses: new Set() } });
  });

  test("that floats is released, and counted for no return", async () => {
    const { post, license } = await inUse({ licenseModel: "perp-float", quantity: 1 });
    expect((await post("release", { license })).body.activation.state).toBe("ended");
  });

  test("is covered by a temporary license on another host, within the allowance", async () => {
    const { app, license, post } = await inUse();
    const lend = () => post("temporary", { license, ...other, reason: "failure" });
    const lent = await lend();
    expect(lent).toMatchObject({
      status: 201,
      body: { temporary: { kind: "failure", expiresAt: "2026-12-01T12:00:00.000000Z" } },
    });
    const options = { keys: await keysOf(app), now: Date.parse(NOW), host: "fingerprint-2" };
    expect(await verifyLicense(lent.body.license, options)).toMatchObject({
      ok: true,
      claims: { model: { term: "temporary" }, host: await hostDigest("fingerprint-2") },
    });
    expect((await lend()).status).toBe(201);
    expect((await lend()).body).toMatchObject({ code: "temporary_used_up" });
    // The seat itself goes on.
    expect((await post("refresh", { license })).status).toBe(200);
  });

  test("that moved away lends no temporary license to the copy that was left behind", async () => {
    const { app, admin, license, post } = await inUse();
    await post("rehost", { license, ...other });
    const copy = await post("temporary", { license, host: { id: "fingerprint-1" }, reason: "failure" });
    expect(copy).toMatchObject({ status: 409, body: { code: "license_superseded", rule: "generation" } });
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.at(-1)).toMatchObject({ type: "activation.cloned" });
  });

  test.each([
    ["nothing", {}, 422, "invalid_request"],
    [
      "the code of another entitlement",
      { activationCode: "00000-00000-00000-00000" },
      404,
      "unknown_activation",
    ],
    ["what is no license", { license: "a.b.c" }, 401, "invalid_license"],
  ])("is opened by nobody who shows %s", async (_what, shown, status, code) => {
    const { post } = await inUse();
    expect(await post("return", shown)).toMatchObject({ status, body: { code } });
  });

  test("a mistake of the vendor's is mended by the vendor alone", async () => {
    const { app, license, post } = await inUse();
    const mended = { license, ...other, reason: "vendor_mistake" };
    expect((await post("temporary", mended)).status).toBe(401);
    expect((await post("temporary", mended, await app.as("licenses:write"))).status).toBe(201);
  });

  test("is revoked by the vendor: its license is listed, and not refreshed", async () => {
    const { app, admin, license, post } = await inUse();
    const { body } = await post("refresh", { license });
    const { licenseId } = body.activation;
    expect((await app.send("POST", `/v1/licenses/${licenseId}/revoke`, {}, admin)).status).toBe(200);
    expect((await post("refresh", { license })).body.code).toBe("seat_ended");
  });
});

describe("an entitlement", () => {
  const change = async (what: string, sent: object, line: object = {}) => {
    const set = await inUse(line);
    const path = `/v1/entitlements/${set.entitlement.entitlementId}/${what}`;
    const send = (body: object, headers = {}) =>
      set.app.send("POST", path, body, { ...set.admin, ...headers });
    return { ...set, send, answer: await send(sent) };
  };

  test("that is suspended rests, its licenses are listed, and reinstated it goes on", async () => {
    const { app, admin, post, license, entitlement, answer } = await change("suspend", { reason: "unpaid" });
    expect(answer.status).toBe(200);
    expect((await post("refresh", { license })).body.code).toBe("entitlement_suspended");
    expect((await app.send("GET", "/v1/revocations")).body.number).toBe(1);
    await app.send(
      "POST",
      `/v1/entitlements/${entitlement.entitlementId}/reinstate`,
      { reason: "paid" },
      admin,
    );
    expect((await post("refresh", { license })).status).toBe(200);
    expect((await app.send("GET", "/v1/revocations")).body.number).toBe(2);
  });

  test("that is renewed runs for another term; the same request again is one renewal", async () => {
    const { send, answer } = await change("renew", {});
    expect(answer.body.endsAt).toBe("2028-11-05T10:00:00.000000Z");
    const once = { "Idempotency-Key": "PO-7" };
    const first = await send({ duration: "P2Y" }, once);
    expect(first.body.endsAt).toBe("2030-11-05T10:00:00.000000Z");
    expect((await send({ duration: "P2Y" }, once)).body).toEqual(first.body);
    expect((await send({ duration: "P3Y" }, once)).body.code).toBe("idempotency_conflict");
  });

  test("is upgraded to another product; its seats stay, and their next license says so", async () => {
    const { post, license, answer } = await change("upgrade", { sku: "CAD-LITE" });
    expect(answer.body).toMatchObject({ sku: "CAD-LITE", seatsBound: 1 });
    const { body } = await post("refresh", { license });
    const [, claims = ""] = body.license.split(".");
    expect(JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).product.sku).toBe("CAD-LITE");
  });

  test("gets more seats, and is split and transferred with none lost", async () => {
    const { app, admin, entitlement, answer } = await change("extend", { added: 3 });
    expect(answer.body.quantity).toBe(5);
    const path = `/v1/entitlements/${entitlement.entitlementId}`;
    const split = await app.send("POST", `${path}/split`, { quantity: 2, customerId: "C-77" }, admin);
    expect(split).toMatchObject({
      status: 201,
      body: { entitlement: { quantity: 3 }, child: { quantity: 2, customerId: "C-77", seatsBound: 0 } },
    });
    const code = split.body.child.activationCode;
    expect((await app.send("POST", "/v1/activations", activation(code, other))).status).toBe(201);
    const refused = await app.send("POST", `${path}/split`, { quantity: 3 }, admin);
    expect(refused.body.code).toBe("seats_in_use");
    await app.send("POST", `${path}/transfer`, { customerId: "C-78" }, admin);
    const moved = await app.send("GET", "/v1/customers/C-78/entitlements", undefined, admin);
    expect(moved.body.entitlements).toMatchObject([{ quantity: 3, seatsBound: 1 }]);
  });

  test("says up to when releases may be run, in itself and in its licenses", async () => {
    const { app, code, entitlement } = await appWithPolicies({ licenseModel: "perp-node" });
    expect(entitlement.maintenanceEndsAt).toBe("2027-11-05T10:00:00.000000Z");
    const { body } = await app.send("POST", "/v1/activations", activation(code));
    const options = { keys: await keysOf(app), now: Date.parse(NOW), host: "fingerprint-1" };
    const released = (at: string) => ({ ...options, version: { releasedAt: Date.parse(at), number: "8" } });
    expect(await verifyLicense(body.license, released("2027-06-01T00:00:00Z"))).toMatchObject({ ok: true });
    expect(await verifyLicense(body.license, released("2028-01-01T00:00:00Z"))).toMatchObject({
      ok: false,
      reason: "version_not_covered",
    });
  });

  test("all of a customer's go to another after an acquisition", async () => {
    const { app, admin } = await inUse();
    const merged = await app.send(
      "POST",
      "/v1/customers/C-42/merge",
      { into: "C-1", reason: "acquired" },
      admin,
    );
    expect(merged.body).toEqual({ merged: 1, isComplete: true });
    expect(
      (await app.send("GET", "/v1/customers/C-42/entitlements", undefined, admin)).body.entitlements,
    ).toEqual([]);
    expect((await app.send("POST", "/v1/customers/nobody/merge", { into: "C-1" }, admin)).status).toBe(404);
  });

  test("an override says who allowed what, and why, and what it may cost", async () => {
    const { app, admin, send, answer } = await change("policy", {
      policy: { rehosts: { count: 50, per: "P1Y" } },
    });
    expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field: "reason" }] });
    const allowed = await send({
      policy: { rehosts: { count: 50, per: "P1Y" } },
      reason: "a lab of old machines",
    });
    expect(allowed.body.policy).toMatchObject({ rehosts: { count: 50 }, lease: "P30D" });
    expect(allowed.body.exposure.warnings).not.toEqual([]);
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.at(-1)).toMatchObject({
      type: "entitlement.policy_overridden",
      data: { by: "test", reason: "a lab of old machines" },
    });
  });
});
