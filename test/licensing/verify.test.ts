import * as fc from "fast-check";
import { assert } from "fast-check";
import { base64url, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import {
  CLOCK_TOLERANCE_MS,
  hostDigest,
  LICENSE_TYPE,
  type LicenseClaims,
  type LicenseFault,
  publicKeyBytes,
  signLicense,
  toBase64Url,
  verifyLicense,
  type VerifyOptions,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { claims, texts } from "./samples.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const other = await webCryptoSigner(new Uint8Array(32).fill(8));

const bound: LicenseClaims = { ...claims, host: await hostDigest("ws-17") };
const options: VerifyOptions = {
  keys: [signer.publicJwk],
  now: claims.nbf * 1000,
  host: "ws-17",
  product: "CAD-PRO",
};
const license = await signLicense(bound, signer);
const [header = "", payload = "", signature = ""] = license.split(".");

const encoded = (value: unknown) => toBase64Url(new TextEncoder().encode(JSON.stringify(value)));
const goodHeader = { alg: "EdDSA", typ: LICENSE_TYPE, kid: signer.kid };

/** A token with any header and payload, rightly signed by the vendor's key. */
async function signed(head: unknown, body: unknown): Promise<string> {
  const input = `${encoded(head)}.${encoded(body)}`;
  return `${input}.${toBase64Url(await signer.sign(new TextEncoder().encode(input)))}`;
}

async function reasonOf(token: string, change: Partial<VerifyOptions> = {}): Promise<LicenseFault | "ok"> {
  const verification = await verifyLicense(token, { ...options, ...change });
  return verification.ok ? "ok" : verification.reason;
}

describe("verifyLicense accepts", () => {
  test("a license of this product on this computer, and gives what it states", async () => {
    expect(await verifyLicense(license, options)).toEqual({
      ok: true,
      claims: bound,
      lastSeen: options.now,
    });
  });

  const good: [string, Partial<LicenseClaims>, Partial<VerifyOptions>][] = [
    [
      "a license without end, a century later",
      { exp: undefined as never },
      { now: options.now + 100 * 365 * 86_400_000 },
    ],
    ["a license of any product where none is asked for", {}, { product: undefined }],
    ["a license that is bound to no computer", { host: undefined as never }, { host: undefined }],
    ["the first moment", {}, { now: claims.nbf * 1000 }],
    ["the last millisecond", {}, { now: (claims.exp ?? 0) * 1000 - 1 }],
    ["a key among others", {}, { keys: [other.publicJwk, signer.publicJwk] }],
  ];
  test.each(good)("%s", async (_what, claim, option) => {
    expect(await reasonOf(await signLicense({ ...bound, ...claim }, signer), option)).toBe("ok");
  });
});

describe("verifyLicense refuses", () => {
  // The neutral point: R = A = 0 and S = 0 satisfy the lenient equation for every message.
  const neutral = new Uint8Array(32).fill(1, 0, 1);
  const foreign = { ...options, keys: [other.publicJwk] };
  const cases: [string, () => string | Promise<string>, Partial<VerifyOptions>, LicenseFault][] = [
    ["exactly at its end", () => license, { now: (claims.exp ?? 0) * 1000 }, "expired"],
    [
      "before its start by more than a clock may be slow",
      () => license,
      { now: claims.nbf * 1000 - CLOCK_TOLERANCE_MS - 1 },
      "not_yet_valid",
    ],
    ["at a time that is no time", () => license, { now: Number.NaN }, "not_yet_valid"],
    ["another computer", () => license, { host: "ws-18" }, "wrong_host"],
    ["a computer in other letters", () => license, { host: "WS-17" }, "wrong_host"],
    ["no computer", () => license, { host: undefined }, "wrong_host"],
    ["the digest in place of the computer", () => license, { host: bound.host ?? "" }, "wrong_host"],
    ["another product", () => license, { product: "CAD-VIEW" }, "wrong_product"],
    [
      "another user",
      async () => signLicense({ ...claims, user: await hostDigest("ada") }, signer),
      { user: "bob" },
      "wrong_user",
    ],
    [
      "no user",
      async () => signLicense({ ...claims, user: await hostDigest("ada") }, signer),
      {},
      "wrong_user",
    ],
    ["a key that it does not know", () => license, foreign, "unknown_key"],
    ["no keys", () => license, { keys: [] }, "unknown_key"],
    [
      "another key under the known name",
      () => signLicense(bound, { ...other, kid: signer.kid }),
      {},
      "bad_signature",
    ],
    [
      "the known key under another name",
      () => signLicense(bound, { ...signer, kid: "other" }),
      {},
      "unknown_key",
    ],
    [
      "the known name for a key of another kind",
      () => license,
      { keys: [{ ...signer.publicJwk, crv: "X25519" as never }] },
      "unknown_key",
    ],
    [
      "the known name for a key without value",
      () => license,
      { keys: [{ kid: signer.kid } as never] },
      "unknown_key",
    ],
    [
      "a key of small order, under which anyone can sign",
      () => `${header}.${payload}.${toBase64Url(Uint8Array.from([...neutral, ...new Uint8Array(32)]))}`,
      { keys: [{ ...signer.publicJwk, x: toBase64Url(neutral) }] },
      "bad_signature",
    ],
    ["no name of a key", () => signed({ alg: "EdDSA", typ: LICENSE_TYPE }, bound), {}, "unknown_key"],
    ["another type", () => signed({ ...goodHeader, typ: "JWT" }, bound), {}, "wrong_type"],
    ["no type", () => signed({ alg: "EdDSA", kid: signer.kid }, bound), {}, "wrong_type"],
    ["alg none, unsigned", () => `${encoded({ ...goodHeader, alg: "none" })}.${payload}.`, {}, "malformed"],
    [
      "alg none, with a signature",
      () => signed({ ...goodHeader, alg: "none" }, bound),
      {},
      "wrong_algorithm",
    ],
    ["alg None", () => signed({ ...goodHeader, alg: "None" }, bound), {}, "wrong_algorithm"],
    ["alg ES256", () => signed({ ...goodHeader, alg: "ES256" }, bound), {}, "wrong_algorithm"],
    [
      "an extension that it does not understand",
      () => signed({ ...goodHeader, crit: ["cap"], cap: 1 }, bound),
      {},
      "malformed",
    ],
    ["a license whose end is text", () => signed(goodHeader, { ...bound, exp: "never" }), {}, "malformed"],
    ["a license whose end is null", () => signed(goodHeader, { ...bound, exp: null }), {}, "malformed"],
    ["a license without start", () => signed(goodHeader, { ...bound, nbf: undefined }), {}, "malformed"],
    ["a start beyond all calendars", () => signed(goodHeader, { ...bound, nbf: 1e300 }), {}, "malformed"],
    ["a license of no product", () => signed(goodHeader, { ...bound, product: null }), {}, "malformed"],
    [
      "a product without SKU",
      () => signed(goodHeader, { ...bound, product: { name: "x" } }),
      {},
      "malformed",
    ],
    ["a computer that is a number", () => signed(goodHeader, { ...bound, host: 17 }), {}, "malformed"],
    ["a user that is a list", () => signed(goodHeader, { ...bound, user: [] }), {}, "malformed"],
    ["claims that are a list", () => signed(goodHeader, [bound]), {}, "malformed"],
    ["claims that are null", () => signed(goodHeader, null), {}, "malformed"],
    ["a header that is text", () => signed("EdDSA", bound), {}, "malformed"],
    [
      "the claims of one license with the signature of another",
      () => `${header}.${encoded({ ...bound, seats: 500 })}.${signature}`,
      {},
      "bad_signature",
    ],
    [
      "a signature of nothing but zeros",
      () => `${header}.${payload}.${toBase64Url(new Uint8Array(64))}`,
      {},
      "bad_signature",
    ],
    [
      "a signature of 63 bytes",
      () => `${header}.${payload}.${toBase64Url(new Uint8Array(63))}`,
      {},
      "malformed",
    ],
    ["two parts", () => `${header}.${payload}`, {}, "malformed"],
    ["four parts", () => `${license}.`, {}, "malformed"],
    ["padding", () => `${license}==`, {}, "malformed"],
    ["a line after it", () => `${license}\n`, {}, "malformed"],
    ["nothing", () => "", {}, "malformed"],
    ["what is no text", () => 7 as never, {}, "malformed"],
    ["a text without end", () => `${header}.${"A".repeat(10_000_000)}.${signature}`, {}, "malformed"],
  ];
  test.each(cases)("%s", async (_what, token, change, reason) => {
    expect(await reasonOf(await token(), change)).toBe(reason);
  });

  test("HS256 with the public key as the secret: a verifier that believes the header would accept it", async () => {
    const forged = await new SignJWT({ ...bound })
      .setProtectedHeader({ ...goodHeader, alg: "HS256" })
      .sign(publicKeyBytes(signer.publicJwk) ?? new Uint8Array());
    // Its signature is half as long as ours; padded to our length it is no better.
    expect(await reasonOf(forged)).toBe("malformed");
    const [head, body, mac = ""] = forged.split(".");
    const padded = new Uint8Array(64);
    padded.set(base64url.decode(mac));
    expect(await reasonOf(`${head}.${body}.${toBase64Url(padded)}`)).toBe("wrong_algorithm");
  });

  test("a license that was signed twice: S + L in place of S", async () => {
    // RFC 8032 section 5.1.7: S is below the order L, or one license would have two signatures.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const bytes = Array.from(Buffer.from(signature, "base64url"));
    const s = bytes.slice(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + order;
    const twice = [
      ...bytes.slice(0, 32),
      ...Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n)),
    ];
    expect(await reasonOf(`${header}.${payload}.${toBase64Url(Uint8Array.from(twice))}`)).toBe(
      "bad_signature",
    );
  });
});

describe("verifyLicense refuses, and never throws, for", () => {
  test("a license with any one character's bit flipped", async () => {
    const accepted = await Promise.all(
      Array.from(license, async (char, i) => {
        const flipped = String.fromCharCode(char.charCodeAt(0) ^ (1 << (i % 7)));
        return (await reasonOf(license.slice(0, i) + flipped + license.slice(i + 1))) === "ok" ? [i] : [];
      }),
    );
    expect(accepted.flat()).toEqual([]);
  });

  test("a signature with any one of its 512 bits flipped", async () => {
    const bytes = Uint8Array.from(Buffer.from(signature, "base64url"));
    const accepted = await Promise.all(
      Array.from({ length: 512 }, async (_, bit) => {
        const flipped = bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        return reasonOf(`${header}.${payload}.${toBase64Url(flipped)}`);
      }),
    );
    expect(new Set(accepted)).toEqual(new Set(["bad_signature"]));
  });

  test("a license cut at any length", async () => {
    const reasons = await Promise.all(Array.from(license, (_, length) => reasonOf(license.slice(0, length))));
    expect(new Set(reasons)).toEqual(new Set(["malformed"]));
  });

  test("a license with anything before or after it", async () => {
    const extras = ["A", "_", ".", "=", " ", "\n", "\r", "\t", "\u0000", "\ufeff", license];
    const reasons = await Promise.all(
      extras.flatMap((extra) => [reasonOf(extra + license), reasonOf(license + extra)]),
    );
    expect(reasons).not.toContain("ok");
  });

  test("any text", async () => {
    await assert(
      fc.asyncProperty(texts(200), async (text) => (await reasonOf(text)) === "malformed"),
      { numRuns: 300 },
    );
  });

  test("any text in any of its parts", async () => {
    const part = (good: string) => fc.oneof(fc.constant(good), fc.base64String(), texts(200));
    await assert(
      fc.asyncProperty(part(header), part(payload), part(signature), async (...parts) => {
        const token = parts.join(".");
        return token === license || (await reasonOf(token)) !== "ok";
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON in any of its parts, though the vendor signed it", async () => {
    const near = (good: object) =>
      fc
        .record(Object.fromEntries(Object.keys(good).map((key) => [key, fc.jsonValue()])), {
          requiredKeys: [],
        })
        .map((odd) => ({ ...good, ...odd }));
    await assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(goodHeader), near(goodHeader), fc.jsonValue()),
        fc.oneof(near(bound), fc.jsonValue()),
        async (head, body) => {
          const verification = await verifyLicense(await signed(head, body), options);
          // What is accepted is in force here and now, whatever else it states.
          return verification.ok ? verification.claims.host === bound.host : verification.detail !== "";
        },
      ),
      { numRuns: 300 },
    );
  });
});
