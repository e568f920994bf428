import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  activeKey,
  compromise,
  compromisedKeys,
  type KeySet,
  publishedKeys,
  rotate,
  signLicense,
  verifyLicense,
  webCryptoSigner,
} from "../../licensing/index.ts";
import { claims, DAY, START } from "./samples.ts";

const signers = await Promise.all(
  Array.from({ length: 12 }, (_, i) => webCryptoSigner(new Uint8Array(32).fill(i + 1))),
);
const jwks = signers.map(({ publicJwk }) => publicJwk);
const [first, second, third] = jwks as [(typeof jwks)[0], (typeof jwks)[0], (typeof jwks)[0]];
const [firstSigner] = signers as [(typeof signers)[0]];
const two = rotate(rotate([], first, START), second, START + DAY);
const states = (set: KeySet) => set.map(({ state }) => state);

/** The set after one key is said to be compromised. */
function without(set: KeySet, kid: string, replacement?: typeof first): KeySet {
  const result = compromise(set, kid, START + 2 * DAY, replacement);
  if (!result.ok) throw new TypeError(result.reason);
  return result.set;
}

describe("a key set", () => {
  test("signs with its newest key, and verifies with those before", () => {
    expect(states(two)).toEqual(["retired", "active"]);
    expect(activeKey(two)?.jwk).toBe(second);
    expect(publishedKeys(two)).toEqual([first, second]);
  });

  test("says since when each key is what it is", () => {
    expect(two.map(({ createdAt, endedAt }) => [createdAt, endedAt])).toEqual([
      ["2026-01-05T10:00:00.000000Z", "2026-01-06T10:00:00.000000Z"],
      ["2026-01-06T10:00:00.000000Z", null],
    ]);
  });

  test("does not publish a compromised key, and names it", () => {
    const set = without(two, first.kid);
    expect(publishedKeys(set)).toEqual([second]);
    expect(compromisedKeys(set)).toEqual([first.kid]);
    expect(activeKey(set)?.jwk).toBe(second);
  });

  test("replaces the key that signs when that is compromised, and falls back to none before it", () => {
    const set = without(two, second.kid, third);
    expect(states(set)).toEqual(["retired", "compromised", "active"]);
    expect(activeKey(set)?.jwk).toBe(third);
  });

  test("takes no replacement that it does not need", () => {
    expect(states(without(two, first.kid, third))).toEqual(["compromised", "active"]);
  });

  test.each([
    ["nobody knows", two, "other", "unknown_key"],
    ["is compromised already", without(two, first.kid), first.kid, "already_compromised"],
    ["signs, and has no replacement", two, second.kid, "replacement_needed"],
  ])("refuses to drop a key that %s", (_what, set, kid, reason) => {
    expect(compromise(set, kid, START)).toEqual({ ok: false, reason });
  });

  test("takes no key twice: a compromised one would come back", () => {
    expect(() => rotate(without(two, first.kid), first, START)).toThrow(TypeError);
  });
});

test("a license outlives the rotation of its key, and not its compromise", async () => {
  const token = await signLicense(claims, firstSigner);
  const now = claims.nbf * 1000;
  const verify = (set: KeySet) => verifyLicense(token, { keys: publishedKeys(set), now });
  expect(await verify(two)).toMatchObject({ ok: true });
  expect(await verify(without(two, first.kid))).toMatchObject({ reason: "unknown_key" });
  // A product that was built with the key learns of it by the revocation list.
  const keys = new Set(compromisedKeys(without(two, first.kid)));
  const none = new Set<string>();
  const revocations = {
    number: 1,
    issuedAt: now,
    licenses: none,
    activations: new Map(),
    entitlements: none,
    keys,
  };
  expect(await verifyLicense(token, { keys: jwks, now, revocations })).toMatchObject({
    reason: "compromised_key",
  });
});

test("whatever happens to a key set: one key signs, no key is lost, and none that was compromised comes back", () => {
  const step = fc.record({ isRotation: fc.boolean(), which: fc.nat(20) });
  assert(
    fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
      let set = rotate([], first, START);
      let made = 1;
      for (const { isRotation, which } of steps) {
        const before = set;
        const fresh = jwks[made] ?? third;
        const kid = jwks[which]?.kid ?? "";
        const result = compromise(set, kid, START, fresh);
        if (isRotation) set = rotate(set, fresh, START);
        else if (result.ok) ({ set } = result);
        made = set.length;
        expect(states(set).filter((state) => state === "active")).toHaveLength(1);
        expect(set.slice(0, before.length).map(({ jwk }) => jwk)).toEqual(before.map(({ jwk }) => jwk));
        expect(compromisedKeys(set)).toEqual(expect.arrayContaining(compromisedKeys(before)));
        expect(publishedKeys(set).length + compromisedKeys(set).length).toBe(set.length);
      }
    }),
  );
});
