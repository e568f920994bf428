import { type Entitlement, formatInstant, type Instant, orderSchema } from "../../licensing/index.ts";
import { cancelSchema } from "../api/requests.ts";
import { happenedAt, occurredAt } from "../history.ts";
import type { RecordedOrder } from "../ledger/queries.ts";
import { problem, problemOf } from "../problem.ts";
import { fingerprintOf, readJson, readOptionalJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { byOf } from "../scope.ts";

/** POST /v1/orders: records an order, and answers with what its customer is now entitled to. */
export async function recordOrder({ c, deps }: Request): Promise<Answer> {
  const body = await readJson(c, orderSchema);
  if (!body.ok) return body;
  const orderedAt = happenedAt("orderedAt", body.value.orderedAt, deps.clock());
  if (!orderedAt.ok) return orderedAt;
  const outcome = await deps.ledgers.ofOrder(body.value.orderId).execute("recordOrder", {
    order: { ...body.value, orderedAt: orderedAt.value },
    fingerprint: await fingerprintOf(body.value),
    source: "api",
  });
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  return ok(orderBody(outcome.value), outcome.isNew ? 201 : 200);
}

/** GET /v1/orders/{orderId}: the same answer again, for those who deliver the codes. */
export async function getOrder({ c, deps }: Request): Promise<Answer> {
  const orderId = c.req.param("orderId") ?? "";
  const order = await deps.ledgers.ofOrder(orderId).ask("order", orderId);
  return order
    ? ok(orderBody(order))
    : { problem: problem("unknown_order", `There is no order ${orderId}.`) };
}

/** POST /v1/orders/{orderId}/cancel: its entitlements end, its licenses are withdrawn. */
export async function cancelOrder({ c, deps, key }: Request): Promise<Answer> {
  const body = await readOptionalJson(c, cancelSchema);
  if (!body.ok) return body;
  const when = occurredAt(body.value.occurredAt, key, deps.clock());
  if (!when.ok) return when;
  const orderId = c.req.param("orderId") ?? "";
  const outcome = await deps.ledgers.ofOrder(orderId).execute("cancelOrder", {
    orderId,
    reason: body.value.reason,
    by: byOf(key),
    occurredAt: when.value,
    source: "api",
  });
  return outcome.ok ? ok(orderBody(outcome.value)) : { problem: problemOf(outcome.refusal) };
}

/** An order as it is answered. The only place where activation codes leave the ledger. */
export function orderBody({ order, entitlements }: RecordedOrder) {
  return {
    order,
    entitlements: entitlements.map(({ entitlement, activationCode }) => ({
      ...entitlementBody(entitlement),
      activationCode,
    })),
  };
}

/** An entitlement as it is answered: all that is known of it but its code. */
export function entitlementBody(entitlement: Entitlement) {
  const { product, model } = entitlement;
  const written = (at: Instant | null) => (at === null ? null : formatInstant(at));
  return {
    entitlementId: entitlement.entitlementId,
    parentEntitlementId: entitlement.parentEntitlementId,
    orderId: entitlement.orderId,
    customerId: entitlement.customerId,
    lineNumber: entitlement.lineNumber,
    sku: product.sku,
    product,
    licenseModel: model.id,
    model,
    policy: entitlement.policy,
    quantity: entitlement.quantity,
    seatsBound: entitlement.seatsBound,
    clonesSeen: entitlement.clonesSeen,
    priceBand: entitlement.priceBand,
    test: entitlement.isTest,
    orderedAt: formatInstant(entitlement.orderedAt),
    startsAt: formatInstant(entitlement.startsAt),
    endsAt: written(entitlement.endsAt),
    maintenanceEndsAt: written(entitlement.maintenanceEndsAt),
    suspendedAt: written(entitlement.suspendedAt),
    cancelledAt: written(entitlement.cancelledAt),
  };
}
