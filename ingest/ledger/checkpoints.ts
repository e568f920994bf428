// A ledger's log written back into its file beside the thread that commits, while many transactions follow one another: Node only.

import { Worker } from "node:worker_threads";
import { Thread } from "../thread.ts";
import type { Sql } from "./sql.ts";

/** Some 512 MB of log until the thread that commits writes back itself, and the log begins anew. What this one did is left out. */
const CHECKPOINT_PAGES = 128_000;

/** Of an import's time on the thread that commits, a fifth went into writing back. */
export class Checkpoints {
  readonly #thread: Thread<null, null>;
  #worker: Worker | undefined;
  #isAsked = false;

  /** @param sql the connection that commits, which leaves it to this one from now on */
  constructor(path: string, sql: Sql) {
    sql.run(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    const url = new URL("checkpoint-thread.ts", import.meta.url);
    this.#thread = new Thread(() => (this.#worker = new Worker(url, { workerData: path })));
  }

  /** Has what was committed up to now written back soon. What cannot be now is the next one's. */
  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    const answered = () => void (this.#isAsked = false);
    this.#thread.ask(null).then(answered, answered);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}
