// A route: where it is, what it needs, and the pure path from request to answer.

import type { Context } from "hono";
import type { Deps } from "./deps.ts";
import type { Problem } from "./problem.ts";
import type { ApiKey, Scope } from "./scope.ts";

/** What a route answers: a body with its status, a stream of a media type, or a problem. */
export type Answer =
  | { status: 200 | 201 | 202; body: unknown }
  | { stream: ReadableStream<Uint8Array>; type: string }
  | { problem: Problem };

export interface Request {
  c: Context;
  deps: Deps;
  /** The API key that came along; null where none did. */
  key: ApiKey | null;
}

export interface Route {
  method: "GET" | "PUT" | "POST";
  path: string;
  /** What the caller's key must allow; `public` where the caller proves itself otherwise, or need not. */
  scope: Scope | "public";
  /** Reads its body a piece at a time and bounds it itself; every other body is bounded before it is read. */
  isStreamed?: boolean;
  handle: (request: Request) => Promise<Answer>;
}

/** An answer to what was asked. */
export const ok = (body: unknown, status: 200 | 201 | 202 = 200): Answer => ({ status, body });
