// The thread that signs: see `sign-batch.ts`.

import { sign } from "node:crypto";
import { parentPort } from "node:worker_threads";
import type { SignAnswer, SignRequest } from "./sign-batch.ts";

parentPort?.on("message", ({ id, key, header, payloads }: SignRequest) => {
  let answer: SignAnswer;
  try {
    const tokens = payloads.map((payload) => {
      const input = `${header}.${Buffer.from(payload).toString("base64url")}`;
      return `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
    });
    answer = { id, tokens };
  } catch (error) {
    answer = { id, error };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(answer);
});
