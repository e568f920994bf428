// Before a route: who asks, may they, and not too often? Nothing of the body has been read.

import type { MiddlewareHandler } from "hono";
import { authenticate } from "../auth.ts";
import type { AppDeps } from "../deps.ts";
import { respond } from "../respond.ts";
import type { Route } from "../route.ts";
import { missingScope } from "../scope.ts";
import type { KeyUse } from "./key-use.ts";
import type { Operation } from "./operation.ts";

/** Admits callers to a route, by its scope and by how often they came. */
export function admitted(
  { path, scope }: Route,
  { ledgers, clock }: AppDeps,
  { addressOf, afterwards, limits, metrics }: Operation,
  keyUse: KeyUse,
): MiddlewareHandler {
  return async (c, next) => {
    c.set("route", path);
    const now = clock();
    const presented = await authenticate(ledgers, c.req.header("Authorization"), now);
    const key = presented.ok ? presented.value : null;
    const caller = { key, address: limits ? addressOf(c) : null };
    c.set("caller", caller);
    if (limits) {
      const { headers, problem, limit } = limits.admit(caller, now);
      for (const name in headers) c.header(name, headers[name]);
      if (problem) {
        metrics?.rateLimited(limit);
        return respond(problem, c);
      }
    }
    if (!presented.ok) {
      limits?.answered(caller, presented.problem.code, now);
      return respond(presented.problem, c);
    }
    const noting = key && keyUse.note(key, now);
    if (noting) afterwards(c, noting);
    const denied = scope === "public" ? null : missingScope(key, scope);
    if (denied) return respond(denied, c);
    return next();
  };
}
