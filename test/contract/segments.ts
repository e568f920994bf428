// What every place for segments promises. Data, as the contract of the port to SQLite is.

import assert from "node:assert/strict";
import { segmentName } from "../../ingest/event.ts";
import { SegmentFault, type SegmentStore, type StoreLimits } from "../../ingest/segments/store.ts";

/** Small, so that few segments are many pages, and a large one is soon too large. */
export const limits: StoreLimits = { page: 7, bytes: 100_000 };

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

/** Every name of a store, page by page. */
async function everything(store: SegmentStore): Promise<string[]> {
  const names: string[] = [];
  for (let page = await store.list(""); page.length > 0; page = await store.list(names.at(-1) ?? "")) {
    assert.ok(page.length <= limits.page);
    names.push(...page);
  }
  return names;
}

/** By what is promised: a check of it, on an empty store, that throws where it does not hold. */
export const segmentsContract: Record<string, (store: SegmentStore) => Promise<void>> = {
  "what is created is read, to the byte": async (store) => {
    const name = segmentName("events", 0, 1, 500);
    assert.equal(await store.create(name, bytes), true);
    assert.deepEqual(new Uint8Array((await store.read(name)) ?? []), bytes);
  },

  "a part of a buffer is created as that part": async (store) => {
    await store.create("x/part", bytes.subarray(10, 20));
    assert.deepEqual(new Uint8Array((await store.read("x/part")) ?? []), bytes.slice(10, 20));
  },

  "nothing is written over": async (store) => {
    assert.equal(await store.create("x/s-0", bytes), true);
    assert.equal(await store.create("x/s-0", new Uint8Array([9])), false);
    assert.deepEqual(new Uint8Array((await store.read("x/s-0")) ?? []), bytes);
  },

  "what is replaced is read anew, whole, under its name; and is written over by nothing else": async (
    store,
  ) => {
    await store.create("x/s-0", bytes);
    await store.replace("x/s-0", bytes.subarray(100));
    assert.deepEqual(new Uint8Array((await store.read("x/s-0")) ?? []), bytes.slice(100));
    assert.equal(await store.create("x/s-0", bytes), false);
    assert.deepEqual(await store.list(""), ["x/s-0"]);
  },

  "of many who create the same at once one does": async (store) => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => store.create("x/s", new Uint8Array([i]))),
    );
    assert.equal(answers.filter(Boolean).length, 1);
    assert.deepEqual(Array.from((await store.read("x/s")) ?? []), [answers.indexOf(true)]);
  },

  "an empty one lists nothing, and what is not there is null": async (store) => {
    assert.deepEqual(await store.list(""), []);
    assert.deepEqual(await store.list("z"), []);
    assert.equal(await store.read(segmentName("events", 0, 1, 1)), null);
  },

  "names are listed in their order, page by page to the end, whatever the order they came in": async (
    store,
  ) => {
    const names = [0, 1, 12].flatMap((shard) =>
      (["events", "profiles"] as const).flatMap((stream) =>
        [1, 501, 1001, 1002, 99_999].map((first) => segmentName(stream, shard, first, first + 1)),
      ),
    );
    for (const name of names.toReversed()) await store.create(name, bytes);
    assert.deepEqual(await everything(store), names.toSorted());
  },

  "a list goes on after a name, whether that is there or not": async (store) => {
    const name = (first: number) => segmentName("events", 3, first, first);
    for (const first of [1, 2, 4]) await store.create(name(first), bytes);
    await store.create(segmentName("profiles", 3, 1, 1), bytes);
    assert.deepEqual(await store.list(name(1)), [name(2), name(4), segmentName("profiles", 3, 1, 1)]);
    assert.deepEqual(await store.list(name(3)), [name(4), segmentName("profiles", 3, 1, 1)]);
    assert.deepEqual(await store.list("events/shard=004/"), [segmentName("profiles", 3, 1, 1)]);
  },

  "names that are no segments of ours, with what a URL or XML would write otherwise, are names": async (
    store,
  ) => {
    const names = ["a b&c", "d+e%20f", "g=h;i", "j(k)!'*", "x/y/z"];
    for (const name of names) assert.equal(await store.create(name, bytes), true);
    assert.deepEqual(await everything(store), names.toSorted());
    for (const name of names) assert.deepEqual(new Uint8Array((await store.read(name)) ?? []), bytes);
  },

  "what is larger than any segment is not taken into memory": async (store) => {
    await store.create("x/large", new Uint8Array(limits.bytes + 1));
    await assert.rejects(
      store.read("x/large"),
      (error) => error instanceof SegmentFault && /x\/large/.test(error.message),
    );
    await store.create("x/just", new Uint8Array(limits.bytes));
    assert.equal((await store.read("x/just"))?.length, limits.bytes);
  },
};
