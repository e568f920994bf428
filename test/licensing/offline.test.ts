import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  hostDigest,
  makeOfflineRequest,
  OFFLINE_TYPE,
  type OfflineOptions,
  type OfflineRequest,
  readLicenseFile,
  readOfflineRequest,
  REQUEST_LABEL,
  RESPONSE_LABEL,
  signLicense,
  signOfflineResponse,
  toBase64Url,
  verifyOfflineResponse,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { armor } from "../../licensing/armor.ts";
import { signJws } from "../../licensing/jws.ts";
import { digestOf } from "../../licensing/offline.ts";
import { at, claims, texts } from "./samples.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const other = await webCryptoSigner(new Uint8Array(32).fill(8));

const request: OfflineRequest = {
  nonce: "b3BlbiBzZXNhbWUsIHBsZWFzZQ",
  requestedAt: "2026-01-05T10:00:00Z",
  activationCode: "00K3D-7TQ2M-9XH4V-A6BPR",
  host: { id: "fingerprint-ü", name: "ws-17" },
  user: "ada",
  platform: { os: { type: "windows", version: "11" }, arch: "amd64" },
  app: { version: "7.2" },
};
const requestFile = await makeOfflineRequest(request);
const license = await signLicense({ ...claims, host: await hostDigest(request.host.id) }, signer);
const now = at("2026-01-05T12:00:00Z");

/** The desk's answer to a request file. */
async function answer(file: string, token = license, key = signer): Promise<string> {
  const read = await readOfflineRequest(file);
  if (!read.ok) throw new TypeError(read.detail);
  return signOfflineResponse({ ...read, issuer: claims.iss, now, license: token }, key);
}

const responseFile = await answer(requestFile);
const options: OfflineOptions = {
  keys: [signer.publicJwk],
  nonce: request.nonce,
  request: requestFile,
  host: request.host.id,
  now: claims.nbf * 1000,
};

async function reasonOf(text: string, change: Partial<OfflineOptions> = {}) {
  const verified = await verifyOfflineResponse(text, { ...options, ...change });
  return verified.ok ? "ok" : verified.reason;
}

describe("a request file", () => {
  test("is read as it was written, with the digest that the response names", async () => {
    const read = await readOfflineRequest(requestFile);
    expect(read).toMatchObject({ ok: true, request });
    expect(read.ok && requestFile.replaceAll("\n", "").includes(read.digest)).toBe(true);
  });

  test("survives mail", async () => {
    const mailed = `Hello,\r\n\r\n${requestFile.replaceAll("\n", "  \r\n")}\r\nRegards`;
    expect(await readOfflineRequest(mailed)).toMatchObject({ ok: true, request });
  });

  test("comes back whole for any request that a product makes", async () => {
    const name = fc
      .string({ minLength: 1, maxLength: 60, unit: "grapheme" })
      .filter((it) => !/\p{Cc}/u.test(it));
    await assert(
      fc.asyncProperty(name, name, fc.base64String({ minLength: 1 }), async (id, label, version) => {
        const any = { ...request, host: { id, name: label }, app: { version: version.slice(0, 100) } };
        expect(await readOfflineRequest(await makeOfflineRequest(any))).toMatchObject({ request: any });
      }),
      { numRuns: 100 },
    );
  });

  test("with any one character of its body changed, left out or doubled is refused", async () => {
    const begin = requestFile.indexOf("\n\n") + 2;
    const end = requestFile.indexOf("-----END");
    const hurt = Array.from({ length: end - begin }, (_, i) => begin + i)
      .filter((i) => requestFile[i] !== "\n")
      .flatMap((i) => {
        const [head, char = "", tail] = [requestFile.slice(0, i), requestFile[i], requestFile.slice(i + 1)];
        return [head + (char === "A" ? "B" : "A") + tail, head + tail, head + char + char + tail];
      });
    const reasons = await Promise.all(
      hurt.map(async (file) => {
        const read = await readOfflineRequest(file);
        return read.ok ? "ok" : read.reason;
      }),
    );
    expect(new Set(reasons)).toEqual(new Set(["damaged"]));
  });

  test.each<[string, object]>([
    ["a nonce that can be guessed", { nonce: "1" }],
    ["no computer", { host: undefined }],
    ["a computer without end", { host: { id: "x".repeat(501) } }],
    ["no platform", { platform: {} }],
    ["a time that is none", { requestedAt: "yesterday" }],
  ])("with %s is not understood", async (_what, change) => {
    const body = toBase64Url(new TextEncoder().encode(JSON.stringify({ ...request, ...change })));
    const file = armor(REQUEST_LABEL, [], `${body}.${await digestOf(body)}`);
    expect(await readOfflineRequest(file)).toMatchObject({ ok: false, reason: "malformed" });
  });

  test("with a short nonce is not written: a programmer's mistake", async () => {
    await expect(makeOfflineRequest({ ...request, nonce: "x".repeat(21) })).rejects.toThrow(RangeError);
  });

  test("is no license file, and a license file no request", async () => {
    expect(readLicenseFile(requestFile)).toMatchObject({ reason: "not_armored" });
    expect(await readOfflineRequest(responseFile)).toMatchObject({ reason: "not_armored" });
  });

  test("may be any text, and none makes the desk throw", async () => {
    const bodies = texts(300).map((text) => armor(REQUEST_LABEL, [], text));
    await assert(
      fc.asyncProperty(fc.oneof(texts(300), bodies), async (text) => !(await readOfflineRequest(text)).ok),
      { numRuns: 200 },
    );
  });
});

describe("verifyOfflineResponse", () => {
  test("gives the license, to be kept, and what it states", async () => {
    expect(await verifyOfflineResponse(responseFile, options)).toMatchObject({
      ok: true,
      license,
      claims: { jti: "L-1" },
      lastSeen: options.now,
    });
  });

  test("needs the nonce only, where the product did not keep its request", async () => {
    expect(await reasonOf(responseFile, { request: undefined })).toBe("ok");
  });

  const again = { ...request, nonce: "another-nonce-altogether" };
  const elsewhere = { ...request, host: { id: "fingerprint-2" } };
  const cases: [string, () => Promise<string>, Partial<OfflineOptions>, string][] = [
    [
      "a response to another request",
      async () => answer(await makeOfflineRequest(again)),
      {},
      "other_request",
    ],
    [
      "a response to a request that was changed on its way",
      async () => answer(await makeOfflineRequest(elsewhere)),
      {},
      "other_request",
    ],
    [
      "a response where its own request cannot be read",
      async () => responseFile,
      { request: "x" },
      "other_request",
    ],
    ["a response on another computer", async () => responseFile, { host: "fingerprint-2" }, "wrong_host"],
    ["a response whose license has ended", async () => responseFile, { now: Date.UTC(2030, 0) }, "expired"],
    ["a response for another product", async () => responseFile, { product: "CAD-VIEW" }, "wrong_product"],
    ["a response that somebody else signed", () => answer(requestFile, license, other), {}, "unknown_key"],
    [
      "a response that somebody else signed under the vendor's name",
      () => answer(requestFile, license, { ...other, kid: signer.kid }),
      {},
      "bad_signature",
    ],
    [
      "a license that somebody else signed",
      async () => answer(requestFile, await signLicense(claims, other)),
      {},
      "unknown_key",
    ],
    ["a response without license", () => answer(requestFile, ""), {}, "malformed"],
    [
      "a license that is no text",
      async () =>
        armor(RESPONSE_LABEL, [], await signJws(OFFLINE_TYPE, { nonce: request.nonce, license: 7 }, signer)),
      { request: undefined },
      "malformed",
    ],
    ["the license without response", async () => armor(RESPONSE_LABEL, [], license), {}, "wrong_type"],
    ["its own request", async () => requestFile, {}, "not_armored"],
    ["a response whose end is missing", async () => responseFile.slice(0, -40), {}, "cut"],
    ["nothing", async () => "", {}, "not_armored"],
  ];
  test.each(cases)("refuses %s", async (_what, file, change, reason) => {
    expect(await reasonOf(await file(), change)).toBe(reason);
  });

  test("refuses a response of a key that is compromised", async () => {
    const revocations = {
      number: 1,
      issuedAt: 0,
      licenses: new Set<string>(),
      activations: new Map<string, number>(),
      entitlements: new Set<string>(),
      keys: new Set([signer.kid]),
    };
    expect(await reasonOf(responseFile, { revocations })).toBe("compromised_key");
  });

  test("takes the largest license that a product may have", async () => {
    const features = ["x".repeat(40_000)];
    const large = await signLicense({ ...claims, product: { ...claims.product, features } }, signer);
    expect(await reasonOf(await answer(requestFile, large))).toBe("ok");
  });

  test("refuses a response with any one character changed or cut", async () => {
    const begin = responseFile.indexOf("\n\n") + 2;
    const hurt = Array.from({ length: responseFile.indexOf("-----END") - begin }, (_, i) => begin + i)
      .filter((i) => responseFile[i] !== "\n")
      .map(
        (i) => responseFile.slice(0, i) + (responseFile[i] === "A" ? "B" : "A") + responseFile.slice(i + 1),
      );
    expect(await Promise.all(hurt.map((file) => reasonOf(file)))).not.toContain("ok");
  });

  test("refuses any text, and says what to do", async () => {
    const odd = fc.oneof(
      texts(300),
      texts(300).map((text) => armor(RESPONSE_LABEL, [], text)),
    );
    await assert(
      fc.asyncProperty(odd, async (text) => {
        const verified = await verifyOfflineResponse(text, options);
        return !verified.ok && verified.remedy !== "";
      }),
      { numRuns: 200 },
    );
  });

  test("refuses what the vendor signed for something else, whatever it holds", async () => {
    await assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("nonce", "request", "license"), fc.jsonValue()),
        async (odd) => {
          const token = await signJws(OFFLINE_TYPE, odd, signer);
          return (await reasonOf(armor(RESPONSE_LABEL, [], token))) === "other_request";
        },
      ),
      { numRuns: 50 },
    );
  });
});
