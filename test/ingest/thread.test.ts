import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Thread } from "../../ingest/thread.ts";

/** Answers with the double, throws at a text that says so, and dies of another. */
const SCRIPT = `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", ({ id, question }) => {
    if (question === "die") throw new Error("dead");
    if (question === "fail") parentPort.postMessage({ id, error: new Error("failed") });
    else parentPort.postMessage({ id, answer: question * 2 });
  });
`;
const thread = () => new Thread<unknown, number>(() => new Worker(SCRIPT, { eval: true }));

test("a question that fails fails alone", async () => {
  const asked = thread();
  const answers = await Promise.allSettled([1, "fail", 2].map((question) => asked.ask(question)));
  expect(answers).toMatchObject([{ value: 2 }, { reason: { message: "failed" } }, { value: 4 }]);
});

test("a thread that dies leaves no question waiting, and the next one starts another", async () => {
  const asked = thread();
  const answers = await Promise.allSettled(["die", 1].map((question) => asked.ask(question)));
  expect(answers).toMatchObject([{ reason: { message: "dead" } }, { reason: { message: "dead" } }]);
  expect(await asked.ask(3)).toBe(6);
});

test("what cannot be sent is refused at once, and holds nothing up", async () => {
  const asked = thread();
  expect(() => asked.ask(() => 1)).toThrow(/could not be cloned/);
  expect(await asked.ask(4)).toBe(8);
});
