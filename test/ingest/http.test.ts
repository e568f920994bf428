import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { routes } from "../../ingest/app.ts";
import { hostDigest, verifyLicense } from "../../licensing/index.ts";
import { activation, appWithOrder, catalog, NOW, order, testApp } from "./support.ts";

describe("orders", () => {
  test("an order is answered with what its customer is entitled to", async () => {
    const { app, admin, entitlement } = await appWithOrder();
    expect(entitlement).toMatchObject({
      orderId: "SO-1001",
      sku: "CAD-PRO",
      licenseModel: "sub-node",
      quantity: 2,
      seatsBound: 0,
      priceBand: "standard",
      startsAt: "2026-11-05T10:00:00.000000Z",
      endsAt: "2027-11-05T10:00:00.000000Z",
    });
    expect(entitlement.activationCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    const again = await app.send("GET", "/v1/orders/SO-1001", undefined, admin);
    expect(again.body.entitlements).toEqual([entitlement]);
  });

  test("the same order again gives the same answer, and records nothing", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const first = await app.send("POST", "/v1/orders", order(), admin);
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    // Another order of fields, another way to write the same instant: the same order.
    const { customer, ...rest } = order({ orderedAt: "2026-11-05T11:00:00+01:00" });
    const second = await app.send("POST", "/v1/orders", { customer, ...rest }, admin);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);
  });

  test("another order under the same ID is a conflict, and changes nothing", async () => {
    const { app, admin, entitlement } = await appWithOrder();
    const other = await app.send("POST", "/v1/orders", order({ line: { quantity: 3 } }), admin);
    expect(other).toMatchObject({ status: 409, body: { code: "order_conflict" } });
    const kept = await app.send("GET", "/v1/orders/SO-1001", undefined, admin);
    expect(kept.body.entitlements).toEqual([entitlement]);
  });

  test("an order of an unknown product is refused by name, on record once, and passes once the catalog knows it", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const unknown = order({ line: { sku: "CAD-MAX" } });
    const refused = await app.send("POST", "/v1/orders", unknown, admin);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: "unknown_sku", errors: [{ field: "lines[0].sku" }] },
    });
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    await app.send("POST", "/v1/orders", unknown, admin);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);

    const product = { sku: "CAD-MAX", name: "Atlas CAD Max", brand: "Atlas" };
    const next = { ...catalog, version: "2026-12", products: [...catalog.products, product] };
    await app.send("PUT", "/v1/catalog", next, admin);
    expect((await app.send("POST", "/v1/orders", unknown, admin)).status).toBe(201);
  });

  test("cancelling ends the entitlements and every seat, and again is no news", async () => {
    const { app, admin, entitlement, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code));
    const cancelled = await app.send("POST", "/v1/orders/SO-1001/cancel", { reason: "refund" }, admin);
    expect(cancelled).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
    const after = await app.send("GET", `/v1/entitlements/${entitlement.entitlementId}`, undefined, admin);
    expect(after.body).toMatchObject({
      status: "cancelled",
      seatsBound: 0,
      activations: [{ state: "ended" }],
    });
    const seq = (await app.send("GET", "/healthz")).body.lastSeq;
    expect((await app.send("POST", "/v1/orders/SO-1001/cancel", undefined, admin)).status).toBe(200);
    expect((await app.send("GET", "/healthz")).body.lastSeq).toBe(seq);
    const refused = await app.send("POST", "/v1/activations", activation(code, { host: { id: "other" } }));
    expect(refused).toMatchObject({ status: 409, body: { code: "entitlement_cancelled" } });
  });

  test("a customer's history is every event that led to what they have", async () => {
    const { app, admin, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code));
    await app.send("POST", "/v1/orders/SO-1001/cancel", {}, admin);
    const { body } = await app.send("GET", "/v1/customers/C-42/history", undefined, admin);
    expect(body.events.map((event: { type: string }) => event.type)).toEqual([
      "order.recorded",
      "entitlement.granted",
      "activation.bound",
      "license.issued",
      "order.cancelled",
      "entitlement.cancelled",
    ]);
    expect(body.events.map((event: { seq: number }) => event.seq)).toEqual([2, 3, 4, 5, 6, 7]);
    const rest = await app.send("GET", "/v1/customers/C-42/history?after=5", undefined, admin);
    expect(rest.body.events).toEqual(body.events.slice(4));
    expect((await app.send("GET", "/v1/customers/C-43/history", undefined, admin)).status).toBe(404);
  });
});

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

describe("the past", () => {
  const then = { occurredAt: "2026-11-09T08:30:00Z" };

  test("is for a key with the scope history:write, and is decided as it was then", async () => {
    const { app, code } = await appWithOrder();
    const key = await app.as("history:write");
    const answer = await app.send("POST", "/v1/activations", activation(code, then), key);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        activation: {
          boundAt: "2026-11-09T08:30:00.000000Z",
          licenseExpiresAt: "2026-12-09T08:30:00.000000Z",
        },
      },
    });
    const early = activation(code, { host: { id: "early" }, occurredAt: "2026-11-01T00:00:00Z" });
    expect((await app.send("POST", "/v1/activations", early, key)).body.code).toBe("history_out_of_order");
  });

  test.each([
    ["no key", "2026-11-09T08:30:00Z", 401, "unauthorized"],
    ["a clock that is three minutes slow", "2026-11-24T11:57:00Z", 201, undefined],
    ["a clock that is an hour fast", "2026-11-24T13:00:00Z", 422, "invalid_request"],
  ])("with %s is answered as it should be", async (_who, occurredAt, status, code) => {
    const { app, code: activationCode } = await appWithOrder();
    const answer = await app.send("POST", "/v1/activations", activation(activationCode, { occurredAt }));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    // A client's clock does not say when a seat was bound.
    const boundAt = status === 201 ? "2026-11-24T12:00:00.000000Z" : undefined;
    expect(answer.body.activation?.boundAt).toBe(boundAt);
  });

  test("a catalog that was in force then is published as of then, and is the same one without the date", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    const dated = { ...catalog, occurredAt: "2026-01-01T00:00:00Z" };
    expect((await app.send("PUT", "/v1/catalog", dated, admin)).status).toBe(201);
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(200);
    const line = app.sql.get<{ line: string }>("select line from event")?.line ?? "";
    expect(JSON.parse(line)).toMatchObject({ occurred_at: "2026-01-01T00:00:00.000000Z" });
  });

  test("a cancellation dated before what it ends is out of order, and changes nothing", async () => {
    const { app, admin, code } = await appWithOrder();
    await app.send("POST", "/v1/activations", activation(code, then), admin);
    const early = { occurredAt: "2026-11-08T00:00:00Z" };
    const refused = await app.send("POST", "/v1/orders/SO-1001/cancel", early, admin);
    expect(refused).toMatchObject({ status: 409, body: { code: "history_out_of_order" } });
    expect((await app.send("GET", "/v1/orders/SO-1001", undefined, admin)).body.order.status).toBe(
      "recorded",
    );
  });

  test("an order of a system whose clock is a little fast is of now, and can be activated at once", async () => {
    const { app, code, entitlement } = await appWithOrder({ orderedAt: "2026-11-24T12:03:00Z" });
    expect(entitlement.orderedAt).toBe("2026-11-24T12:00:00.000000Z");
    expect((await app.send("POST", "/v1/activations", activation(code))).status).toBe(201);
  });

  test("a key without the scope is told which it lacks", async () => {
    const { app, code } = await appWithOrder();
    const answer = await app.send("POST", "/v1/activations", activation(code, then), await app.as("read"));
    expect(answer).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    expect(answer.body.detail).toContain("history:write");
  });
});

describe("who may", () => {
  const closed = routes.filter(({ scope }) => scope !== "public");
  const open = (path: string) => path.replaceAll(/:\w+/g, "X-1");

  test.each(closed)("$method $path needs a key with the scope $scope", async ({ method, path, scope }) => {
    const app = await testApp();
    const none = await app.send(method, open(path), method === "GET" ? undefined : {});
    expect(none).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    expect(none.headers.get("www-authenticate")).toContain("Bearer");
    const other = await app.send(method, open(path), undefined, await app.as("events:write"));
    expect(other).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
    const right = await app.send(
      method,
      open(path),
      method === "GET" ? undefined : {},
      await app.as(scope as "read"),
    );
    expect([401, 403]).not.toContain(right.status);
  });

  test.each(["Bearer kh_000000000000_nothing", "Bearer x", "Basic eDp5", "Bearer kh_a_b_c"])(
    "%s is no key",
    async (authorization) => {
      const app = await testApp();
      const answer = await app.send("GET", "/v1/orders/X", undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
    },
  );

  test("a revoked key opens nothing", async () => {
    const { revokeApiKey, listApiKeys } = await import("../../ingest/ledger/api-keys.ts");
    const app = await testApp();
    const key = await app.as("admin");
    const [made] = listApiKeys(app.sql);
    expect(revokeApiKey(app.sql, made?.keyId ?? "", 1)).toBe(true);
    expect((await app.send("GET", "/v1/orders/X", undefined, key)).status).toBe(401);
  });
});

describe("bad input", () => {
  test.each([
    ["no body", "", 400, "malformed_json", undefined],
    ["half a body", '{"orderId":', 400, "malformed_json", undefined],
    ["a number", "5", 422, "invalid_request", [""]],
    ["an unknown field", JSON.stringify(order({ colour: "red" })), 422, "invalid_request", ["colour"]],
    [
      "a text for a number",
      JSON.stringify(order({ line: { quantity: "2" } })),
      422,
      "invalid_request",
      ["lines[0].quantity"],
    ],
    [
      "a price in halves of a cent",
      JSON.stringify(order({ line: { unitPrice: { amount: 0.5, currency: "EUR" } } })),
      422,
      "invalid_request",
      ["lines[0].unitPrice.amount"],
    ],
    [
      "a day that does not exist",
      JSON.stringify(order({ orderedAt: "2026-02-30T00:00:00Z" })),
      422,
      "invalid_request",
      ["orderedAt"],
    ],
    [
      "a day next week",
      JSON.stringify(order({ orderedAt: "2026-12-01T00:00:00Z" })),
      422,
      "invalid_request",
      ["orderedAt"],
    ],
    [
      "a body of five megabytes",
      JSON.stringify(order({ channel: "x".repeat(5_000_000) })),
      413,
      "body_too_large",
      undefined,
    ],
  ])("%s is a problem that says which field is wrong", async (_what, body, status, code, fields) => {
    const app = await testApp();
    const admin = await app.as("admin");
    await app.send("PUT", "/v1/catalog", catalog, admin);
    const answer = await app.send("POST", "/v1/orders", body, admin);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.body.errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(app.reported).toEqual([]);
  });

  test("a path that is not there is a problem too", async () => {
    const app = await testApp();
    expect(await app.send("GET", "/v1/nothing")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  test("a catalog version is published once: the same again is no news, another content is a conflict", async () => {
    const app = await testApp();
    const admin = await app.as("admin");
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(201);
    expect((await app.send("PUT", "/v1/catalog", catalog, admin)).status).toBe(200);
    const other = await app.send("PUT", "/v1/catalog", { ...catalog, priceBands: [] }, admin);
    expect(other).toMatchObject({ status: 409, body: { code: "catalog_conflict" } });
  });

  test("an order before the first catalog is told to publish one", async () => {
    const app = await testApp();
    const answer = await app.send("POST", "/v1/orders", order(), await app.as("admin"));
    expect(answer).toMatchObject({ status: 409, body: { code: "no_catalog" } });
  });
});
