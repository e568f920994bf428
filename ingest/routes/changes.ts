import type { z } from "zod";
import { exposureOf, resolvePolicy } from "../../licensing/index.ts";
import {
  exposureSchema,
  extendSchema,
  mergeSchema,
  overrideSchema,
  renewSchema,
  splitSchema,
  suspendSchema,
  transferSchema,
  upgradeSchema,
} from "../api/requests.ts";
import { mergeCustomers } from "../customers.ts";
import { faultOf } from "../fault.ts";
import { occurredAt } from "../history.ts";
import type { EntitlementChange } from "../ledger/commands/entitlements.ts";
import { onceOf } from "../once.ts";
import { problemOf } from "../problem.ts";
import { readJson, readOptionalJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { byOf } from "../scope.ts";
import { entitlementBody } from "./orders.ts";

/** POST /v1/entitlements/{entitlementId}/suspend */
export const suspend = changing(suspendSchema, () => ({ kind: "suspend" }));
/** POST …/reinstate */
export const reinstate = changing(suspendSchema, () => ({ kind: "reinstate" }));
/** POST …/renew */
export const renew = changing(renewSchema, ({ duration, price }) => ({ kind: "renew", duration, price }));
/** POST …/upgrade */
export const upgrade = changing(upgradeSchema, ({ sku, licenseModel, price }) => ({
  kind: "upgrade",
  sku,
  licenseModel,
  price,
}));
/** POST …/extend: more seats. */
export const extend = changing(extendSchema, ({ added, price }) => ({ kind: "extend", added, price }));
/** POST …/transfer: to another customer, whole. */
export const transfer = changing(transferSchema, ({ customerId }) => ({ kind: "transfer", customerId }));
/** POST …/policy: what staff allow this one entitlement beyond, or short of, its license model. */
export const override = changing(overrideSchema, ({ policy }) => ({ kind: "override", policy }));

/** A route that changes an entitlement. */
function changing<Body extends { reason?: string | undefined; occurredAt?: number | undefined }>(
  schema: z.ZodType<Body>,
  changeOf: (body: Body) => EntitlementChange,
) {
  return async (request: Request): Promise<Answer> => {
    const { c, deps, key } = request;
    const body = await readOptionalJson(c, schema);
    if (!body.ok) return body;
    const when = occurredAt(body.value.occurredAt, key, deps.clock());
    if (!when.ok) return when;
    const change = changeOf(body.value);
    const entitlementId = c.req.param("entitlementId") ?? "";
    const command = {
      entitlementId,
      change,
      decree: decreeOf(request, body.value.reason),
      occurredAt: when.value,
      source: "api",
    };
    const once = await onceOf(request, command);
    const outcome = await deps.ledgers.ofId(entitlementId).execute("changeEntitlement", command, once);
    if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
    const { entitlement } = outcome.value;
    return ok({
      ...entitlementBody(entitlement),
      ...(change.kind === "override"
        ? { exposure: exposureOf(entitlement.policy, entitlement.model.metric) }
        : {}),
    });
  };
}

/** POST /v1/entitlements/{entitlementId}/split: some seats become an entitlement of their own. */
export async function split(request: Request): Promise<Answer> {
  const { c, deps, key } = request;
  const body = await readJson(c, splitSchema);
  if (!body.ok) return body;
  const when = occurredAt(body.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const entitlementId = c.req.param("entitlementId") ?? "";
  const command = {
    entitlementId,
    quantity: body.value.quantity,
    customerId: body.value.customerId ?? null,
    decree: decreeOf(request, body.value.reason),
    occurredAt: when.value,
    source: "api",
  };
  const once = await onceOf(request, command);
  const outcome = await deps.ledgers.ofId(entitlementId).execute("splitEntitlement", command, once);
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  const { entitlement, child, activationCode } = outcome.value;
  return ok(
    { entitlement: entitlementBody(entitlement), child: { ...entitlementBody(child), activationCode } },
    outcome.isNew ? 201 : 200,
  );
}

/** POST /v1/customers/{customerId}/merge: everything that a customer is entitled to goes to another. */
export async function merge(request: Request): Promise<Answer> {
  const { c, deps, key } = request;
  const body = await readJson(c, mergeSchema);
  if (!body.ok) return body;
  const when = occurredAt(body.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const merger = {
    fromCustomerId: c.req.param("customerId") ?? "",
    toCustomerId: body.value.into,
    decree: decreeOf(request, body.value.reason),
    occurredAt: when.value,
  };
  const merged = await mergeCustomers(deps.ledgers, merger, {
    source: "api",
    faultOf: (error) => faultOf(error, deps),
  });
  return "problem" in merged ? merged : ok(merged);
}

/** POST /v1/policies/exposure: what a policy may cost at the worst, before it is published. */
export async function exposure({ c }: Request): Promise<Answer> {
  const body = await readJson(c, exposureSchema);
  if (!body.ok) return body;
  const { policy, metric } = body.value;
  return ok(exposureOf(resolvePolicy(metric, policy), metric));
}

function decreeOf({ key }: Request, reason: string | undefined) {
  return { by: byOf(key), reason: reason ?? "not stated" };
}
