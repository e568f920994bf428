import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientAddress, readProxies } from "../../ingest/operation/address.ts";
import { RateCounter } from "../../ingest/operation/rate.ts";
import { RateLimits, readRates } from "../../ingest/operation/rate-limits.ts";

const SECOND = 1_000_000;
const rate = { requests: 5, window: 10 * SECOND };

describe("a rate", () => {
  test("allows its requests at once, then one each time that one is earned", () => {
    const counter = new RateCounter(rate, 10);
    const at = (seconds: number) => counter.take("a", seconds * SECOND);
    expect([0, 0, 0, 0, 0, 0].map((s) => at(s).isAllowed)).toEqual([true, true, true, true, true, false]);
    expect(at(0)).toMatchObject({ isAllowed: false, remaining: 0, wait_seconds: 2 });
    expect(at(1.9).isAllowed).toBe(false);
    expect([at(2).isAllowed, at(2).isAllowed]).toEqual([true, false]);
    expect(at(100)).toMatchObject({ isAllowed: true, remaining: 4 });
  });

  test("counts callers apart, and holds no more of them than it may", () => {
    const counter = new RateCounter({ requests: 1, window: SECOND }, 2);
    for (const caller of ["a", "b"]) expect(counter.take(caller, 0).isAllowed).toBe(true);
    for (const caller of ["a", "b"]) expect(counter.take(caller, 0).isAllowed).toBe(false);
    expect(counter.take("c", 0).isAllowed).toBe(true);
    expect([counter.take("b", 0).isAllowed, counter.take("a", 0).isAllowed]).toEqual([false, true]);
  });

  test("a clock that was set back locks nobody out for longer than the window", () => {
    const counter = new RateCounter(rate, 10);
    for (let i = 0; i < 5; i++) counter.take("a", 1e6 * SECOND);
    expect(counter.take("a", 0)).toMatchObject({ isAllowed: false, wait_seconds: 2 });
    expect(counter.take("a", 10 * SECOND).isAllowed).toBe(true);
  });

  test("never allows more than twice its requests in a window, nor less than it says, however they come", () => {
    const rates = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      window: fc.integer({ min: 1e6, max: 1e9 }),
    });
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 3e8 }), { maxLength: 200 }), (it, pauses) => {
        const counter = new RateCounter(it, 1);
        let now = 0;
        const allowed: number[] = [];
        for (const pause of pauses) {
          now += pause;
          const before = counter.look("a", now);
          const verdict = counter.take("a", now);
          expect(verdict.isAllowed).toBe(before.isAllowed);
          expect(verdict.remaining).toBe(before.remaining - (verdict.isAllowed ? 1 : 0));
          if (verdict.isAllowed) allowed.push(now);
          const then = now + verdict.wait_seconds * SECOND;
          expect(counter.look("a", then).remaining).toBeGreaterThan(
            Math.min(verdict.remaining, it.requests - 1),
          );
          expect(allowed.filter((at) => at > now - it.window).length).toBeLessThanOrEqual(2 * it.requests);
        }
      }),
    );
  });
});

describe("limits", () => {
  const key = (keyId: string) => ({
    keyId,
    name: keyId,
    scopes: [],
    createdAt: 0,
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
  });
  const tight = {
    public: { requests: 2, window: SECOND },
    keyed: { requests: 3, window: SECOND },
    guesses: { requests: 1, window: 60 * SECOND },
  };

  test("count who has a key by the key, and others by their address", () => {
    const limits = new RateLimits(tight);
    const passes = (caller: Parameters<RateLimits["admit"]>[0]) => limits.admit(caller, 0).problem === null;
    const keyed = { key: key("k"), address: "192.0.2.1" };
    expect([1, 2, 3, 4].map(() => passes(keyed))).toEqual([true, true, true, false]);
    expect(passes({ key: key("other"), address: "192.0.2.1" })).toBe(true);
    const bare = { key: null, address: "192.0.2.1" };
    expect([1, 2, 3].map(() => passes(bare))).toEqual([true, true, false]);
    expect(passes({ key: null, address: "192.0.2.2" })).toBe(true);
  });

  test("hold an address that guesses up for longer, and no good key behind it", () => {
    const limits = new RateLimits(tight);
    const caller = { key: null, address: "192.0.2.1" };
    limits.answered(caller, "no_seats_left", 0);
    expect(limits.admit(caller, 0).problem).toBeNull();
    limits.answered(caller, "unknown_activation_code", 0);
    const refused = limits.admit(caller, 5 * SECOND);
    expect(refused).toMatchObject({
      limit: "guesses",
      problem: { status: 429, code: "rate_limited" },
      headers: {
        "retry-after": "55",
        "ratelimit-policy": '"guesses";q=1;w=60',
        ratelimit: '"guesses";r=0;t=55',
      },
    });
    expect(limits.admit({ key: key("k"), address: "192.0.2.1" }, 5 * SECOND).problem).toBeNull();
    expect(limits.admit(caller, 60 * SECOND).problem).toBeNull();
  });

  test("are read from their setting: off, defaults, or by name", () => {
    expect(readRates("off")).toBeNull();
    const standard = readRates(undefined);
    expect(standard).toMatchObject({ guesses: { requests: 20, window: 600 * SECOND } });
    expect(readRates(" public=5/PT10S  guesses=1/P1D ")).toEqual({
      ...standard,
      public: { requests: 5, window: 10 * SECOND },
      guesses: { requests: 1, window: 86_400 * SECOND },
    });
    for (const bad of [
      "on",
      "public=0/PT1M",
      "public=5",
      "other=5/PT1M",
      "public=5/1M",
      "off public=1/PT1S",
      "constructor=1/PT1M",
    ])
      expect(() => readRates(bad)).toThrow("KEYHOUSE_RATE_LIMITS has");
  });
});

describe("a client's address", () => {
  test.each([
    ["is the socket's", "192.0.2.1", undefined, "", "192.0.2.1"],
    ["… whatever a header says, where no proxy is trusted", "192.0.2.1", "203.0.113.9", "", "192.0.2.1"],
    ["… or where the socket is not the proxy's", "192.0.2.1", "203.0.113.9", "10.0.0.0/8", "192.0.2.1"],
    ["is what the trusted proxy heard from", "10.0.0.1", "203.0.113.9", "10.0.0.0/8", "203.0.113.9"],
    [
      "… and not what the client made up before it",
      "10.0.0.1",
      "1.1.1.1, 203.0.113.9",
      "10.0.0.0/8",
      "203.0.113.9",
    ],
    ["goes past several proxies", "::1", "203.0.113.9, 10.1.1.1,10.0.0.1", "10.0.0.0/8, ::1", "203.0.113.9"],
    ["is the proxy's where the header is no address", "10.0.0.1", "unknown", "10.0.0.1", "10.0.0.1"],
    ["is IPv4, though the socket dressed it up", "::ffff:192.0.2.1", undefined, "", "192.0.2.1"],
    ["… and though the proxy wrote a port", "127.0.0.1", "192.0.2.1:443", "127.0.0.1", "192.0.2.1"],
    ["is a network of 64 bits in IPv6", "2001:db8::1:2:3:4", undefined, "", "2001:db8:0:0::/64"],
    ["… however it is written", "2001:0DB8:0:0:5::1", undefined, "", "2001:db8:0:0::/64"],
    ["… with its zone left out", "fe80::1%eth0", undefined, "", "fe80:0:0:0::/64"],
    ["is not known without a socket", undefined, "203.0.113.9", "", null],
  ])("%s", (_what, socket, forwarded, proxies, address) => {
    expect(clientAddress(socket, forwarded, readProxies(proxies))).toBe(address);
  });

  test.each(["nobody", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0/8"])("no proxy is %s", (text) => {
    expect(() => readProxies(text)).toThrow("KEYHOUSE_TRUSTED_PROXIES has");
  });
});
