// What a Durable Object has to catch up with, exports and messages: it sleeps when nobody asks it anything, so an alarm
// wakes it instead of a loop.

import type { DurableObjectStorage } from "@cloudflare/workers-types";

export interface ShardAlarmOptions {
  storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">;
  /** From the first write that leaves something to do, to the doing of it. */
  everyMs: number;
  /** Whether anything waits to be exported, or delivered. */
  isBehind: () => boolean;
  /** Exports and delivers everything that waits. */
  catchUp: () => Promise<unknown>;
  report(error: unknown): void;
}

export class ShardAlarm {
  readonly #options: ShardAlarmOptions;
  // Not known before `wake`: the ledger's opening is a transaction too, and must not set it anew.
  #isSet = true;

  constructor(options: ShardAlarmOptions) {
    this.#options = options;
  }

  /**
   * Learns what is set, and sets it where something waits without. It was set before the object slept: to set it again
   * would put it off, and with every wake once more. It may be gone as well: what an object throws before it can ring, such
   * as for want of a secret, is tried six times more, and then never.
   */
  async wake(): Promise<void> {
    this.#isSet = (await this.#options.storage.getAlarm()) !== null;
    this.set();
  }

  /**
   * Sets the alarm where something waits. Called right after a write, it is stored with that write or not at all: what an
   * object writes without awaiting anything is one transaction. So nothing is on record that no alarm will export.
   */
  set(): void {
    const { storage, everyMs, isBehind } = this.#options;
    if (this.#isSet || !isBehind()) return;
    this.#isSet = true;
    void storage.setAlarm(Date.now() + everyMs);
  }

  /**
   * What the alarm does. It reports a fault, and rings again after the usual pause: thrown, the fault would be tried again
   * six times at most, and then never (https://developers.cloudflare.com/durable-objects/api/alarms/).
   */
  async ring(): Promise<void> {
    this.#isSet = false;
    try {
      await this.#options.catchUp();
    } catch (error) {
      this.#options.report(error);
    }
    this.set();
  }
}
