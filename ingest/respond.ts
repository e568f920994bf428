// Answers as HTTP has them.

import type { Context } from "hono";
import type { Problem } from "./problem.ts";

declare module "hono" {
  interface ContextVariableMap {
    /** What every answer to this request says in its head; absent once an answer says it. */
    headers: Record<string, string> | undefined;
  }
}

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
  return send(c, problem.status, JSON.stringify(body), headersOf(problem));
}

/**
 * Answers, with what every answer says. Its head is a plain object, which Node takes as it is: to make a `Headers` of it, as
 * Hono does, and to read that out again took a fiftieth of the time of an activation over HTTP.
 */
export function send(
  c: Context,
  status: number,
  body: BodyInit,
  headers: Record<string, string> = JSON_TYPE,
): Response {
  const said = c.get("headers");
  c.set("headers", undefined);
  return new Response(body, { status, headers: { ...said, ...headers } });
}

const JSON_TYPE = { "content-type": "application/json" };

/** Answers with a problem before there is an app that could number the request. */
export function respondBare(problem: Problem): Response {
  return new Response(JSON.stringify(problem), { status: problem.status, headers: headersOf(problem) });
}
