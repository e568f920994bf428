// Another thread of this process, asked and answering one message at a time: Node only.

import type { Worker } from "node:worker_threads";

/** What a thread is sent, and what it sends back. */
export interface Asked<Question> {
  id: number;
  question: Question;
}
export type Answered<Answer> = { id: number } & ({ answer: Answer } | { error: unknown });

/** A thread that begins with the first question, and keeps no process alive while it has none. */
export class Thread<Question, Answer> {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  readonly #asked = new Map<number, PromiseWithResolvers<Answer>>();
  #lastId = 0;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /**
   * @param given what goes there instead of a copy: it is empty here afterwards
   * @throws what the thread threw at this question, or died of; at once where the question cannot be sent
   */
  ask(question: Question, given: readonly ArrayBuffer[] = []): Promise<Answer> {
    const worker = (this.#worker ??= this.#begin());
    const id = ++this.#lastId;
    const asked = Promise.withResolvers<Answer>();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    worker.postMessage({ id, question } satisfies Asked<Question>, given);
    this.#asked.set(id, asked);
    worker.ref();
    return asked.promise;
  }

  #begin(): Worker {
    const worker = this.#start();
    worker.on("message", (answered: Answered<Answer>) => {
      const asked = this.#asked.get(answered.id);
      this.#asked.delete(answered.id);
      if ("answer" in answered) asked?.resolve(answered.answer);
      else asked?.reject(answered.error);
      if (this.#asked.size === 0) worker.unref();
    });
    // The next question starts another one.
    worker.on("error", (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#asked.values()) reject(error);
      this.#asked.clear();
    });
    return worker;
  }
}
