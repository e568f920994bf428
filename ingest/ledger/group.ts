// Group commit: commands that wait at the same time share one transaction, and so one fsync.

/** A piece of work inside a transaction: synchronous, and safe to run again after a rollback. */
type Work<Tx, T> = (transaction: Tx) => T;

interface Job<Tx> {
  size: number;
  run(transaction: Tx): void;
  resolve(): void;
  reject(error: unknown): void;
}

export interface GroupOptions<Tx> {
  /** Runs `work` in one durable transaction; throws, with everything undone, where it cannot. */
  transact: (work: (transaction: Tx) => void) => void;
  /** Calls back soon, after what is ready now had its turn: that is how a group comes together. */
  defer: (callback: () => void) => void;
  /** Told of each transaction that was committed. */
  observe?: ((group: { size: number; milliseconds: number }) => void) | undefined;
}

// A queue this long is seconds of work. More would only grow memory, and answers that nobody waits for any more.
const MAX_QUEUE = 8192;
// Bounds the pause that one transaction makes in everything else, to some tens of milliseconds: so many plain commands.
const MAX_GROUP = 512;
// Turns of the event loop that a group waits for more, as long as each brings some. Measured with 64 connections: groups of
// 29 without, 43 with 4, 51 with 16, and no more with 64.
const MAX_TURNS = 16;

/** The queue is full: nothing was recorded, and the same request may come again in a moment. */
export class OverloadedError extends Error {
  override name = "OverloadedError";
}

/** Runs pieces of work in shared transactions, in the order in which they come. */
export class CommitGroup<Tx> {
  readonly #options: GroupOptions<Tx>;
  #queue: Job<Tx>[] = [];
  #isDeferred = false;

  constructor(options: GroupOptions<Tx>) {
    this.#options = options;
  }

  /** Pieces of work that wait. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /**
   * Runs `work` in the next transaction that has room for it.
   * @param size how long it takes, in plain commands
   * @returns what it returned, once that is durable
   * @throws OverloadedError where too much waits; or what `work` or the commit threw, with nothing of it recorded
   */
  run<T>(work: Work<Tx, T>, size = 1): Promise<T> {
    if (this.#queue.length >= MAX_QUEUE) return Promise.reject(new OverloadedError("too many commands wait"));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let result: T;
    this.#queue.push({
      size,
      run: (transaction) => void (result = work(transaction)),
      resolve: () => resolve(result),
      reject,
    });
    this.#deferCommit();
    return promise;
  }

  #deferCommit(): void {
    if (this.#isDeferred) return;
    this.#isDeferred = true;
    this.#gather(0);
  }

  /** Waits while more commands come in each turn: the disk takes as long for one as for all of them. */
  #gather(turns: number): void {
    const before = this.#queue.length;
    this.#options.defer(() => {
      if (this.#queue.length > before && turns < MAX_TURNS) return this.#gather(turns + 1);
      this.#isDeferred = false;
      this.#commit(this.#queue.splice(0, this.#nextLength()));
      if (this.#queue.length > 0) this.#deferCommit();
    });
  }

  /** How many jobs the next transaction takes: the first, however long, and what fits beside it. */
  #nextLength(): number {
    let length = 0;
    for (let size = 0; length < this.#queue.length; length++) {
      size += this.#queue[length]?.size ?? 0;
      if (size > MAX_GROUP && length > 0) break;
    }
    return length;
  }

  #commit(jobs: readonly Job<Tx>[]): void {
    const { transact, observe } = this.#options;
    const begunAt = performance.now();
    try {
      transact((transaction) => jobs.forEach((job) => job.run(transaction)));
    } catch (error) {
      // One bad command must not take the others with it: the group was undone, so each goes again on its own.
      if (jobs.length === 1) jobs[0]?.reject(error);
      else jobs.forEach((job) => this.#commit([job]));
      return;
    }
    observe?.({ size: jobs.length, milliseconds: performance.now() - begunAt });
    jobs.forEach((job) => job.resolve());
  }
}
