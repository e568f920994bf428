import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { hostDigest, verifyLicense } from "../../licensing/index.ts";
import { activation, appWithOrder, NOW } from "./support.ts";

describe("activations", () => {
  test("an activation is answered with a license that any JOSE library verifies", async () => {
    const { app, code, entitlement } = await appWithOrder();
    const { status, body } = await app.send("POST", "/v1/activations", activation(code));
    expect(status).toBe(201);
    const jwks = (await app.send("GET", "/.well-known/jwks.json")).body;
    const { payload, protectedHeader } = await jwtVerify(body.license, createLocalJWKSet(jwks), {
      issuer: "keyhouse-test",
      typ: "license+jwt",
      currentDate: new Date(NOW),
    });
    expect(protectedHeader).toMatchObject({ alg: "EdDSA", kid: jwks.keys[0].kid });
    expect(payload).toMatchObject({
      sub: "C-42",
      jti: body.activation.licenseId,
      order: "SO-1001",
      entitlement: entitlement.entitlementId,
      activation: body.activation.activationId,
      host: await hostDigest("fingerprint-1"),
      product: { sku: "CAD-PRO", name: "Atlas CAD Pro", features: ["3d", "export"] },
      model: { id: "sub-node", term: "subscription", metric: "node-locked" },
      seats: 2,
      exp: Date.parse("2026-12-24T12:00:00Z") / 1000,
    });
    const options = { keys: jwks.keys, now: Date.parse(NOW), host: "fingerprint-1" };
    expect(await verifyLicense(body.license, options)).toMatchObject({ ok: true });
  });

  test("the same host again keeps its seat and its license, to the byte", async () => {
    const { app, code } = await appWithOrder();
    const first = await app.send("POST", "/v1/activations", activation(code));
    const second = await app.send(
      "POST",
      "/v1/activations",
      activation(code.toLowerCase().replaceAll("-", " ")),
    );
    expect(second).toMatchObject({ status: 200, body: first.body });
    app.setNow("2027-01-24T12:00:00Z");
    const renewed = await app.send("POST", "/v1/activations", activation(code));
    expect(renewed.status).toBe(200);
    expect(renewed.body.activation.activationId).toBe(first.body.activation.activationId);
    expect(renewed.body.activation.licenseId).not.toBe(first.body.activation.licenseId);
  });

  test("64 clients that send the same activation at once bind one seat", async () => {
    const { app, admin, entitlement, code } = await appWithOrder();
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => app.send("POST", "/v1/activations", activation(code))),
    );
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array<number>(63).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.license)).size).toBe(1);
    const after = await app.send("GET", `/v1/entitlements/${entitlement.entitlementId}`, undefined, admin);
    expect(after.body).toMatchObject({ seatsBound: 1, activations: [{ state: "bound", hostName: "ws-17" }] });
  });

  test("64 hosts at once take the two seats that there are, and 62 are told why not", async () => {
    const { app, code } = await appWithOrder();
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        app.send("POST", "/v1/activations", activation(code, { host: { id: `host-${i}` } })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(62);
    expect(refused[0]?.body).toMatchObject({ code: "no_seats_left", rule: "seats" });
  });

  test("a floating seat is refused with the time at which it falls free, and is free then", async () => {
    const { app, code } = await appWithOrder({ line: { licenseModel: "perp-float", quantity: 1 } });
    await app.send("POST", "/v1/activations", activation(code));
    const other = activation(code, { host: { id: "fingerprint-2" } });
    const refused = await app.send("POST", "/v1/activations", other);
    expect(refused.body).toMatchObject({ code: "no_seats_left", passesAt: "2026-11-24T20:00:00.000000Z" });
    app.setNow(refused.body.passesAt);
    expect((await app.send("POST", "/v1/activations", other)).status).toBe(201);
  });

  test("a license for a named user runs on any computer of theirs", async () => {
    const { app, code } = await appWithOrder({ line: { licenseModel: "perp-user", quantity: 1 } });
    expect((await app.send("POST", "/v1/activations", activation(code))).body.code).toBe("user_required");
    const first = await app.send("POST", "/v1/activations", activation(code, { user: "ada" }));
    const second = await app.send(
      "POST",
      "/v1/activations",
      activation(code, { user: "ada", host: { id: "home" } }),
    );
    expect([first.status, second.status]).toEqual([201, 200]);
    const { keys } = (await app.send("GET", "/.well-known/jwks.json")).body;
    const options = { keys, now: Date.parse(NOW), host: "anywhere", user: "ada" };
    expect(await verifyLicense(second.body.license, options)).toMatchObject({ ok: true });
  });

  test.each([
    ["a character wrong", (code: string) => `${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`],
    ["nothing like a code", () => "hello"],
    ["a good code of no entitlement", () => "00000-00000-00000-00000"],
  ])("an activation code with %s opens nothing", async (_what, change) => {
    const { app, code } = await appWithOrder();
    const answer = await app.send("POST", "/v1/activations", activation(change(code)));
    expect(answer).toMatchObject({ status: 404, body: { code: "unknown_activation_code" } });
  });
});
