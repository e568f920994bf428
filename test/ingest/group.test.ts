import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CommitGroup, OverloadedError } from "../../ingest/ledger/group.ts";

/** A transaction over a list, undone where it throws; `faults` says which commits fail. */
function listGroup(faults: ReadonlySet<number> = new Set()) {
  const committed: string[] = [];
  const sizes: number[] = [];
  let commits = 0;
  const group = new CommitGroup<string[]>({
    defer: setImmediate,
    transact: (work) => {
      const pending: string[] = [];
      work(pending);
      if (faults.has(commits++)) throw new Error("disk full");
      committed.push(...pending);
      sizes.push(pending.length);
    },
  });
  const add = (item: string) => group.run((list) => list.push(item));
  return { group, committed, sizes, add };
}

describe("group commit", () => {
  test("commands that wait at the same time share one transaction, in the order in which they came", async () => {
    const { committed, sizes, add } = listGroup();
    await Promise.all(["a", "b", "c"].map(add));
    expect([committed, sizes]).toEqual([["a", "b", "c"], [3]]);
  });

  test("a group waits for those that come in the next turns, and not for ever", async () => {
    const turns: (() => void)[] = [];
    const sizes: number[] = [];
    const group = new CommitGroup<null>({
      defer: (callback) => void turns.push(callback),
      transact: (work) => work(null),
      observe: ({ size }) => void sizes.push(size),
    });
    const add = () => void group.run(() => null);
    const turn = () => turns.shift()?.();
    // One more in every turn.
    for (add(); sizes.length === 0; turn()) add();
    expect(sizes[0]).toBeGreaterThan(10);
    expect(sizes[0]).toBeLessThan(20);
    // None more: no turn longer.
    add();
    turn();
    expect(sizes[1]).toBe(1);
  });

  test("long commands share a transaction only as far as one may be long, and the longest has its own", async () => {
    const { group, sizes } = listGroup();
    const run = (size: number) => group.run((list) => list.push(String(size)), size);
    await Promise.all([300, 212, 1, 300, 300, 900, 1].map(run));
    expect(sizes).toEqual([2, 2, 1, 1, 1]);
  });

  test("a command that throws is undone alone: the others of its group are recorded", async () => {
    const { group, committed, add } = listGroup();
    const bad = group.run((list) => {
      list.push("half");
      throw new Error("a mistake");
    });
    const answers = await Promise.allSettled([add("a"), bad, add("b")]);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(committed).toEqual(["a", "b"]);
  });

  test("whatever commit fails, what is acknowledged is recorded, once, and what is refused is not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30)), fc.integer({ min: 1, max: 20 }), async (faults, count) => {
        const { committed, add } = listGroup(new Set(faults));
        const items = Array.from({ length: count }, (_, i) => `item-${i}`);
        const answers = await Promise.allSettled(items.map(add));
        const acknowledged = items.filter((_, i) => answers[i]?.status === "fulfilled");
        expect(committed).toEqual(acknowledged);
      }),
      { numRuns: 100 },
    );
  });

  test("a queue that is too long turns the next command away at once", async () => {
    const { add } = listGroup();
    const answers = await Promise.allSettled(Array.from({ length: 9000 }, (_, i) => add(String(i))));
    const refused = answers.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(9000 - 8192);
    expect((refused[0] as PromiseRejectedResult).reason).toBeInstanceOf(OverloadedError);
  });
});
