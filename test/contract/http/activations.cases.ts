import { expect } from "vitest";
import { verifyLicense } from "../../../licensing/index.ts";
import {
  activate,
  activation,
  ago,
  type Cases,
  daysAgo,
  host,
  hoursAgo,
  inUse,
  ordered,
  table,
} from "./vendor.ts";

export const activations: Cases = {
  "an activation is answered with a license that states order, computer, terms and product": async (api) => {
    const { sent, code, entitlementId } = await ordered(api);
    const { status, body } = await activate(api, code);
    expect(status).toBe(201);
    expect(body.activation).toMatchObject({ entitlementId, state: "bound", generation: 1, endedAt: null });
    expect(claimsOf(body.license)).toMatchObject({
      sub: sent.customer.id,
      jti: body.activation.licenseId,
      order: sent.orderId,
      entitlement: entitlementId,
      product: { sku: "CAD-PRO", name: "Atlas CAD Pro", features: ["3d", "export"] },
      model: { id: "sub-node", term: "subscription", metric: "node-locked" },
      seats: 2,
      exp: Math.floor(Date.parse(body.activation.licenseExpiresAt) / 1000),
    });
    const elsewhere = { keys: await api.keys(), now: Date.now(), host: "another" };
    expect(await verifyLicense(body.license, elsewhere)).toMatchObject({ ok: false, reason: "wrong_host" });
  },

  "the same host again keeps its seat and its license, to the byte, however the code is typed": async (
    api,
  ) => {
    const { code } = await ordered(api);
    const first = await activate(api, code);
    const second = await activate(api, code.toLowerCase().replaceAll("-", " "));
    expect(second).toMatchObject({ status: 200, body: first.body });
  },

  "the same host after its lease keeps its seat, under another license": async (api) => {
    const then = { occurredAt: daysAgo(60) };
    const { code, activation: first } = await inUse(api, {}, { orderedAt: daysAgo(90) }, then);
    const { status, body } = await activate(api, code);
    expect([status, body.activation.activationId]).toEqual([200, first.activationId]);
    expect(body.activation.licenseId).not.toBe(first.licenseId);
  },

  "64 clients that send the same activation at once bind one seat": async (api) => {
    const { code, now } = await ordered(api);
    const answers = await Promise.all(Array.from({ length: 64 }, () => activate(api, code)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array<number>(63).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.license)).size).toBe(1);
    expect(await now()).toMatchObject({
      seatsBound: 1,
      activations: [{ state: "bound", hostName: "ws-13" }],
    });
  },

  "64 hosts at once take the two seats that there are, and 62 are told why not": async (api) => {
    const { code } = await ordered(api);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => activate(api, code, host(`host-${i}`))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(62);
    expect(refused[0]?.body).toMatchObject({ code: "no_seats_left", rule: "seats" });
  },

  "a floating seat is refused with the time at which it falls free, and is free then": async (api) => {
    const history = await api.as("history:write");
    const then = { occurredAt: hoursAgo(10) };
    const { code, activation: first } = await inUse(
      api,
      { licenseModel: "perp-float", quantity: 1 },
      {},
      then,
    );
    const other = { ...host("fingerprint-2"), occurredAt: hoursAgo(9) };
    const refused = await activate(api, code, other, history);
    expect(refused.body).toMatchObject({ code: "no_seats_left", passesAt: first.licenseExpiresAt });
    const free = { ...other, occurredAt: refused.body.passesAt };
    expect((await activate(api, code, free, history)).status).toBe(201);
  },

  "a floating seat is taken along for as long as the policy says, and no longer": async (api) => {
    const { code } = await ordered(api, { licenseModel: "perp-float" });
    const refused = await activate(api, code, { borrowFor: "P8D" });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "borrow_not_allowed", errors: [{ field: "borrowFor" }] },
    });
    const { body } = await activate(api, code, { borrowFor: "P7D" });
    const hours = (Date.parse(body.activation.licenseExpiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7 * 24 - 1);
  },

  "a license for a named user runs on any computer of theirs": async (api) => {
    const { code } = await ordered(api, { licenseModel: "perp-user", quantity: 1 });
    expect(await activate(api, code)).toMatchObject({
      status: 422,
      body: { code: "user_required", errors: [{ field: "user" }] },
    });
    const first = await activate(api, code, { user: "ada" });
    const second = await activate(api, code, { user: "ada", ...host("home") });
    expect([first.status, second.status]).toEqual([201, 200]);
    const options = { keys: await api.keys(), now: Date.now(), host: "anywhere", user: "ada" };
    expect(await verifyLicense(second.body.license, options)).toMatchObject({ ok: true });
  },

  "the past is for a key with the scope history:write, and is decided as it was then": async (api) => {
    const { code } = await ordered(api);
    const occurredAt = daysAgo(15);
    const history = await api.as("history:write");
    const { status, body } = await activate(api, code, { occurredAt }, history);
    expect([status, body.activation.boundAt]).toEqual([201, `${occurredAt.slice(0, -1)}000Z`]);
    expect(Date.parse(body.activation.licenseExpiresAt) - Date.parse(occurredAt)).toBe(30 * 24 * 3_600_000);
    const early = { ...host("early"), occurredAt: daysAgo(25) };
    expect((await activate(api, code, early, history)).body.code).toBe("history_out_of_order");
    const denied = await activate(api, code, { occurredAt }, await api.as("read"));
    expect(denied).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    expect(denied.body.detail).toContain("history:write");
  },

  ...table(
    "a time that %s is answered as it should be",
    [
      ["lies in the past, with no key", -15 * 24 * 60, 401, "unauthorized"],
      ["a clock says that is three minutes slow", -3, 201, undefined],
      ["a clock says that is an hour fast", 60, 422, "invalid_request"],
    ],
    async (api, _who, minutes, status, code) => {
      const { code: activationCode } = await ordered(api);
      const before = Date.now();
      const answer = await activate(api, activationCode, { occurredAt: ago(-minutes * 60_000) });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      // A client's clock does not say when a seat was bound.
      if (status === 201)
        expect(Date.parse(answer.body.activation.boundAt)).toBeGreaterThanOrEqual(before - 60_000);
    },
  ),

  ...table(
    "an activation code %s opens nothing",
    [
      ["with a character wrong", (code: string) => `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`],
      ["that is nothing like one", () => "hello"],
      ["of no entitlement", () => "00000-00000-00000-00000"],
    ],
    async (api, _what, changed) => {
      const { code } = await ordered(api);
      const answer = await api.send("POST", "/v1/activations", activation(changed(code)));
      expect(answer).toMatchObject({ status: 404, body: { code: "unknown_activation_code" } });
    },
  ),
};

/** What a license states, of one that was verified. */
export function claimsOf(license: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(license.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}
