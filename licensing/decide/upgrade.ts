// Pure. Another product, or another license model, for what is left of the term; and another policy for one entitlement.

import type { Catalog } from "../catalog.ts";
import { type Entitlement, keysOf, seatLimit } from "../entitlement.ts";
import type { Decree, EntitlementEvent } from "../events.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { type Policy, resolvePolicy } from "../policy.ts";
import { licensedProduct, termsOf } from "../terms.ts";
import { changeable, firstRefusal, notBeforeUse } from "./checks.ts";

/** What an upgrade is to; what is absent stays. */
export interface UpgradeTo {
  sku?: string | undefined;
  licenseModel?: string | undefined;
}

/**
 * Decides an upgrade. Seats stay where they are. The term stays as it is where the new model has one of the same length;
 * else the new one's begins now.
 */
export function decideUpgrade(
  entitlement: Entitlement,
  to: UpgradeTo,
  catalog: Catalog,
  decree: Decree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal([...changeable, notBeforeUse], entitlement, now);
  if (refusal) return { ok: false, refusal };
  const sku = to.sku ?? entitlement.product.sku;
  const product = catalog.products.find((one) => one.sku === sku);
  if (!product)
    return {
      ok: false,
      refusal: refuse("unknown_sku", `Catalog ${catalog.version} has no product ${sku}.`, { field: "sku" }),
    };
  const modelId = to.licenseModel ?? entitlement.model.id;
  const model = catalog.licenseModels.find(({ id }) => id === modelId);
  if (!model)
    return {
      ok: false,
      refusal: refuse(
        "unknown_license_model",
        `Catalog ${catalog.version} has no license model ${modelId}.`,
        {
          field: "licenseModel",
        },
      ),
    };
  const terms = termsOf(model, { orderedAt: now, startsAt: now });
  const isSameTerm = terms.model.duration === entitlement.model.duration;
  const endsAt = isSameTerm ? entitlement.endsAt : terms.endsAt;
  const maintenanceEndsAt = isSameTerm ? entitlement.maintenanceEndsAt : terms.maintenanceEndsAt;
  const isMetricKept = model.metric === entitlement.model.metric;
  if (!isMetricKept && entitlement.seatsBound > 0)
    return {
      ok: false,
      refusal: refuse(
        "seats_in_use",
        "Seats of another metric are bound: return them before the license model changes.",
      ),
    };
  const policy = to.licenseModel === undefined ? entitlement.policy : resolvePolicy(model.policy);
  const over = exceeds({ ...entitlement, policy });
  if (over) return { ok: false, refusal: over };
  return {
    ok: true,
    events: [
      {
        type: "entitlement.upgraded",
        ...keysOf(entitlement, now),
        sku,
        data: {
          ...decree,
          product: licensedProduct(product),
          model: terms.model,
          policy,
          ends_at: endsAt === null ? null : formatInstant(endsAt),
          maintenance_ends_at: maintenanceEndsAt === null ? null : formatInstant(maintenanceEndsAt),
        },
      },
    ],
  };
}

/** Decides what one entitlement is allowed beyond, or short of, its license model. What is not said stays. */
export function decideOverride(
  entitlement: Entitlement,
  changes: Policy,
  decree: Decree,
  now: Instant,
): Decision<EntitlementEvent> {
  const policy = { ...entitlement.policy, ...changes };
  const refusal =
    firstRefusal([...changeable, notBeforeUse], entitlement, now) ?? exceeds({ ...entitlement, policy });
  if (refusal) return { ok: false, refusal };
  return {
    ok: true,
    events: [
      { type: "entitlement.policy_overridden", ...keysOf(entitlement, now), data: { ...decree, policy } },
    ],
  };
}

/** The refusal where more seats are bound than there would be. */
export function exceeds(entitlement: Entitlement) {
  const limit = seatLimit(entitlement);
  return limit !== null && entitlement.seatsBound > limit
    ? refuse(
        "seats_in_use",
        `${entitlement.seatsBound} seats are in use, and there would be ${limit}: return some first.`,
      )
    : null;
}
