// Good values to vary: each test changes the one thing that it is about.

import * as fc from "fast-check";
import {
  type ActivateCommand,
  type Catalog,
  decideActivate,
  type EntitlementGranted,
  type EntitlementState,
  evolve,
  formatInstant,
  type Instant,
  type LicenseClaims,
  type Metric,
  parseInstant,
} from "../../licensing/index.ts";

/** Reads a timestamp that is known to be one. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new TypeError(`not a timestamp: ${text}`);
  return instant;
}

export const SECOND = 1_000_000;
export const HOUR = 3600 * SECOND;
export const DAY = 24 * HOUR;

export const catalog: Catalog = {
  version: "2026-11",
  products: [
    { sku: "CAD-PRO", name: "Atlas CAD Pro", brand: "Atlas", version: "7", features: ["3d", "export"] },
    { sku: "CAD-VIEW", name: "Atlas Viewer", brand: "Atlas", features: [], defaultLicenseModel: "perpetual" },
  ],
  licenseModels: [
    {
      id: "sub-node",
      name: "Annual, node-locked",
      term: { kind: "subscription", duration: "P1Y", from: "start" },
      metric: "node-locked",
      policy: { rehosts: { count: 2, per: "P1Y" }, lease: "P30D" },
    },
    { id: "perpetual", name: "Perpetual", term: { kind: "perpetual" }, metric: "node-locked", policy: {} },
  ],
  priceBands: [
    { id: "high-volume", below: 20_000 },
    { id: "standard", below: 1_000_000 },
    { id: "high-touch" },
  ],
};

/** The order of the design page, as it is sent. */
export const orderBody = {
  orderId: "SO-1001",
  orderedAt: "2026-01-05T10:00:00Z",
  channel: "direct",
  test: false,
  customer: { id: "C-42", name: "Example GmbH", email: "it@example.com", country: "DE" },
  lines: [
    {
      lineNumber: 1,
      sku: "CAD-PRO",
      licenseModel: "sub-node",
      quantity: 5,
      unitPrice: { amount: 99_900, currency: "EUR" },
      startsAt: "2026-01-05T10:00:00Z",
    },
  ],
};

/** The start of every entitlement that {@link granted} makes. */
export const START = at("2026-01-05T10:00:00Z");

/** What a test may vary of an entitlement. Absent: one perpetual node-locked seat, without lease or overdraft. */
export interface Terms {
  metric?: Metric;
  quantity?: number;
  policy?: EntitlementGranted["data"]["policy"];
  startsAt?: Instant;
  endsAt?: Instant | null;
}

export function granted(terms: Terms = {}): EntitlementGranted {
  const { metric = "node-locked", quantity = 1, policy = {}, startsAt = START, endsAt = null } = terms;
  return {
    type: "entitlement.granted",
    entitlement_id: "E-1",
    order_id: "SO-1001",
    customer_id: "C-42",
    sku: "CAD-PRO",
    occurred_at: formatInstant(START),
    data: {
      line_number: 1,
      product: { sku: "CAD-PRO", name: "Atlas CAD Pro", brand: "Atlas", features: ["3d"] },
      model: {
        id: "m",
        name: "Model",
        term: endsAt === null ? "perpetual" : "subscription",
        duration: null,
        expires_from: "start",
        consumption_per: null,
        metric,
      },
      policy,
      quantity,
      unit_amount_minor: 99_900,
      amount_minor: 99_900 * quantity,
      currency: "EUR",
      price_band: null,
      channel: "direct",
      country: "DE",
      is_test: false,
      ordered_at: formatInstant(START),
      delivered_at: formatInstant(START),
      starts_at: formatInstant(startsAt),
      ends_at: endsAt === null ? null : formatInstant(endsAt),
      maintenance_ends_at: null,
      parent_entitlement_id: null,
    },
  };
}

/** An entitlement on which nothing has happened yet. */
export function fresh(terms: Terms = {}): EntitlementState {
  return evolve(undefined, granted(terms));
}

/** A request for a seat. */
export function activate(host: string, user: string | null = null): ActivateCommand {
  return {
    hostHash: `hash-of-${host}`,
    userHash: user === null ? null : `hash-of-${user}`,
    platform: {
      osType: "windows",
      osTypeRaw: null,
      osVersion: "11",
      arch: "amd64",
      archRaw: null,
      appVersion: "7.2",
    },
  };
}

/** Identifiers for one decision, told apart by `n`. */
export const ids = (n: number | string) => ({ activationId: `A-${n}`, licenseId: `L-${n}` });

/** An entitlement whose one seat is bound to a host (and its user) since the start. */
export function seated(terms: Terms = {}, host = "a"): EntitlementState {
  const before = fresh(terms);
  const decision = decideActivate(before, activate(host, `user-of-${host}`), START, ids(host));
  if (!decision.ok) throw new TypeError(decision.refusal.detail);
  return decision.events.reduce<EntitlementState>(evolve, before);
}

/** Any text at all, halves of surrogate pairs included; more often than not of such characters as ours are made of. */
export const texts = (maxLength: number) =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 32, max: 126 })), { maxLength })
    .map((units) => String.fromCharCode(...units));

/** 32 random bytes: an Ed25519 private key. */
export const privateKeys = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Uint8Array.from(bytes));

export const claims: LicenseClaims = {
  iss: "https://licenses.example.com",
  sub: "C-42",
  jti: "L-1",
  iat: 1_767_607_200,
  nbf: 1_767_607_200,
  exp: 1_770_199_200,
  order: "SO-1001",
  entitlement: "E-1",
  activation: "A-1",
  product: { sku: "CAD-PRO", name: "Atlas CAD Pro", features: ["3d"] },
  model: { id: "sub-node", term: "subscription", metric: "node-locked" },
  policy: { lease: "P30D" },
  seats: 5,
  generation: 1,
};
