import { createHash } from "node:crypto";
import { compactVerify, importJWK, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import {
  claimsOf,
  catalogSchema,
  decideActivate,
  evolve,
  hostDigest,
  LICENSE_TYPE,
  nobleSigner,
  signLicense,
  toNumericDate,
  verifyLicense,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { activate, catalog, claims, DAY, fresh, ids, START, type Terms } from "./samples.ts";

const privateKey = new Uint8Array(32).fill(7);
const signer = await webCryptoSigner(privateKey);
const reference = await nobleSigner(privateKey);
const issuer = "https://licenses.example.com";

/** An entitlement, and the seat of its first host. */
function seatOf(terms: Terms, now = START) {
  const state = fresh(terms);
  const decision = decideActivate(state, activate("a", "ada"), now, ids(1));
  const { entitlement, seats } = decision.ok ? decision.events.reduce(evolve, state) : state;
  const seat = seats.get("A-1");
  if (!seat) throw new TypeError("no seat was granted");
  return { entitlement, seat };
}

describe("claimsOf", () => {
  test("states the order, the computer, the terms and what is licensed", () => {
    const { entitlement, seat } = seatOf({
      quantity: 5,
      policy: { lease: "P30D" },
      endsAt: START + 365 * DAY,
    });
    expect(claimsOf(issuer, entitlement, seat, { host: "digest" })).toEqual({
      iss: issuer,
      sub: "C-42",
      jti: "L-1",
      iat: toNumericDate(START),
      nbf: toNumericDate(START),
      exp: toNumericDate(START + 30 * DAY),
      order: "SO-1001",
      entitlement: "E-1",
      activation: "A-1",
      host: "digest",
      product: { sku: "CAD-PRO", name: "Atlas CAD Pro", features: ["3d"] },
      model: { id: "m", term: "subscription", metric: "node-locked" },
      policy: { lease: "P30D" },
      seats: 5,
      generation: 1,
    });
  });

  test("has no end where the license has none", () => {
    const { entitlement, seat } = seatOf({});
    expect(claimsOf(issuer, entitlement, seat, { host: "digest" })).not.toHaveProperty("exp");
  });

  test("names the user, and no computer, where the metric binds users", () => {
    const { entitlement, seat } = seatOf({ metric: "named-user" });
    const named = claimsOf(issuer, entitlement, seat, { host: "digest", user: "user-digest" });
    expect(named.user).toBe("user-digest");
    expect(named).not.toHaveProperty("host");
  });

  test("names no user where the metric binds computers", () => {
    const { entitlement, seat } = seatOf({ metric: "floating", policy: { lease: "PT1H" } });
    const bound = claimsOf(issuer, entitlement, seat, { host: "digest", user: "user-digest" });
    expect(bound.host).toBe("digest");
    expect(bound).not.toHaveProperty("user");
  });

  test("throws rather than make a license that is bound to nobody", () => {
    const { entitlement, seat } = seatOf({ metric: "named-user" });
    expect(() => claimsOf(issuer, entitlement, seat, { host: "digest" })).toThrow(TypeError);
  });

  test("throws where no license was issued for the seat", () => {
    const { entitlement, seat } = seatOf({});
    expect(() => claimsOf(issuer, entitlement, { ...seat, license: null }, { host: "digest" })).toThrow(
      TypeError,
    );
  });

  test("is valid from the second in which it was made", () => {
    const { entitlement, seat } = seatOf({}, START + 999_999);
    expect(claimsOf(issuer, entitlement, seat, { host: "digest" }).nbf).toBe(toNumericDate(START));
  });
});

describe("signLicense", () => {
  test("gives the same token for the same claims, whatever signs", async () => {
    const token = await signLicense(claims, signer);
    expect(await signLicense({ ...claims }, reference)).toBe(token);
  });

  test("gives a JWS that another library verifies with the public key alone", async () => {
    const token = await signLicense(
      { ...claims, product: { ...claims.product, name: "Ätlas 設計 👩‍💻" } },
      signer,
    );
    const key = await importJWK({ ...signer.publicJwk });
    const { protectedHeader, payload } = await compactVerify(token, key, { algorithms: ["EdDSA"] });
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: LICENSE_TYPE, kid: signer.kid });
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({
      product: { name: "Ätlas 設計 👩‍💻" },
    });
  });

  test("gives a JWT whose claims another library checks", async () => {
    const token = await signLicense(claims, signer);
    const checks = { issuer: claims.iss, subject: claims.sub, typ: LICENSE_TYPE, algorithms: ["EdDSA"] };
    const key = await importJWK({ ...signer.publicJwk });
    const { payload } = await jwtVerify(token, key, { ...checks, currentDate: new Date(claims.nbf * 1000) });
    expect(payload).toEqual(claims);
    const tooLate = { ...checks, currentDate: new Date((claims.exp ?? 0) * 1000) };
    await expect(jwtVerify(token, key, tooLate)).rejects.toThrow(/exp/);
  });

  test("gives a token that our verifier reads, for the largest product that a catalog may hold", async () => {
    // Three bytes a character in UTF-8, and four characters of base64url for them.
    const widest = (length: number) => "設".repeat(length);
    const features = Array.from({ length: 500 }, () => widest(20));
    const product = {
      sku: "x".repeat(128),
      name: widest(200),
      brand: widest(200),
      version: widest(64),
      features,
    };
    expect(catalogSchema.safeParse({ ...catalog, products: [product] }).success).toBe(true);
    const token = await signLicense({ ...claims, product }, signer);
    const now = claims.nbf * 1000;
    expect(await verifyLicense(token, { keys: [signer.publicJwk], now })).toMatchObject({ ok: true });
  });
});

test("hostDigest is SHA-256 of the ID in UTF-8, base64url: any product can compute it", async () => {
  const id = "fingerprint-ü";
  expect(await hostDigest(id)).toBe(createHash("sha256").update(id, "utf8").digest("base64url"));
});
