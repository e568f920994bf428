// Tasks that run one at a time, each up to its next gate: who goes on, and who never does, is for the simulation to say.
//
// Between two gates a task may wait for what is truly at work elsewhere (a thread that hashes, a file): nothing else runs
// meanwhile, so the same choices make the same run.

export interface Task {
  readonly name: string;
  /** Who dies with it: all tasks of one process. */
  readonly owner: object;
  /** The gate at which it stands. */
  at: string;
  /** Whether what it waits for has come. */
  isReady: boolean;
  /** Lets it go on, or fails the gate. */
  resume: (fault?: Error) => void;
}

export class Scheduler {
  readonly tasks: Task[] = [];
  #current: Task | undefined;
  #turnIsOver = Promise.withResolvers<void>();

  /** Starts a task, up to its first gate. It has to settle its own faults. */
  start(name: string, owner: object, work: () => Promise<void>): Promise<void> {
    const task: Task = { name, owner, at: "its start", isReady: true, resume: () => undefined };
    this.tasks.push(task);
    return this.#turn(task, () => {
      void work().finally(() => {
        this.#forget(task);
        this.#turnIsOver.resolve();
      });
    });
  }

  /** Lets a task go on to its next gate, or to its end. */
  step(task: Task, fault?: Error): Promise<void> {
    return this.#turn(task, () => task.resume(fault));
  }

  /** What a crash does: the tasks of a process stand where they are, for ever. @returns them */
  drop(owner: object): Task[] {
    const dropped = this.tasks.filter((task) => task.owner === owner);
    dropped.forEach((task) => this.#forget(task));
    return dropped;
  }

  /** Where the running task waits until it is let on. */
  async gate(at: string): Promise<void> {
    const task = this.#running();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    task.at = at;
    task.resume = (fault) => (fault ? reject(fault) : resolve());
    this.#turnIsOver.resolve();
    await promise;
  }

  /** A gate that opens only after something has come. */
  async until<T>(at: string, coming: Promise<T>): Promise<T> {
    const task = this.#running();
    task.isReady = false;
    const came = () => void (task.isReady = true);
    coming.then(came, came);
    await this.gate(at);
    return coming;
  }

  #running(): Task {
    if (!this.#current) throw new TypeError("nobody runs, and somebody came to a gate");
    return this.#current;
  }

  #forget(task: Task): void {
    const index = this.tasks.indexOf(task);
    if (index >= 0) this.tasks.splice(index, 1);
  }

  async #turn(task: Task, go: () => void): Promise<void> {
    this.#turnIsOver = Promise.withResolvers();
    this.#current = task;
    go();
    await this.#turnIsOver.promise;
    this.#current = undefined;
  }
}
