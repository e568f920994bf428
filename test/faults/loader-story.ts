// Segments that arrive one after the other, over a year and in two shards, as an exporter writes them.

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { segmentName } from "../../ingest/event.ts";
import { folderStore } from "../../ingest/segments/folder.ts";
import { bind, cancel, catalog, day, end, refuse, sale } from "../warehouse/facts.ts";
import { place } from "../warehouse/support.ts";

/** When all of it has happened. */
export const AS_OF = day(364);

/** Writes the segments of a story, one at each call. @returns how many events were written so far, by each call */
export function storyTeller(home: string): () => Promise<number> {
  const store = folderStore(join(home, "segments"));
  const ends = [0, 0];
  let told = 0;
  let count = 0;
  let profiles = 0;
  const write = async (stream: "events" | "profiles", shard: number, first: number, lines: object[]) => {
    const bytes = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    await store.create(segmentName(stream, shard, first, first + lines.length - 1), bytes);
  };
  return async () => {
    const [number, shard] = [told, told % 2];
    told += 1;
    const at = 1 + ((number * 1.7) % 360);
    const order = { orderId: `SO-${number}`, customerId: `C-${number % 23}` };
    const drafts = [
      ...(number === 0 ? catalog(day(0)) : []),
      ...sale({ ...order, orderedAt: day(at), quantity: 2, price: 1000 + number, isTest: number % 17 === 0 }),
      ...bind(order, { at: day(at + 0.5), activationId: `a-${number}`, customerId: order.customerId }),
      ...(number % 5 === 0 ? refuse(order, day(at + 1)) : []),
      ...(number % 7 === 0 ? end(order, { at: day(at + 2), activationId: `a-${number}` }) : []),
      ...(number % 11 === 3 ? cancel(order, day(at + 3), 1, order.customerId) : []),
    ];
    const first = (ends[shard] ?? 0) + 1;
    const lines = place(drafts, first, shard);
    ends[shard] = first + lines.length - 1;
    count += lines.length;
    await write("events", shard, first, lines);
    if (number % 3 === 0) {
      profiles += 1;
      const person = { name: `Customer ${number}`, email: null, country: "DE" };
      const profile = {
        customer_id: order.customerId,
        recorded_at: day(at),
        ...person,
        shard: 0,
        seq: profiles,
      };
      await write("profiles", 0, profiles, [profile]);
    }
    return count;
  };
}
