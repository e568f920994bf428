// Pure. Another product, or another license model, for what is left of the term; and another policy for one entitlement.

import { type Catalog, licenseModelOf, productOf } from "../catalog.ts";
import { type Entitlement, keysOf, seatLimit } from "../entitlement.ts";
import type { Decree, EntitlementEvent, PaidDecree } from "../events.ts";
import { addDuration, formatInstant, type Instant } from "../instant.ts";
import { type Decision, type Refusal, refuse } from "../refusal.ts";
import { type Policy, resolvePolicy } from "../policy.ts";
import { licensedProduct, statedModel, type Terms, termsOf } from "../terms.ts";
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
  decree: PaidDecree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal([...changeable, notBeforeUse], entitlement, now);
  if (refusal) return { ok: false, refusal };
  const sku = to.sku ?? entitlement.product.sku;
  const product = productOf(catalog, sku);
  if (!product)
    return {
      ok: false,
      refusal: refuse("unknown_sku", `Catalog ${catalog.version} has no product ${sku}.`, { field: "sku" }),
    };
  const target = targetOf(entitlement, to.licenseModel, catalog, now);
  if ("code" in target) return { ok: false, refusal: target };
  const { model, policy, endsAt, maintenanceEndsAt } = target;
  if (model.metric !== entitlement.model.metric && entitlement.seatsBound > 0)
    return {
      ok: false,
      refusal: refuse(
        "seats_in_use",
        "Seats of another metric are bound: return them before the license model changes.",
      ),
    };
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
          model,
          policy,
          ends_at: endsAt === null ? null : formatInstant(endsAt),
          maintenance_ends_at: maintenanceEndsAt === null ? null : formatInstant(maintenanceEndsAt),
        },
      },
    ],
  };
}

/** The terms and the policy after an upgrade; all as it is where no license model is named. */
function targetOf(
  entitlement: Entitlement,
  modelId: string | undefined,
  catalog: Catalog,
  now: Instant,
): (Terms & { policy: Policy }) | Refusal {
  const { policy, endsAt, maintenanceEndsAt } = entitlement;
  if (modelId === undefined)
    return { model: statedModel(entitlement.model), policy, endsAt, maintenanceEndsAt };
  const model = licenseModelOf(catalog, modelId);
  if (!model)
    return refuse("unknown_license_model", `Catalog ${catalog.version} has no license model ${modelId}.`, {
      field: "licenseModel",
    });
  const terms = termsOf(model, { orderedAt: now, startsAt: now });
  const { duration } = terms.model;
  const isSameTerm = duration === entitlement.model.duration && (duration === null || endsAt !== null);
  // A first activation that was before does not come again.
  const isBegun = terms.endsAt === null && duration !== null && entitlement.lastBoundAt !== null;
  const newEnd = isBegun ? addDuration(now, duration) : terms.endsAt;
  const band = catalog.priceBands.find(({ id }) => id === entitlement.priceBand);
  return {
    model: terms.model,
    // What staff allowed this one entitlement, they did not take back.
    policy: { ...resolvePolicy(model.metric, model.policy, band?.policy), ...entitlement.overrides },
    endsAt: isSameTerm ? endsAt : newEnd,
    maintenanceEndsAt: isSameTerm ? maintenanceEndsAt : terms.maintenanceEndsAt,
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
      {
        type: "entitlement.policy_overridden",
        ...keysOf(entitlement, now),
        data: { ...decree, changes, policy },
      },
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
