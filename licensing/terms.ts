// Pure. What a product and a license model of the catalog come to in an entitlement.

import type { LicenseModel, Product } from "./catalog.ts";
import type { Entitlement } from "./entitlement.ts";
import type { EntitlementGranted } from "./events.ts";
import { addDuration, type Instant } from "./instant.ts";

/** A product as a license states it. */
export function licensedProduct(product: Product): EntitlementGranted["data"]["product"] {
  const { sku, name, brand, version, features } = product;
  return { sku, name, brand, ...(version === undefined ? {} : { version }), features };
}

/** The model of an entitlement as its events state it. */
export function statedModel({
  expiresFrom,
  consumptionPer,
  ...model
}: Entitlement["model"]): EntitlementGranted["data"]["model"] {
  return { ...model, expires_from: expiresFrom, consumption_per: consumptionPer };
}

export interface Terms {
  model: EntitlementGranted["data"]["model"];
  /** Null where the term never ends, or begins with the first activation. */
  endsAt: Instant | null;
  maintenanceEndsAt: Instant | null;
}

/**
 * The terms of a license model, for what was ordered and starts then.
 * @param at `endsAt` is the end that was agreed on, where one was: it is told only of a term that ends
 */
export function termsOf(
  model: LicenseModel,
  at: { orderedAt: Instant; startsAt: Instant; endsAt?: Instant | undefined },
): Terms {
  const { term } = model;
  const duration = term.kind === "perpetual" ? null : term.duration;
  const expiresFrom = term.kind === "perpetual" ? "start" : term.from;
  const from = { order: at.orderedAt, start: at.startsAt, "first-activation": null }[expiresFrom];
  return {
    model: {
      id: model.id,
      name: model.name,
      term: term.kind,
      duration,
      expires_from: expiresFrom,
      consumption_per: model.consumptionPer ?? null,
      metric: model.metric,
    },
    endsAt: at.endsAt ?? (duration === null || from === null ? null : addDuration(from, duration)),
    maintenanceEndsAt: model.maintenance === undefined ? null : addDuration(at.startsAt, model.maintenance),
  };
}
