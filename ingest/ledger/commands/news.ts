// What other shards tell of the customers whose own shard this is.

import type { CommandContext, Outcome } from "../outcome.ts";
import type { News } from "../news.ts";

/** Takes news from another shard: sent again, late or out of order, they change nothing that they should not. */
export function takeNews({ store }: CommandContext, { news }: { news: readonly News[] }): Outcome<object> {
  news.forEach((it) => store.take(it));
  return { ok: true, isNew: true, value: {} };
}
