// The thread that signs: see `sign-batch.ts`.

import { sign } from "node:crypto";
import type { SignRequest } from "./sign-batch.ts";
import { answerWith } from "./thread-answer.ts";

answerWith(({ key, header, payloads }: SignRequest): string[] =>
  payloads.map((payload) => {
    const input = `${header}.${Buffer.from(payload).toString("base64url")}`;
    return `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
  }),
);
