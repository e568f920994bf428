// A route: where it is, what it needs, and the pure path from request to answer.

import type { Context } from "hono";
import type { OperationKey } from "./api/operations.ts";
import type { Deps } from "./deps.ts";
import type { Problem } from "./problem.ts";
import type { ApiKey, Scope } from "./scope.ts";

/** What a route answers: a body with its status, one that is written already, a stream of a media type, or a problem. */
export type Answer =
  | { status: 200 | 201 | 202; body: unknown }
  | { status: 200; json: string }
  | { stream: ReadableStream<Uint8Array>; type: string }
  | { problem: Problem };

export interface Request {
  c: Context;
  deps: Deps;
  /** The API key that came along; null where none did. */
  key: ApiKey | null;
}

interface Handled {
  /** What the caller's key must allow; `public` where the caller proves itself otherwise, or need not. */
  scope: Scope | "public";
  /** Reads its body a piece at a time and bounds it itself; every other body is bounded before it is read. */
  isStreamed?: boolean;
  handle: (request: Request) => Promise<Answer>;
}

/** A path as Hono writes it: `/v1/orders/:orderId`. */
type PathOf<Path extends string> = Path extends `${infer Before}{${infer Name}}${infer After}`
  ? `${Before}:${Name}${PathOf<After>}`
  : Path;
type Place<Key extends string> = Key extends `${infer Method extends "GET" | "PUT" | "POST"} ${infer Path}`
  ? { method: Method; path: PathOf<Path> }
  : never;

/** What is not documented in `api/` is no route: it does not compile. */
export type Route = Handled & Place<OperationKey>;

/** The name of a route's documentation: `GET /v1/orders/{orderId}`. */
export const keyOf = ({ method, path }: Pick<Route, "method" | "path">): OperationKey =>
  `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}` as OperationKey;

/** What a route depends on, where faults are reported that do not end the request: each with its ID. */
export const reporting = ({ c, deps }: Request): Deps => ({
  ...deps,
  report: (error) => deps.report(error, c.get("requestId")),
});

/** An answer to what was asked. */
export const ok = (body: unknown, status: 200 | 201 | 202 = 200): Answer => ({ status, body });
