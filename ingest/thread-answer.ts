// The other end of `thread.ts`: what runs in the thread.

import { parentPort } from "node:worker_threads";
import type { Answered, Asked } from "./thread.ts";

/**
 * Answers each question that comes, in order.
 * @param givenOf what of an answer goes back instead of a copy
 */
export function answerWith<Question, Answer>(
  answerOf: (question: Question) => Answer,
  givenOf: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  parentPort?.on("message", ({ id, question }: Asked<Question>) => {
    let answered: Answered<Answer>;
    let given: ArrayBuffer[] = [];
    try {
      const answer = answerOf(question);
      answered = { id, answer };
      given = givenOf(answer);
    } catch (error) {
      answered = { id, error };
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort?.postMessage(answered, given);
  });
}
