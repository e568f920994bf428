import { getPublicKeyAsync } from "@noble/ed25519";
import * as fc from "fast-check";
import { assert } from "fast-check";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, test } from "vitest";
import {
  fromBase64Url,
  nobleSigner,
  PRIVATE_KEY_BYTES,
  publicKeyBytes,
  type Signer,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { privateKeys } from "./samples.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");

const signers: [string, (privateKey: Uint8Array) => Promise<Signer>][] = [
  ["WebCrypto", webCryptoSigner],
  ["noble", nobleSigner],
];

test("WebCrypto and noble sign to the same bytes, under the same name", async () => {
  await assert(
    fc.asyncProperty(privateKeys, fc.uint8Array({ maxLength: 300 }), async (privateKey, message) => {
      const [native, reference] = await Promise.all([webCryptoSigner(privateKey), nobleSigner(privateKey)]);
      const copy = Uint8Array.from(message);
      expect(hex(await native.sign(copy))).toBe(hex(await reference.sign(copy)));
      expect(native.publicJwk).toEqual(reference.publicJwk);
    }),
    { numRuns: 100 },
  );
});

describe.each(signers)("a signer on %s", (_name, signerOf) => {
  // RFC 8032 section 7.1.
  test.each([
    [
      "test 1",
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "test 2",
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "test 3",
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("makes the signature of RFC 8032, %s", async (_what, privateKey, publicKey, message, signature) => {
    const signer = await signerOf(bytes(privateKey));
    expect(hex(publicKeyBytes(signer.publicJwk) ?? new Uint8Array())).toBe(publicKey);
    expect(hex(await signer.sign(bytes(message)))).toBe(signature);
  });

  test("names its key by the thumbprint of RFC 7638", async () => {
    const { kid, publicJwk } = await signerOf(new Uint8Array(PRIVATE_KEY_BYTES).fill(7));
    expect(kid).toBe(await calculateJwkThumbprint({ ...publicJwk }, "sha256"));
    expect(publicJwk).toMatchObject({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid });
  });

  test("keeps its private key to itself", async () => {
    const privateKey = new Uint8Array(PRIVATE_KEY_BYTES).fill(7);
    const text = JSON.stringify(await signerOf(privateKey));
    expect(text).not.toContain(Buffer.from(privateKey).toString("base64url"));
    expect(text).not.toContain(`"d"`);
  });

  test.each([0, 31, 33, 64])(
    "throws for a private key of %i bytes: a programmer's mistake",
    async (length) => {
      await expect(signerOf(new Uint8Array(length))).rejects.toThrow(RangeError);
    },
  );
});

describe("publicKeyBytes", () => {
  const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };

  test("reads the key that the signer wrote", async () => {
    const privateKey = new Uint8Array(PRIVATE_KEY_BYTES).fill(7);
    const { publicJwk } = await nobleSigner(privateKey);
    expect(publicKeyBytes(publicJwk)).toEqual(Uint8Array.from(await getPublicKeyAsync(privateKey)));
    expect(publicKeyBytes(jwk as never)).toEqual(fromBase64Url(jwk.x));
  });

  test.each([
    ["a key of another curve", { ...jwk, crv: "X25519" }],
    ["a key of another kind", { ...jwk, kty: "EC", crv: "P-256", y: jwk.x }],
    ["a key without x", { kty: "RSA", n: "AQAB", e: "AQAB" }],
    ["a key whose x is a number", { ...jwk, x: 7 }],
    ["a key that is too short", { ...jwk, x: jwk.x.slice(0, -2) }],
    ["a key with padding", { ...jwk, x: `${jwk.x}=` }],
  ])("is undefined for %s", (_what, other) => {
    expect(publicKeyBytes(other as never)).toBeUndefined();
  });
});
