// What keeps a genuine license from being in force: the clock, its end and grace, what was withdrawn, maintenance.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLOCK_TOLERANCE_MS,
  hostDigest,
  inspectLicense,
  type LicenseClaims,
  type LicenseFault,
  licenseFaults,
  type RevocationList,
  signLicense,
  verifyLicense,
  type VerifyOptions,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { claims } from "./samples.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const DAY = 86_400_000;
const START = claims.nbf * 1000;
const END = (claims.exp ?? 0) * 1000;
const base: VerifyOptions = { keys: [signer.publicJwk], now: START + DAY };

async function verify(change: Partial<LicenseClaims>, options: Partial<VerifyOptions> = {}) {
  return verifyLicense(await signLicense({ ...claims, ...change }, signer), { ...base, ...options });
}

async function reasonOf(change: Partial<LicenseClaims>, options: Partial<VerifyOptions> = {}) {
  const verification = await verify(change, options);
  return verification.ok ? "ok" : verification.reason;
}

const nothing: RevocationList = {
  number: 1,
  issuedAt: START,
  licenses: new Set(),
  activations: new Map(),
  entitlements: new Set(),
  keys: new Set(),
};

describe("the clock", () => {
  const seen = START + 10 * DAY;
  test.each<[string, number, LicenseFault | "ok"]>([
    ["ahead of what was seen", seen + DAY, "ok"],
    ["as it was seen", seen, "ok"],
    ["set back as little as clocks are corrected", seen - CLOCK_TOLERANCE_MS, "ok"],
    ["set back further", seen - CLOCK_TOLERANCE_MS - 1, "clock_rolled_back"],
    ["set back before the start", START - DAY, "clock_rolled_back"],
    ["that is no time", Number.NaN, "clock_rolled_back"],
  ])("%s", async (_what, now, reason) => {
    expect(await reasonOf({}, { now, lastSeen: seen })).toBe(reason);
  });

  test("set back to before the end of a license brings it to life no more", async () => {
    const ended = await verify({}, { now: END });
    expect(ended).toMatchObject({ ok: false, reason: "expired", lastSeen: END });
    const setBack = { now: END - DAY, lastSeen: ended.lastSeen };
    expect(await reasonOf({}, setBack)).toBe("clock_rolled_back");
  });

  test("is remembered at its latest, whatever the answer, and never as what is no time", async () => {
    const times = fc.oneof(fc.integer({ min: 0, max: 2 * END }), fc.constant(Number.NaN));
    const token = await signLicense(claims, signer);
    await assert(
      fc.asyncProperty(fc.array(times, { maxLength: 6 }), async (nows) => {
        let lastSeen: number | undefined;
        for (const now of nows) ({ lastSeen } = await verifyLicense(token, { ...base, now, lastSeen }));
        expect(lastSeen ?? 0).toBe(Math.max(0, ...nows.filter(Number.isFinite)));
      }),
      { numRuns: 50 },
    );
  });
});

describe("grace", () => {
  const policy = { grace: "P7D" };
  test.each<[string, number, LicenseFault | "ok", number | undefined]>([
    ["is not spoken of before the end", END - 1, "ok", undefined],
    ["runs from the end", END, "ok", END + 7 * DAY],
    ["runs to its last millisecond", END + 7 * DAY - 1, "ok", END + 7 * DAY],
    ["ends", END + 7 * DAY, "expired", undefined],
  ])("%s", async (_what, now, reason, graceEndsAt) => {
    const verification = await verify({ policy }, { now });
    expect(verification.ok ? "ok" : verification.reason).toBe(reason);
    expect(verification.ok ? verification.graceEndsAt : undefined).toBe(graceEndsAt);
  });

  test("of months is counted in the calendar", async () => {
    const exp = Date.parse("2026-01-31T00:00:00Z") / 1000;
    const verification = await verify({ exp, policy: { grace: "P1M" } }, { now: exp * 1000 });
    expect(verification).toMatchObject({ ok: true, graceEndsAt: Date.parse("2026-02-28T00:00:00Z") });
  });

  test("adds nothing to a license without end, and does not fail at the calendar's", async () => {
    expect(await verify({ policy, exp: undefined as never })).not.toHaveProperty("graceEndsAt");
    expect(await reasonOf({ policy, exp: 8.64e12 })).toBe("ok");
  });

  test.each([7, "a week", "P0D", "-P1D", "P999Y", null])("of %j is not understood", async (grace) => {
    expect(await reasonOf({ policy: { grace: grace as never } })).toBe("malformed");
  });
});

describe("a withdrawn license", () => {
  test.each<[string, Partial<RevocationList>, LicenseFault | "ok"]>([
    ["by itself", { licenses: new Set(["L-1"]) }, "revoked"],
    ["by its entitlement", { entitlements: new Set(["E-1"]) }, "revoked"],
    ["by its key", { keys: new Set([signer.kid]) }, "compromised_key"],
    ["not, where another is", { licenses: new Set(["L-2", "E-1"]), entitlements: new Set(["L-1"]) }, "ok"],
  ])("%s", async (_what, change, reason) => {
    expect(await reasonOf({}, { revocations: { ...nothing, ...change } })).toBe(reason);
  });

  test("is withdrawn in its grace too", async () => {
    const revocations = { ...nothing, licenses: new Set(["L-1"]) };
    expect(await reasonOf({ policy: { grace: "P7D" } }, { now: END, revocations })).toBe("revoked");
  });
});

describe("maintenance", () => {
  const maintenance = claims.nbf;
  test.each<[string, number | undefined, VerifyOptions["version"], LicenseFault | "ok"]>([
    ["covers a release before its end", maintenance, { releasedAt: START - DAY }, "ok"],
    ["covers a release at its end", maintenance, { releasedAt: START }, "ok"],
    ["does not cover a release after it", maintenance, { releasedAt: START + 1 }, "version_not_covered"],
    ["does not cover a release at no time", maintenance, { releasedAt: Number.NaN }, "version_not_covered"],
    ["that is absent covers every release", undefined, { releasedAt: START + 1 }, "ok"],
    ["asks nothing of a product that does not tell its release", maintenance, undefined, "ok"],
    ["asks nothing of a number alone", maintenance, { number: "9" }, "ok"],
  ])("%s", async (_what, end, version, reason) => {
    const change = end === undefined ? {} : { maintenance: end };
    expect(await reasonOf(change, { version })).toBe(reason);
  });

  test("that ended does not end the license: a covered version runs for ever", async () => {
    const change = { maintenance, exp: undefined as never };
    const now = START + 40_000 * DAY;
    expect(await reasonOf(change, { now, version: { releasedAt: START } })).toBe("ok");
  });

  test("names the version that it does not cover", async () => {
    const version = { releasedAt: START + 1, number: "9.1" };
    expect(await verify({ maintenance }, { version })).toMatchObject({
      detail: expect.stringContaining("version 9.1") as string,
    });
  });

  test("of text is not understood", async () => {
    expect(await reasonOf({ maintenance: "2026" as never })).toBe("malformed");
  });
});

test("inspectLicense looks at all but whose the license is", async () => {
  const token = await signLicense({ ...claims, host: await hostDigest("ws-17") }, signer);
  expect(await inspectLicense(token, base)).toMatchObject({ ok: true });
  expect(await inspectLicense(token, { ...base, now: END })).toMatchObject({ reason: "expired" });
  expect(await verifyLicense(token, base)).toMatchObject({ reason: "wrong_host" });
});

test("every refusal says what its user can do, and no two mean the same", async () => {
  const all = Object.values(licenseFaults);
  expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  for (const { title, remedy } of all) expect([title, remedy]).not.toContain("");
  expect(await verify({}, { now: END })).toMatchObject({ remedy: licenseFaults.expired.remedy });
});
