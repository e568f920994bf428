// Pure. Requests and their answers, as they went over the wire: `npm run examples` plays them and writes them down.

import recorded from "./examples.json" with { type: "json" };
import type { OperationKey } from "./operations.ts";

export interface Example {
  call: OperationKey;
  /** One line: what this shows. */
  title: string;
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
  status: number;
  answer: unknown;
}

/** All of them, in the order in which they were played: each builds on those before. */
export const examples = recorded as Example[];

/** Those of an operation. */
export const examplesOf = (key: OperationKey): Example[] => examples.filter(({ call }) => call === key);
