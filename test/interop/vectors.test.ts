// Ed25519 against vectors that nobody here made: Wycheproof, RFC 8032, RFC 8037.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compactVerify, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import {
  fromBase64Url,
  nobleSigner,
  nobleVerifier,
  publicKeyBytes,
  signLicense,
  type Signer,
  thumbprint,
  toBase64Url,
  type Verifier,
  verifyLicense,
  webCryptoSigner,
  webCryptoVerifier,
} from "../../licensing/index.ts";
import { claims } from "../licensing/samples.ts";

const folder = fileURLToPath(new URL("../../../shared/samples/vectors/", import.meta.url));
const isAbsent = !existsSync(folder);
const reason = isAbsent ? " (skipped: ../shared/samples/vectors is not there)" : "";
const read = <T>(name: string): T | undefined =>
  isAbsent ? undefined : (JSON.parse(readFileSync(folder + name, "utf8")) as T);

interface Wycheproof {
  testGroups: {
    publicKey: { pk: string };
    publicKeyJwk: { kty: "OKP"; crv: "Ed25519"; x: string };
    tests: { tcId: number; comment: string; msg: string; sig: string; result: "valid" | "invalid" }[];
  }[];
}
interface Rfc8032 {
  tests: { name: string; secretKey: string; publicKey: string; message: string; signature: string }[];
}
interface Rfc8037 {
  jwk: { kty: "OKP"; crv: "Ed25519"; d: string; x: string };
  thumbprint_sha256: string;
  payload: string;
  jws: string;
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
const signers: [string, (privateKey: Uint8Array) => Promise<Signer>][] = [
  ["WebCrypto", webCryptoSigner],
  ["noble", nobleSigner],
];

const verifiers: [string, Verifier][] = [
  ["WebCrypto", webCryptoVerifier()],
  ["noble", nobleVerifier],
];

describe.skipIf(isAbsent)(`Wycheproof${reason}`, () => {
  const groups = read<Wycheproof>("wycheproof_ed25519_test.json")?.testGroups ?? [];
  const all = groups.flatMap((group) => group.tests.map((it) => ({ ...group, ...it })));

  test("has the 88 valid and 63 invalid signatures that are known", () => {
    const of = (result: string) => all.filter((it) => it.result === result).length;
    expect([of("valid"), of("invalid")]).toEqual([88, 63]);
  });

  test.each(verifiers)("%s accepts every valid signature, and no invalid one", async (_name, isGenuine) => {
    const verdicts = await Promise.all(
      all.map(async ({ tcId, comment, msg, sig, publicKey, result }) => {
        const isAccepted = await isGenuine(bytes(sig), bytes(msg), bytes(publicKey.pk));
        return isAccepted === (result === "valid") ? [] : [{ tcId, comment, result }];
      }),
    );
    expect(verdicts.flat()).toEqual([]);
  });

  test("a license under any of these keys, with any of these signatures, is refused and nothing is thrown", async () => {
    const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
    const input = (await signLicense(claims, signer)).split(".").slice(0, 2).join(".");
    const reasons = await Promise.all(
      all.map(async ({ sig, publicKeyJwk }) => {
        const key = { ...signer.publicJwk, ...publicKeyJwk, kid: signer.kid };
        const token = `${input}.${toBase64Url(bytes(sig))}`;
        const verification = await verifyLicense(token, { keys: [key], now: claims.nbf * 1000 });
        return verification.ok ? "ok" : verification.reason;
      }),
    );
    // Signatures of another length than 64 bytes are not even tried.
    expect(new Set(reasons)).toEqual(new Set(["bad_signature", "malformed"]));
  });

  test("every public key is read from its JWK", () => {
    for (const { publicKey, publicKeyJwk } of groups)
      expect(hex(publicKeyBytes(publicKeyJwk) ?? new Uint8Array())).toBe(publicKey.pk);
  });
});

describe.skipIf(isAbsent)(`RFC 8032${reason}`, () => {
  const all = read<Rfc8032>("rfc8032_ed25519.json")?.tests ?? [];

  test.each(signers)("%s makes every signature of section 7.1, and it verifies", async (_name, signerOf) => {
    expect(all.length).toBeGreaterThan(0);
    for (const { secretKey, publicKey, message, signature } of all) {
      const signer = await signerOf(bytes(secretKey));
      expect(signer.publicJwk.x).toBe(toBase64Url(bytes(publicKey)));
      expect(hex(await signer.sign(bytes(message)))).toBe(signature);
      for (const [, isGenuine] of verifiers)
        expect(await isGenuine(bytes(signature), bytes(message), bytes(publicKey))).toBe(true);
    }
  });
});

describe.skipIf(isAbsent)(`RFC 8037${reason}`, () => {
  const vector = read<Rfc8037>("rfc8037_jws_eddsa.json");

  test("the thumbprint of appendix A.3", async () => {
    expect(await thumbprint(vector?.jwk.x ?? "")).toBe(vector?.thumbprint_sha256);
  });

  test.each(signers)("%s makes the JWS of appendix A.4", async (_name, signerOf) => {
    const [header = "", payload = "", signature] = vector?.jws.split(".") ?? [];
    const signer = await signerOf(fromBase64Url(vector?.jwk.d ?? "") ?? new Uint8Array());
    expect(signer.publicJwk.x).toBe(vector?.jwk.x);
    expect(toBase64Url(await signer.sign(new TextEncoder().encode(`${header}.${payload}`)))).toBe(signature);
  });

  test("our base64url reads what the appendix wrote, and another library verifies it", async () => {
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x: vector?.jwk.x ?? "" }, "EdDSA");
    const { payload } = await compactVerify(vector?.jws ?? "", key);
    expect(new TextDecoder().decode(payload)).toBe(vector?.payload);
    expect(fromBase64Url(vector?.jws.split(".")[1] ?? "")).toEqual(Uint8Array.from(payload));
  });

  test("that JWS is no license, though it is rightly signed", async () => {
    const verification = await verifyLicense(vector?.jws ?? "", { keys: [], now: 0 });
    expect(verification).toMatchObject({ ok: false, reason: "wrong_type" });
  });
});
