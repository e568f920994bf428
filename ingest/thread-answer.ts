// The other end of `thread.ts`: what runs in the thread.

import { parentPort } from "node:worker_threads";
import type { Answered, Asked } from "./thread.ts";

/** Answers each question that comes, in order. */
export function answerWith<Question, Answer>(answerOf: (question: Question) => Answer): void {
  parentPort?.on("message", ({ id, question }: Asked<Question>) => {
    let answered: Answered<Answer>;
    try {
      answered = { id, answer: answerOf(question) };
    } catch (error) {
      answered = { id, error };
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort?.postMessage(answered);
  });
}
