// The other end of `thread.ts`: what runs in the thread.

import { parentPort } from "node:worker_threads";
import type { Answered, Asked } from "./thread.ts";

/**
 * Answers each question that comes, in order, or, where answers take their time, as each is there.
 * @param givenOf what of an answer goes back instead of a copy
 */
export function answerWith<Question, Answer>(
  answerOf: (question: Question) => Answer | Promise<Answer>,
  givenOf: (answer: Answer) => ArrayBuffer[] = () => [],
): void {
  const answerTo = async ({ id, question }: Asked<Question>): Promise<void> => {
    let answered: Answered<Answer>;
    let given: ArrayBuffer[] = [];
    try {
      const answer = await answerOf(question);
      answered = { id, answer };
      given = givenOf(answer);
    } catch (error) {
      answered = { id, error };
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    parentPort?.postMessage(answered, given);
  };
  parentPort?.on("message", (asked: Asked<Question>) => void answerTo(asked));
}
