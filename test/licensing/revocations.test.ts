import * as fc from "fast-check";
import { assert } from "fast-check";
import { compactVerify, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import {
  MAX_REVOCATIONS,
  REVOCATIONS_TYPE,
  type RevocationClaims,
  signLicense,
  signRevocations,
  verifyLicense,
  verifyRevocations,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { signJws } from "../../licensing/jws.ts";
import { claims, texts } from "./samples.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const next = await webCryptoSigner(new Uint8Array(32).fill(8));
const keys = [signer.publicJwk, next.publicJwk];
const stated: RevocationClaims = {
  iss: "https://licenses.example.com",
  iat: claims.iat,
  number: 7,
  licenses: ["L-1", "L-2"],
  activations: [["A-7", 2]],
  entitlements: ["E-9"],
  keys: [],
};

async function listOf(change: Partial<RevocationClaims>) {
  const verified = await verifyRevocations(await signRevocations({ ...stated, ...change }, signer), { keys });
  if (!verified.ok) throw new TypeError(verified.detail);
  return verified.list;
}

describe("a revocation list", () => {
  test("comes back as it was signed, ready to be asked", async () => {
    expect(await listOf({})).toEqual({
      number: 7,
      issuedAt: claims.iat * 1000,
      licenses: new Set(["L-1", "L-2"]),
      activations: new Map([["A-7", 2]]),
      entitlements: new Set(["E-9"]),
      keys: new Set(),
    });
  });

  test("is a JWS that another library verifies", async () => {
    const key = await importJWK({ ...signer.publicJwk });
    const { protectedHeader, payload } = await compactVerify(await signRevocations(stated, signer), key);
    expect(protectedHeader).toEqual({ alg: "EdDSA", typ: REVOCATIONS_TYPE, kid: signer.kid });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(stated);
  });

  test.each([
    ["every license of a seat up to a generation", 2, "revoked"],
    ["none of a later one", 3, "ok"],
  ])("ends %s", async (_what, generation, expected) => {
    const license = await signLicense({ ...claims, activation: "A-7", jti: "L-9", generation }, signer);
    const revocations = await listOf({});
    const verification = await verifyLicense(license, { keys, now: claims.nbf * 1000, revocations });
    expect(verification.ok ? "ok" : verification.reason).toBe(expected);
  });

  test("ends the license that it names", async () => {
    const license = await signLicense(claims, signer);
    const options = { keys, now: claims.nbf * 1000 };
    expect(await verifyLicense(license, { ...options, revocations: await listOf({}) })).toMatchObject({
      reason: "revoked",
    });
    const other = await listOf({ licenses: ["L-2"] });
    expect(await verifyLicense(license, { ...options, revocations: other })).toMatchObject({ ok: true });
  });

  test("of the longest that may be signed can be read, and a longer one is not signed", async () => {
    const licenses = Array.from(
      { length: MAX_REVOCATIONS },
      (_, i) => `lic_00${String(i).padStart(26, "0")}`,
    );
    const whole = await listOf({ licenses, activations: [], entitlements: [] });
    expect(whole.licenses.size).toBe(MAX_REVOCATIONS);
    await expect(signRevocations({ ...stated, licenses }, signer)).rejects.toThrow(RangeError);
  });
});

describe("verifyRevocations refuses", () => {
  test.each([
    [6, "older_list"],
    [7, "ok"],
    [8, "ok"],
  ])("an older list: %i after 7", async (number, reason) => {
    const token = await signRevocations({ ...stated, number }, signer);
    const verified = await verifyRevocations(token, { keys, last: await listOf({ number: 7 }) });
    expect(verified.ok ? "ok" : verified.reason).toBe(reason);
  });

  test("a list that is signed with a key which the last one called compromised", async () => {
    const last = await listOf({ keys: [next.kid] });
    const token = await signRevocations({ ...stated, number: 8 }, next);
    expect(await verifyRevocations(token, { keys, last })).toMatchObject({ reason: "compromised_key" });
  });

  test("a license in place of a list, and a license refuses a list", async () => {
    expect(await verifyRevocations(await signLicense(claims, signer), { keys })).toMatchObject({
      reason: "wrong_type",
    });
    const list = await signRevocations(stated, signer);
    expect(await verifyLicense(list, { keys, now: claims.nbf * 1000 })).toMatchObject({
      reason: "wrong_type",
    });
  });

  test.each<[string, object]>([
    ["no number", { number: undefined }],
    ["a number that is none", { number: 1.5 }],
    ["a number below nothing", { number: -1 }],
    ["no licenses", { licenses: undefined }],
    ["licenses that are numbers", { licenses: [7] }],
    ["entitlements that are text", { entitlements: "E-9" }],
    ["no time", { iat: "now" }],
    ["no keys", { keys: null }],
  ])("what the vendor signed with %s", async (_what, change) => {
    const token = await signJws(REVOCATIONS_TYPE, { ...stated, ...change }, signer);
    expect(await verifyRevocations(token, { keys })).toMatchObject({ reason: "malformed" });
  });

  test("a list with any one character changed, cut or added", async () => {
    const token = await signRevocations(stated, signer);
    const hurt = Array.from(token, (char, i) => [
      `${token.slice(0, i)}${char === "A" ? "B" : "A"}${token.slice(i + 1)}`,
      token.slice(0, i),
    ]).flat();
    const verified = await Promise.all([...hurt, `${token}A`].map((it) => verifyRevocations(it, { keys })));
    expect(verified.filter(({ ok }) => ok)).toEqual([]);
  });

  test("any text, and throws for none", async () => {
    await assert(
      fc.asyncProperty(texts(200), async (text) => !(await verifyRevocations(text, { keys })).ok),
      { numRuns: 200 },
    );
  });
});
