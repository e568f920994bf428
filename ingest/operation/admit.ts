// Before a route: who asks, may they, and not too often? Nothing of the body has been read.

import type { Context, MiddlewareHandler } from "hono";
import type { Instant } from "../../licensing/index.ts";
import { authenticate } from "../auth.ts";
import type { AppDeps } from "../deps.ts";
import { respond } from "../respond.ts";
import type { Route } from "../route.ts";
import { missingScope } from "../scope.ts";
import type { KeyUse } from "./key-use.ts";
import type { Operation } from "./operation.ts";
import type { Caller, RateAnswer } from "./rate-limits.ts";

/** Admits callers to a route, by its scope and by how often they came. */
export function admitted(
  { path, scope }: Route,
  { ledgers, clock }: AppDeps,
  operation: Operation,
  keyUse: KeyUse,
): MiddlewareHandler {
  const { addressOf, afterwards, limits } = operation;
  return async (c, next) => {
    c.set("route", path);
    const now = clock();
    const presented = await authenticate(ledgers, c.req.header("Authorization"), now);
    const key = presented.ok ? presented.value : null;
    const caller = { key, address: limits ? addressOf(c) : null };
    c.set("caller", caller);
    const tooMany = await count(c, caller, now, operation);
    if (tooMany) return tooMany;
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

/** Counts who loads a page that is for everybody, as who calls a route without a key. */
export function counted(
  path: string,
  { clock, operation }: Pick<AppDeps, "clock"> & { operation: Operation },
): MiddlewareHandler {
  return async (c, next) => {
    c.set("route", path);
    const caller = { key: null, address: operation.limits ? operation.addressOf(c) : null };
    return (await count(c, caller, clock(), operation)) ?? next();
  };
}

/** Counts a request. @returns what it is answered with where it is one too many */
export function count(
  c: Context,
  caller: Caller,
  now: Instant,
  { limits, sharedLimit, metrics }: Operation,
): Response | undefined | Promise<Response | undefined> {
  if (!limits) return undefined;
  const refuse = ({ headers, problem, limit }: RateAnswer): Response | undefined => {
    c.set("headers", { ...c.get("headers"), ...headers });
    if (!problem) return undefined;
    metrics?.rateLimited(limit);
    return respond(problem, c);
  };
  const refused = refuse(limits.admit(caller, now));
  if (refused || caller.key || !sharedLimit) return refused;
  return sharedLimit(caller.address).then((shared) => (shared ? refuse(shared) : undefined));
}
