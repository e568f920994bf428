// Problem documents as HTTP answers.

import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Problem } from "./problem.ts";

// What is over in a moment, mostly: a queue, a restart, a disk that is being looked after.
const RETRY_AFTER_SECONDS = "5";

const headersOf = ({ status }: Problem): Record<string, string> => ({
  "content-type": "application/problem+json",
  ...(status === 401 ? { "www-authenticate": 'Bearer realm="keyhouse"' } : {}),
  ...(status === 503 ? { "retry-after": RETRY_AFTER_SECONDS } : {}),
});

/** Answers with a problem, as the request that it is the answer to. */
export function respond(problem: Problem, c: Context): Response {
  c.set("code", problem.code);
  const body = { ...problem, instance: `urn:keyhouse:request:${c.get("requestId")}` };
  return c.body(JSON.stringify(body), problem.status as ContentfulStatusCode, headersOf(problem));
}

/** Answers with a problem before there is an app that could number the request. */
export function respondBare(problem: Problem): Response {
  return new Response(JSON.stringify(problem), { status: problem.status, headers: headersOf(problem) });
}
