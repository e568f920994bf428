// The HTTP app: its routes as a table of contents, each with the scope that it needs.

import { Hono } from "hono";
import { boundedBody } from "./body-limit.ts";
import type { AppDeps, Deps } from "./deps.ts";
import { faultOf } from "./fault.ts";
import type { Keys } from "./keys-ring.ts";
import { admitted } from "./operation/admit.ts";
import { KeyUse } from "./operation/key-use.ts";
import { unoperated } from "./operation/operation.ts";
import { watched } from "./operation/watch.ts";
import { problem } from "./problem.ts";
import { respond, send } from "./respond.ts";
import type { Route } from "./route.ts";
import { activate } from "./routes/activations.ts";
import { publishCatalog } from "./routes/catalog.ts";
import {
  exposure,
  extend,
  merge,
  override,
  reinstate,
  renew,
  split,
  suspend,
  transfer,
  upgrade,
} from "./routes/changes.ts";
import { describing } from "./routes/document.ts";
import { getEntitlement, getHistory, listEntitlements } from "./routes/entitlements.ts";
import { generateLicenses } from "./routes/licenses.ts";
import { cancelOrder, getOrder, recordOrder } from "./routes/orders.ts";
import { activateOffline } from "./routes/offline.ts";
import { consume, giveBack, refresh, rehost, release, repair, temporary } from "./routes/seats.ts";
import { refundOrder } from "./routes/refunds.ts";
import { revocations, revokeLicense } from "./routes/withdrawal.ts";
import { healthz, jwks, metrics, readyz } from "./routes/service.ts";
import { recordEvents } from "./routes/telemetry.ts";
import { stripe } from "./routes/stripe.ts";
import { shopify } from "./routes/webhooks.ts";

export const routes: readonly Route[] = [
  { method: "PUT", path: "/v1/catalog", scope: "admin", handle: publishCatalog },
  { method: "POST", path: "/v1/orders", scope: "orders:write", handle: recordOrder },
  { method: "GET", path: "/v1/orders/:orderId", scope: "orders:write", handle: getOrder },
  { method: "POST", path: "/v1/orders/:orderId/cancel", scope: "orders:write", handle: cancelOrder },
  { method: "POST", path: "/v1/orders/:orderId/refunds", scope: "orders:write", handle: refundOrder },
  { method: "GET", path: "/v1/entitlements/:entitlementId", scope: "read", handle: getEntitlement },
  { method: "POST", path: "/v1/entitlements/:entitlementId/renew", scope: "licenses:write", handle: renew },
  {
    method: "POST",
    path: "/v1/entitlements/:entitlementId/upgrade",
    scope: "licenses:write",
    handle: upgrade,
  },
  { method: "POST", path: "/v1/entitlements/:entitlementId/extend", scope: "licenses:write", handle: extend },
  {
    method: "POST",
    path: "/v1/entitlements/:entitlementId/suspend",
    scope: "licenses:write",
    handle: suspend,
  },
  {
    method: "POST",
    path: "/v1/entitlements/:entitlementId/reinstate",
    scope: "licenses:write",
    handle: reinstate,
  },
  { method: "POST", path: "/v1/entitlements/:entitlementId/split", scope: "licenses:write", handle: split },
  {
    method: "POST",
    path: "/v1/entitlements/:entitlementId/transfer",
    scope: "licenses:write",
    handle: transfer,
  },
  {
    method: "POST",
    path: "/v1/entitlements/:entitlementId/policy",
    scope: "licenses:write",
    handle: override,
  },
  { method: "POST", path: "/v1/policies/exposure", scope: "read", handle: exposure },
  { method: "POST", path: "/v1/licenses/:licenseId/revoke", scope: "licenses:write", handle: revokeLicense },
  { method: "POST", path: "/v1/customers/:customerId/merge", scope: "licenses:write", handle: merge },
  { method: "GET", path: "/v1/customers/:customerId/entitlements", scope: "read", handle: listEntitlements },
  { method: "GET", path: "/v1/customers/:customerId/history", scope: "read", handle: getHistory },
  // The activation code is the credential.
  { method: "POST", path: "/v1/activations", scope: "public", handle: activate },
  { method: "POST", path: "/v1/offline-activations", scope: "public", handle: activateOffline },
  // The code, or the license of the seat.
  { method: "POST", path: "/v1/activations/:activationId/refresh", scope: "public", handle: refresh },
  { method: "POST", path: "/v1/activations/:activationId/return", scope: "public", handle: giveBack },
  { method: "POST", path: "/v1/activations/:activationId/release", scope: "public", handle: release },
  { method: "POST", path: "/v1/activations/:activationId/rehost", scope: "public", handle: rehost },
  { method: "POST", path: "/v1/activations/:activationId/repair", scope: "public", handle: repair },
  { method: "POST", path: "/v1/activations/:activationId/temporary", scope: "public", handle: temporary },
  { method: "POST", path: "/v1/activations/:activationId/consume", scope: "public", handle: consume },
  { method: "GET", path: "/v1/revocations", scope: "public", handle: revocations },
  {
    method: "POST",
    path: "/v1/licenses",
    scope: "licenses:write",
    handle: generateLicenses,
    isStreamed: true,
  },
  { method: "POST", path: "/v1/events", scope: "events:write", handle: recordEvents, isStreamed: true },
  // The signature is the credential.
  { method: "POST", path: "/v1/webhooks/shopify", scope: "public", handle: shopify },
  { method: "POST", path: "/v1/webhooks/stripe", scope: "public", handle: stripe },
  { method: "GET", path: "/.well-known/jwks.json", scope: "public", handle: jwks },
  { method: "GET", path: "/healthz", scope: "public", handle: healthz },
  { method: "GET", path: "/readyz", scope: "public", handle: readyz },
  { method: "GET", path: "/metrics", scope: "metrics", handle: metrics },
  { method: "GET", path: "/openapi.json", scope: "public", handle: describing(() => routes) },
];

// A catalog of ten thousand products, or an order of five hundred lines, is well below; it is looked at before parsing.
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Makes the app. It holds no state of its own: everything is in what it is given. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  const { operation = unoperated() } = deps;
  app.use(watched(operation));
  const bounded = boundedBody({
    maxBytes: MAX_BODY_BYTES,
    onTooLarge: (c) =>
      respond(problem("body_too_large", `A body may have ${MAX_BODY_BYTES} bytes: send it in parts.`), c),
  });
  const keyUse = new KeyUse(deps.ledgers.control);
  // Put together once for the same keys: for each request it took a hundredth of the time of an activation.
  let known: { keys: Keys; deps: Deps } | undefined;
  const depsUnder = (keys: Keys): Deps => {
    if (known?.keys !== keys) known = { keys, deps: { ...deps, operation, ...keys } };
    return known.deps;
  };
  for (const route of routes) {
    const { method, path, handle, isStreamed } = route;
    app.on(method, path, admitted(route, deps, operation, keyUse));
    if (!isStreamed) app.on(method, path, bounded);
    app.on(method, path, async (c) => {
      const caller = c.get("caller") ?? { key: null, address: null };
      const answer = await handle({ c, deps: depsUnder(await deps.keys()), key: caller.key });
      if ("problem" in answer) {
        operation.limits?.answered(caller, answer.problem.code, deps.clock());
        return respond(answer.problem, c);
      }
      if ("stream" in answer)
        return send(c, 200, c.get("whileStreaming")(answer.stream), { "content-type": answer.type });
      return send(c, answer.status, "json" in answer ? answer.json : JSON.stringify(answer.body));
    });
  }
  app.notFound((c) => respond(problem("not_found", `There is no ${c.req.method} ${c.req.path}.`), c));
  app.onError((error, c) =>
    respond(faultOf(error, { report: (fault) => deps.report(fault, c.get("requestId")) }), c),
  );
  return app;
}
