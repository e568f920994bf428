// News on the way to other shards: collected in a transaction, queued in its commit, deleted when they have arrived.

import type { News } from "./news.ts";
import { shardOfName } from "./placement.ts";
import type { Sql } from "./sql.ts";

/** One message, and one transaction at its other end, has so many: with names at their longest, some hundred kilobytes. */
const MAX_NEWS = 250;

/** What one transaction has to tell: for each shard one message, however many commands have something for it. */
export class NewsDesk {
  readonly #news: News[] = [];

  push(...news: News[]): void {
    this.#news.push(...news);
  }

  /**
   * Sorts everything by the shard of its customer.
   * @param send takes it, and says whether that made a message
   * @returns how many messages were made
   */
  send(shards: number, send: (shard: number, news: News[]) => boolean): number {
    const byShard = new Map<number, News[]>();
    for (const it of this.#news) {
      const shard = shardOfName(it.customerId, shards);
      const known = byShard.get(shard);
      if (known) known.push(it);
      else byShard.set(shard, [it]);
    }
    let sent = 0;
    for (const [shard, news] of byShard)
      for (let from = 0; from < news.length; from += MAX_NEWS)
        if (send(shard, news.slice(from, from + MAX_NEWS))) sent += 1;
    return sent;
  }
}

/** A message that waits to be delivered. */
export interface Message {
  number: number;
  news: News[];
}

export function queueMessage(sql: Sql, shard: number, news: readonly News[]): void {
  sql.run("insert into message (shard, news) values (?, ?)", shard, JSON.stringify(news));
}

/** The shards that something waits for. */
export function waitingShards(sql: Sql): number[] {
  return sql.all<{ shard: number }>("select distinct shard from message").map(({ shard }) => shard);
}

/** The oldest messages for a shard. */
export function messagesFor(sql: Sql, shard: number, limit: number): Message[] {
  return sql
    .all<{ number: number; news: string }>(
      "select number, news from message where shard = ? order by number limit ?",
      shard,
      limit,
    )
    .map(({ number, news }) => ({ number, news: JSON.parse(news) as News[] }));
}

/** Forgets messages that have arrived. */
export function forgetMessages(sql: Sql, numbers: readonly number[]): void {
  sql.run("delete from message where number in (select value from json_each(?))", JSON.stringify(numbers));
}
