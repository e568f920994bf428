// Who may tell: Stripe, and nobody who has caught what it told before.

import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { secretsOf } from "../../../ingest/sources/stripe/secrets.ts";
import { verifySignature } from "../../../ingest/sources/stripe/signature.ts";
import { parseInstant } from "../../../licensing/index.ts";
import { NOW, testApp } from "../support.ts";
import { event, SECRET, sign, store } from "./objects.ts";

const now = parseInstant(NOW) ?? 0;
const time = now / 1_000_000;
const body = '{"id":"evt_1"}';
const hmac = (secret: string, signed = `${time}.${body}`) =>
  createHmac("sha256", secret).update(signed).digest("hex");
const good = hmac(SECRET);
const other = hmac("another");

const verify = (header: string, secrets: string[] = [SECRET], sent = body) =>
  verifySignature(header, new TextEncoder().encode(sent), secrets, now);

describe("a signature", () => {
  test.each([
    ["as Stripe writes it", `t=${time},v1=${good}`],
    ["beside one of a test", `t=${time},v1=${good},v0=${other}`],
    ["beside that of another secret, first", `t=${time},v1=${other},v1=${good}`],
    ["beside that of another secret, last", `t=${time},v1=${good},v1=${other}`],
    ["with spaces", `t=${time}, v1=${good}`],
    ["with the time last", `v1=${good},t=${time}`],
  ])("%s is valid", async (_what, header) => {
    expect(await verify(header)).toBe("valid");
  });

  // https://docs.stripe.com/webhooks#verify-manually: what is signed is the time, a dot and the body.
  test.each([
    ["is none", ""],
    ["has no time", `v1=${good}`],
    ["has two times", `t=${time},t=${time - 1},v1=${good}`],
    ["has a time that is none", `t=today,v1=${good}`],
    ["has a time below nothing", `t=-1,v1=${good}`],
    ["has no signature", `t=${time}`],
    ["is of another scheme alone", `t=${time},v0=${good}`],
    ["is of another secret", `t=${time},v1=${other}`],
    ["is of another time", `t=${time + 1},v1=${good}`],
    ["is of the body alone", `t=${time},v1=${hmac(SECRET, body)}`],
    ["is of no secret", `t=${time},v1=${hmac("")}`],
    ["is cut off", `t=${time},v1=${good.slice(0, 62)}`],
    ["is in capital letters", `t=${time},v1=${good.toUpperCase()}`],
    ["is no hex", `t=${time},v1=${"z".repeat(64)}`],
    ["is one of too many", `t=${time},${`v1=${other},`.repeat(16)}v1=${good}`],
    ["is in too long a header", `t=${time},v1=${good},${"x".repeat(5000)}`],
  ])("that %s is not", async (_what, header) => {
    expect(await verify(header)).toBe("invalid");
  });

  test("is of these bytes alone", async () => {
    expect(await verify(`t=${time},v1=${good}`, [SECRET], `${body} `)).toBe("invalid");
    expect(await verify(`t=${time},v1=${hmac(SECRET, `${time}.`)}`, [SECRET], "")).toBe("valid");
  });

  test("of either secret is valid while one is rolled, and of none where there is none", async () => {
    expect(await verify(`t=${time},v1=${good}`, ["another", SECRET])).toBe("valid");
    expect(await verify(`t=${time},v1=${other}`, ["another", SECRET])).toBe("valid");
    expect(await verify(`t=${time},v1=${good}`, [])).toBe("invalid");
  });

  test.each([
    [300, "valid"],
    [301, "stale"],
    [-300, "valid"],
    [-301, "stale"],
    [999_999_999, "stale"],
  ])("that was made %i seconds ago is %s", async (ago, verdict) => {
    const then = time - ago;
    expect(await verify(`t=${then},v1=${hmac(SECRET, `${then}.${body}`)}`)).toBe(verdict);
    // Who has no secret is not told whether the time would do.
    expect(await verify(`t=${then},v1=${other}`)).toBe("invalid");
  });
});

test.each([
  [undefined, []],
  ["", []],
  ["  ", []],
  ["whsec_a", ["whsec_a"]],
  ["whsec_a whsec_b", ["whsec_a", "whsec_b"]],
  [" whsec_a\n\twhsec_b ", ["whsec_a", "whsec_b"]],
])("the setting %j names these secrets", (setting, secrets) => {
  expect(secretsOf(setting)).toEqual(secrets);
});

describe("the webhook", () => {
  test("without a secret takes nothing, and says what to set", async () => {
    const app = await testApp();
    const answer = await app.send("POST", "/v1/webhooks/stripe", body, sign(body));
    expect(answer).toMatchObject({ status: 503, body: { code: "webhook_not_configured" } });
    expect(answer.body.detail).toContain("STRIPE_WEBHOOK_SECRET");
  });

  test.each([
    [401, "invalid_signature", sign(body, { secret: "another" })],
    [401, "invalid_signature", {}],
    [409, "stale_delivery", sign(body, { at: "2026-11-24T11:54:59Z" })],
  ])("answers %i %s, and keeps nothing", async (status, code, headers) => {
    const it = await store();
    const answer = await it.app.send("POST", "/v1/webhooks/stripe", body, headers);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(it.waiting()).toEqual([]);
  });

  test.each([
    ["customer.created", { id: "cus_1", object: "customer", name: "Example GmbH" }],
    ["invoice.payment_failed", { object: "invoice" }],
    ["v2.core.account.updated", {}],
    ["toString", {}],
    ["__proto__", {}],
  ])("ignores an event of type %s, and keeps nothing of it", async (type, object) => {
    const it = await store();
    const before = it.app.sql.get("select count(*) as events from event");
    expect(await it.deliver(event(type, time, object))).toMatchObject({
      status: 200,
      body: { status: "ignored" },
    });
    expect(it.app.sql.get("select count(*) as events from event")).toEqual(before);
    expect(it.waiting()).toEqual([]);
  });
});
