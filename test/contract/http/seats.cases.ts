import { expect } from "vitest";
import { verifyLicense } from "../../../licensing/index.ts";
import { claimsOf } from "./activations.cases.ts";
import { activate, type Cases, daysAgo, host, inUse, table } from "./vendor.ts";

const other = host("fingerprint-2");

export const seats: Cases = {
  "a seat is refreshed by its license, also after that has ended": async (api) => {
    const then = { occurredAt: daysAgo(60) };
    const { post, activation } = await inUse(api, {}, { orderedAt: daysAgo(90) }, then);
    expect(Date.parse(activation.licenseExpiresAt)).toBeLessThan(Date.now());
    const { status, body } = await post("refresh");
    expect(status).toBe(200);
    const days = (Date.parse(body.activation.licenseExpiresAt) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  },

  "a seat that moved is not refreshed from where it was: the copy is refused, recorded and counted": async (
    api,
  ) => {
    const { post, license, events, now } = await inUse(api);
    const moved = await post("rehost", { license, ...other });
    expect(moved).toMatchObject({ status: 200, body: { activation: { generation: 2, state: "bound" } } });
    const copy = await post("refresh");
    expect(copy).toMatchObject({ status: 409, body: { code: "license_superseded", rule: "generation" } });
    expect((await events()).at(-1)).toMatchObject({
      type: "activation.cloned",
      data: { presented_generation: 1, generation: 2 },
    });
    expect(await now()).toMatchObject({ clonesSeen: 1, seatsBound: 1 });
    // The new host goes on, and the request whose answer was lost is no second move.
    expect((await post("refresh", { license: moved.body.license })).status).toBe(200);
    expect((await post("rehost", { license, ...other })).body).toMatchObject({
      activation: { generation: 2 },
    });
  },

  "a seat that moved away lends no temporary license to the copy that was left behind": async (api) => {
    const { post, license, events } = await inUse(api);
    await post("rehost", { license, ...other });
    const copy = await post("temporary", { license, host: { id: "fingerprint-1" }, reason: "failure" });
    expect(copy).toMatchObject({ status: 409, body: { code: "license_superseded" } });
    expect((await events()).at(-1)).toMatchObject({ type: "activation.cloned" });
  },

  "a seat moves as often as its policy allows, and says when it can again; repairs are counted apart": async (
    api,
  ) => {
    const { post, code } = await inUse(api, { licenseModel: "perp-node" });
    const move = (id: string) => post("rehost", { activationCode: code, ...host(id) });
    for (const id of ["b", "c", "d", "e"]) expect((await move(id)).status).toBe(200);
    const refused = await move("f");
    expect(refused).toMatchObject({ status: 409, body: { code: "rehosts_used_up", rule: "rehosts" } });
    expect(Math.round((Date.parse(refused.body.passesAt) - Date.now()) / 86_400_000)).toBeOneOf([365, 366]);
    const repaired = await post("repair", { activationCode: code, ...other });
    expect(repaired).toMatchObject({ status: 200, body: { activation: { generation: 6 } } });
  },

  "a seat that is returned is free for another host, and refreshed no more": async (api) => {
    const { post, code, now } = await inUse(api, { quantity: 1 });
    expect((await activate(api, code, other)).body.code).toBe("no_seats_left");
    expect(await post("return")).toMatchObject({ status: 200, body: { activation: { state: "ended" } } });
    expect(await post("refresh")).toMatchObject({ status: 409, body: { code: "seat_ended" } });
    expect((await activate(api, code, other)).status).toBe(201);
    expect((await now()).seatsBound).toBe(1);
  },

  "a floating seat is released to the pool; one that does not float is not": async (api) => {
    const { post } = await inUse(api, { licenseModel: "perp-float", quantity: 1 });
    expect((await post("release")).body.activation.state).toBe("ended");
    const node = await inUse(api);
    expect(await node.post("release")).toMatchObject({ status: 409, body: { code: "not_floating" } });
  },

  "a seat is covered by a temporary license on another host, within the allowance": async (api) => {
    const { post, license } = await inUse(api);
    const lend = () => post("temporary", { license, ...other, reason: "failure" });
    const lent = await lend();
    expect(lent).toMatchObject({ status: 201, body: { temporary: { kind: "failure" } } });
    expect(claimsOf(lent.body.license)).toMatchObject({ model: { term: "temporary" } });
    const lasts = Date.parse(lent.body.temporary.expiresAt) - Date.now();
    expect(Math.round(lasts / 86_400_000)).toBe(7);
    expect((await lend()).status).toBe(201);
    expect(await lend()).toMatchObject({ status: 409, body: { code: "temporary_used_up" } });
    // The seat itself goes on.
    expect((await post("refresh")).status).toBe(200);
  },

  "a mistake of the vendor's is mended by the vendor alone": async (api) => {
    const { post, license } = await inUse(api);
    const mended = { license, ...other, reason: "vendor_mistake" };
    expect(await post("temporary", mended)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect((await post("temporary", mended, await api.as("licenses:write"))).status).toBe(201);
  },

  "a seat is the vendor's to move without license and code, and nobody else's": async (api) => {
    const { post } = await inUse(api);
    expect(await post("rehost", other)).toMatchObject({ status: 422, body: { code: "invalid_request" } });
    expect((await post("rehost", other, await api.as("licenses:write"))).status).toBe(200);
  },

  ...table(
    "a seat is opened by nobody who shows %s",
    [
      ["nothing", {}, 422, "invalid_request"],
      [
        "the code of another entitlement",
        { activationCode: "00000-00000-00000-00000" },
        404,
        "unknown_activation",
      ],
      ["what is no code", { activationCode: "hello" }, 404, "unknown_activation_code"],
      ["what is no license", { license: "a.b.c" }, 401, "invalid_license"],
    ],
    async (api, _what, shown, status, code) => {
      const { post } = await inUse(api);
      for (const request of ["refresh", "return", "release"])
        expect(await post(request, shown)).toMatchObject({ status, body: { code } });
    },
  ),

  "a seat is not opened by the license of another, nor by one that was tampered with": async (api) => {
    const { post } = await inUse(api);
    const stranger = await inUse(api);
    const [header = "", claims = "", signature = ""] = stranger.license.split(".");
    const changed = `${header}.${claims}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    for (const license of [stranger.license, changed])
      expect(await post("return", { license })).toMatchObject({
        status: 401,
        body: { code: "invalid_license" },
      });
  },

  "says up to when releases may be run, in itself and in its licenses": async (api) => {
    const { license, sent, entitlement } = await inUse(api, { licenseModel: "perp-node" });
    const covered = Date.parse(sent.orderedAt) + 300 * 86_400_000;
    expect(Date.parse(entitlement.maintenanceEndsAt)).toBeGreaterThan(covered);
    const options = { keys: await api.keys(), now: Date.now(), host: "fingerprint-1" };
    const released = (releasedAt: number) => ({ ...options, version: { releasedAt, number: "8" } });
    expect(await verifyLicense(license, released(covered))).toMatchObject({ ok: true });
    expect(await verifyLicense(license, released(covered + 100 * 86_400_000))).toMatchObject({
      ok: false,
      reason: "version_not_covered",
    });
  },

  "a metered license counts what is used, allows the overdraft, and says when the count begins anew": async (
    api,
  ) => {
    const { post, license, events, entitlement } = await inUse(api, {
      licenseModel: "metered",
      quantity: 100,
    });
    const consume = (units: number) => post("consume", { license, units });
    const first = await consume(60);
    expect(first.body).toMatchObject({ used: 60, quantity: 100, periodStartsAt: entitlement.startsAt });
    expect((await consume(50)).body.used).toBe(110);
    expect((await events()).at(-1)).toMatchObject({
      type: "usage.recorded",
      data: { units: 50, used: 110, overage: 10 },
    });
    expect(await consume(1)).toMatchObject({
      status: 409,
      body: { code: "consumption_used_up", rule: "consumption", passesAt: first.body.periodEndsAt },
    });
  },

  "a metered license counts anew in another period": async (api) => {
    const line = { licenseModel: "metered", quantity: 100 };
    const { post, license } = await inUse(api, line, { orderedAt: daysAgo(45) }, { occurredAt: daysAgo(44) });
    const then = { license, units: 110, occurredAt: daysAgo(40) };
    expect((await post("consume", then, await api.as("history:write"))).body.used).toBe(110);
    expect((await post("consume", { license, units: 1 })).body.used).toBe(1);
  },

  "what is consumed is said, and of a metered license alone": async (api) => {
    const { post, license } = await inUse(api);
    expect(await post("consume")).toMatchObject({ status: 422, body: { errors: [{ field: "units" }] } });
    expect((await post("consume", { license, units: 1 })).body.code).toBe("not_metered");
  },

  "a consumption that comes twice under the same Idempotency-Key is counted once": async (api) => {
    const { post, license } = await inUse(api, { licenseModel: "metered", quantity: 100 });
    const consume = (units: number, headers = {}) => post("consume", { license, units }, headers);
    const once = { "Idempotency-Key": "job-7" };
    expect((await consume(10, once)).body.used).toBe(10);
    expect((await consume(10, once)).body.used).toBe(10);
    expect((await consume(10)).body.used).toBe(20);
    expect(await consume(11, once)).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
  },
};
