// `npm run verify`, as people use it.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { compromiseKey, openKeys, rotateKeys } from "../../ingest/keys-file.ts";
import {
  hostDigest,
  type LicenseClaims,
  signLicense,
  webCryptoSigner,
  writeLicenseFile,
} from "../../licensing/index.ts";
import { claims } from "../licensing/samples.ts";
import { temporaryFolder } from "../support/folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const bound: LicenseClaims = { ...claims, host: await hostDigest("ws-17") };
const NOW = "2026-01-10T00:00:00Z";

interface Said {
  code: number;
  out: string;
  error: string;
}

/** Runs the command on a license; the vendor's keys are in a JWKS beside it. */
async function verify(license: string, args: string[], home?: string): Promise<Said> {
  const folder = await temporaryFolder();
  const file = join(folder, "license.txt");
  const jwks = join(folder, "jwks.json");
  await writeFile(file, license);
  await writeFile(jwks, JSON.stringify({ keys: [{ kty: "RSA", kid: "other" }, signer.publicJwk] }));
  const keys = home === undefined ? ["--keys", jwks] : [];
  try {
    const { stdout, stderr } = await run(
      process.execPath,
      ["ingest/cli/verify.ts", file, "--now", NOW, ...keys, ...args],
      { cwd: root, env: { ...process.env, KEYHOUSE_HOME: home ?? folder } },
    );
    return { code: 0, out: stdout, error: stderr };
  } catch (failure) {
    const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, error: stderr };
  }
}

describe("npm run verify", () => {
  test("says what is licensed and until when", async () => {
    const { code, out } = await verify(await signLicense(bound, signer), ["--host", "ws-17"]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toEqual([
      "The license is good.",
      "  Product         Atlas CAD Pro (CAD-PRO)",
      "  Features        3d",
      "  Customer        C-42, order SO-1001",
      "  License         L-1 of E-1, from https://licenses.example.com",
      "  Model           sub-node: subscription, node-locked",
      "  Seats           5",
      "  Bound to        one computer, the one that was named",
      "  Valid from      2026-01-05T10:00:00Z",
      "  Valid until     2026-02-04T10:00:00Z",
      "  Releases        all",
    ]);
  });

  const file = async (change: Partial<LicenseClaims> = {}) =>
    writeLicenseFile(await signLicense({ ...bound, ...change }, signer));

  test.each<[string, Partial<LicenseClaims>, string[], number, string]>([
    ["a license file", {}, ["--host", "ws-17"], 0, "The license is good."],
    ["nobody's computer as not looked at", {}, [], 0, "not looked at: --host ID does"],
    ["another computer", {}, ["--host", "ws-18"], 1, "Refused (wrong_host): The license is bound to another"],
    ["another product", {}, ["--product", "CAD-VIEW"], 1, "Refused (wrong_product)"],
    ["an ended license", {}, ["--now", "2026-03-01T00:00:00Z"], 1, "Refused (expired)"],
    ["grace", { policy: { grace: "P90D" } }, ["--now", "2026-03-01T00:00:00Z"], 0, "In grace until"],
    [
      "an ended license before its computer",
      {},
      ["--host", "x", "--now", "2026-03-01T00:00:00Z"],
      1,
      "expired",
    ],
    ["the end of maintenance", { maintenance: claims.nbf }, [], 0, "Releases        until 2026-01-05"],
    ["no end", { exp: undefined as never }, [], 0, "Valid until     without end"],
  ])("knows %s", async (_what, change, args, code, said) => {
    const result = await verify(await file(change), args);
    expect([result.code, result.out]).toEqual([code, expect.stringContaining(said)]);
  });

  test("gives the same as JSON", async () => {
    const good = await verify(await file(), ["--json"]);
    expect(JSON.parse(good.out)).toEqual({
      ok: true,
      isBindingChecked: false,
      graceEndsAt: null,
      claims: bound,
    });
    const bad = await verify((await file()).slice(0, -40), ["--json"]);
    expect(JSON.parse(bad.out)).toMatchObject({ ok: false, reason: "malformed" });
    expect([good.code, bad.code]).toEqual([0, 1]);
  });

  test("takes the keys of the home where none are named, and knows which are compromised", async () => {
    const home = await temporaryFolder();
    const folder = join(home, "keys");
    const keys = await openKeys(folder, "a secret");
    const license = await signLicense(claims, keys.signer);
    await rotateKeys(folder, "a secret", 0);
    expect((await verify(license, [], home)).code).toBe(0);
    await compromiseKey(folder, "a secret", keys.signer.kid, 0);
    expect((await verify(license, [], home)).out).toContain("Refused (compromised_key)");
  });

  test.each<[string, string[], string]>([
    ["a time that is none", ["--now", "tomorrow"], '--now is "tomorrow"'],
    ["two files", ["more.txt"], "Say which file, and one"],
    ["keys that are none", ["--keys", "package.json"], "holds no Ed25519 public keys"],
    ["keys that are no JSON", ["--keys", "README.md"], "is not JSON"],
    ["an unknown option", ["--hots", "ws-17"], "--hots"],
  ])("is clear about %s", async (_what, args, said) => {
    const { code, out, error } = await verify("x", args);
    expect([code, out, error]).toEqual([1, "", expect.stringContaining(said)]);
  });

  test("makes no keys in a home without them", async () => {
    const { code, error } = await verify("x", [], await temporaryFolder());
    expect([code, error]).toEqual([1, expect.stringContaining("There are no keys in")]);
  });
});
