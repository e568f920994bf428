// A network that does what networks do: calls come late, in another order, twice, or not at all, and so do their answers.

import type { Random } from "../../ingest/demo/random.ts";

/** The caller learns no more than that. */
export class LostError extends Error {
  override name = "LostError";
}

/** How often a call, or its answer, is lost, and how often a call comes once more, at any later time. */
const FATES = [
  { fate: "arrives", weight: 0.7 },
  { fate: "is lost", weight: 0.1 },
  { fate: "arrives, and its answer is lost", weight: 0.1 },
  { fate: "arrives twice", weight: 0.1 },
] as const;

export class Network {
  readonly #random: Random;
  readonly #steps: (() => void)[] = [];
  /** Calls that were lost, had no answer, or came twice. */
  troubles = 0;
  isCalm = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Something that happens at some time from now on. */
  later(step: () => void): void {
    this.#steps.push(step);
  }

  /** Carries a call out somewhere else. @throws LostError where the caller never hears of it, done or not */
  call<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const { fate } = this.isCalm ? FATES[0] : this.#random.weighted(FATES, ({ weight }) => weight);
    if (fate !== "arrives") this.troubles += 1;
    const lost = () => this.later(() => reject(new LostError("lost")));
    if (fate === "is lost") lost();
    else
      this.later(() => {
        const done = work();
        if (fate === "arrives, and its answer is lost") void done.then(lost, lost);
        else
          done.then(
            (value) => this.later(() => resolve(value)),
            (error: unknown) => this.later(() => reject(error)),
          );
        // Nobody hears of the second one.
        if (fate === "arrives twice") this.later(() => void work().catch(() => undefined));
      });
    return promise;
  }

  /** Lets everything happen, in any order, until nothing is left. */
  async settle(): Promise<void> {
    for (;;) {
      // What has just come goes a little further on its way, all of it before the network is called silent.
      await (this.#steps.length === 0 ? new Promise(setImmediate) : null);
      if (this.#steps.length === 0) return;
      const chosen = this.#random.integer(0, this.#steps.length - 1);
      const [step] = this.#steps.splice(chosen, 1);
      step?.();
    }
  }
}
