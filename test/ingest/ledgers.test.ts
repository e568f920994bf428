import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "../../ingest/ids.ts";
import type { AnswerOf, LedgerPort } from "../../ingest/ledger/port.ts";
import { REMEMBERED_MS, remembering } from "../../ingest/ledger/remember.ts";
import { MAX_SHARDS, shardOfCode, shardOfId, shardOfName } from "../../ingest/ledger/placement.ts";
import { Ledgers } from "../../ingest/ledgers.ts";
import { makeActivationCode } from "../../licensing/index.ts";

/** Ports that nobody calls: they are told apart. */
const ports = (count: number): LedgerPort[] =>
  Array.from({ length: count }, () => ({
    execute: () => Promise.reject(new Error("nobody calls it")),
    ask: () => Promise.reject(new Error("nobody asks it")),
  }));

describe("the place of a name", () => {
  // Written down once: another answer would lose what lies at the old place.
  test.each([
    ["SO-1001", 8, 3],
    ["SO-1001", 256, 147],
    ["SO-1001", 1024, 659],
    ["C-42", 8, 5],
    ["C-42", 256, 173],
    ["Größe 東京", 1024, 380],
    ["", 8, 2],
  ])("of %j among %i shards is %i for ever", (name, shards, shard) => {
    expect(shardOfName(name, shards)).toBe(shard);
  });

  test("is one of the shards, and always the same", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: MAX_SHARDS }), (name, shards) => {
        const shard = shardOfName(name, shards);
        expect(shard).toBeGreaterThanOrEqual(0);
        expect(shard).toBeLessThan(shards);
        expect(shardOfName(name, shards)).toBe(shard);
      }),
    );
  });

  test.each([8, 256])("spreads numbered orders evenly over %i shards", (shards) => {
    const filled = Array<number>(shards).fill(0);
    const each = 400;
    for (let n = 0; n < shards * each; n += 1) {
      const shard = shardOfName(`SO-${n}`, shards);
      filled[shard] = (filled[shard] ?? 0) + 1;
    }
    // Five standard deviations of a fair throw.
    for (const count of filled) expect(Math.abs(count - each)).toBeLessThan(5 * Math.sqrt(each));
  });
});

test("every ID and every activation code names the shard that made it", () => {
  for (let shard = 0; shard < MAX_SHARDS; shard += 1) {
    for (const prefix of ["ent", "act", "lic", "qtn"] as const)
      expect(shardOfId(newId(prefix, shard))).toBe(shard);
    expect(shardOfCode(makeActivationCode(shard, new Uint8Array(10).fill(shard)))).toBe(shard);
  }
});

describe("several shards", () => {
  test("are 1 to 1,024", () => {
    for (const count of [0, MAX_SHARDS + 1])
      expect(() => new Ledgers(ports(count))).toThrow("1 to 1024 shards");
  });

  test.each(["", "ent_", "ent_u", "ent_0", "ent_il00", "nonsense", `ent_08${"0".repeat(26)}`, `ent_zz`])(
    "leave an ID that names none of them, %j, to the first one, which will not know it",
    (id) => {
      const ledgers = new Ledgers(ports(8));
      expect(ledgers.ofId(id)).toBe(ledgers.control);
    },
  );

  test("have an order, what it grants and what comes of that in one place", () => {
    const ledgers = new Ledgers(ports(1024));
    const shard = ledgers.all.indexOf(ledgers.ofOrder("SO-1001"));
    expect(ledgers.ofId(newId("ent", shard))).toBe(ledgers.ofOrder("SO-1001"));
    expect(ledgers.ofCode(makeActivationCode(shard, new Uint8Array(10)))).toBe(ledgers.ofOrder("SO-1001"));
  });
});

describe("an edge", () => {
  function edge() {
    const state = { now: 0, asked: 0, revokedAt: Infinity };
    const port: LedgerPort = {
      execute: () => Promise.reject(new Error("nobody calls it")),
      ask: (async (name: string) => {
        state.asked += 1;
        if (name === "summary") return { lastSeq: state.asked };
        return state.now < state.revokedAt ? { key: { keyId: "k" }, secretHash: "h" } : undefined;
      }) as LedgerPort["ask"],
    };
    return { state, port: remembering(port, () => state.now) };
  }

  test("knows of a revoked API key within the time that is promised", async () => {
    const { state, port } = edge();
    await port.ask("apiKey", "k");
    state.revokedAt = 1;
    state.now = REMEMBERED_MS - 1;
    expect(await port.ask("apiKey", "k")).toBeDefined();
    state.now = REMEMBERED_MS;
    expect(await port.ask("apiKey", "k")).toBeUndefined();
    expect(state.asked).toBe(2);
  });

  test("tells keys apart, forgets the oldest of too many, and remembers nothing else", async () => {
    const { state, port } = edge();
    for (let n = 0; n < 5000; n += 1) await port.ask("apiKey", `k-${n}`);
    await port.ask("apiKey", "k-4999");
    expect(state.asked).toBe(5000);
    await port.ask("apiKey", "k-0");
    expect(state.asked).toBe(5001);
    const first: AnswerOf<"summary"> = await port.ask("summary");
    expect((await port.ask("summary")).lastSeq).toBe(first.lastSeq + 1);
  });
});
