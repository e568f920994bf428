// One command that was answered, and what a check says of it.

import type { Command } from "./commands.ts";
import type { Answer, Request, World } from "./world.ts";

/** A promise that was broken, and by which command. */
export class BrokenPromise extends Error {
  constructor(promise: string, command: Command | null, detail: unknown) {
    super(`${promise}\n  at ${JSON.stringify(command)}\n  ${JSON.stringify(detail)}`);
    this.name = "BrokenPromise";
  }
}

/** One command that was answered. */
export interface Step {
  request: Request;
  before: World;
  answer: Answer;
  after: World;
}

export type Check = (promise: string, holds: boolean, detail?: () => unknown) => void;
