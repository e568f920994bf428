// Takes a shard's messages to the others. It may die and repeat at any point: a message is forgotten only when the other
// shard has it for good, and having it twice changes nothing there.

import { forgetMessages, messagesFor, waitingShards } from "./messages.ts";
import type { News } from "./news.ts";
import type { Sql } from "./sql.ts";

/** Messages of one delivery: a transaction at its other end, of some thousands of rows at most. */
const MESSAGES_A_DELIVERY = 16;

export interface CourierOptions {
  sql: Sql;
  /** Takes news to a shard; returns once they are durable there, and throws where they may not be. */
  send: (shard: number, news: News[]) => Promise<unknown>;
  report(error: unknown): void;
}

export class Courier {
  readonly #options: CourierOptions;
  #isRunning = false;
  #isCalled = false;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Whether anything waits. */
  hasMessages(): boolean {
    return waitingShards(this.#options.sql).length > 0;
  }

  /**
   * Delivers what waits, to all shards side by side, to each in order. Called while it runs, it returns at once, and the
   * one that runs looks again. Where a shard does not take its messages that is reported, and they wait for another call.
   */
  async deliver(): Promise<void> {
    this.#isCalled = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#rounds();
    } finally {
      this.#isRunning = false;
    }
  }

  async #rounds(): Promise<void> {
    const failed = new Set<number>();
    while (this.#isCalled) {
      this.#isCalled = false;
      const waiting = waitingShards(this.#options.sql).filter((shard) => !failed.has(shard));
      await Promise.all(
        waiting.map((shard) =>
          this.#deliverTo(shard).catch((error: unknown) => {
            failed.add(shard);
            this.#options.report(error);
          }),
        ),
      );
    }
  }

  async #deliverTo(shard: number): Promise<void> {
    const { sql, send } = this.#options;
    for (;;) {
      const messages = messagesFor(sql, shard, MESSAGES_A_DELIVERY);
      if (messages.length === 0) return;
      await send(
        shard,
        messages.flatMap(({ news }) => news),
      );
      forgetMessages(
        sql,
        messages.map(({ number }) => number),
      );
    }
  }
}
