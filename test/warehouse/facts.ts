// What happened, for tests of the warehouse and of what reads it: drafts of events, in the words of a sale.

import type { Draft } from "../../ingest/event.ts";

/** A day of the test calendar as an instant: day 0 is 1 January 2026, and parts of a day are allowed. */
export function day(days: number): string {
  return `${new Date(Date.UTC(2026, 0, 1) + Math.round(days * 86_400_000)).toISOString().slice(0, -1)}000Z`;
}

export const models = {
  "sub-node": {
    name: "Annual, node-locked",
    term: "subscription",
    duration: "P1Y",
    expires_from: "start",
    consumption_per: null,
    metric: "node-locked",
  },
  "perp-float": {
    name: "Perpetual, floating",
    term: "perpetual",
    duration: null,
    expires_from: "start",
    consumption_per: null,
    metric: "floating",
  },
  trial: {
    name: "Trial",
    term: "trial",
    duration: "P30D",
    expires_from: "start",
    consumption_per: null,
    metric: "node-locked",
  },
} as const;

export interface Sale {
  orderId: string;
  orderedAt: string;
  customerId?: string;
  sku?: string;
  brand?: string;
  model?: keyof typeof models;
  quantity?: number;
  /** Price of one seat, in minor units. */
  price?: number;
  currency?: string;
  channel?: string;
  country?: string | null;
  priceBand?: string | null;
  isTest?: boolean;
  deliveredAt?: string;
  /** From when on it may be used; when it was ordered, unless stated. */
  startsAt?: string;
  endsAt?: string | null;
  /** Which system said so; `api`, unless stated. */
  source?: string;
}

/** The entitlement that a sale grants. */
export const entitlementOf = ({ orderId }: Pick<Sale, "orderId">) => `ent-${orderId}-1`;

/** An order of one line: `order.recorded` and `entitlement.granted`. */
export function sale(facts: Sale): Draft[] {
  const { orderId, orderedAt, customerId = "C-1", sku = "CAD-PRO", brand = "Atlas", quantity = 1 } = facts;
  const {
    price = 10_000,
    currency = "EUR",
    channel = "direct",
    country = "DE",
    priceBand = "standard",
    isTest = false,
  } = facts;
  const { model = "sub-node", startsAt = orderedAt, source = "api" } = facts;
  const { duration, ...described } = models[model];
  const days = duration === "P1Y" ? 365 : 30;
  const endsAt =
    facts.endsAt === undefined
      ? duration && new Date(Date.parse(orderedAt) + days * 86_400_000).toISOString().replace("Z", "000Z")
      : facts.endsAt;
  const keys = { customer_id: customerId, order_id: orderId, source, occurred_at: orderedAt };
  const money = {
    quantity,
    unit_amount_minor: price,
    amount_minor: quantity * price,
    currency,
    price_band: priceBand,
  };
  return [
    {
      ...keys,
      type: "order.recorded",
      data: {
        ordered_at: orderedAt,
        channel,
        is_test: isTest,
        country,
        lines: [
          {
            line_number: 1,
            entitlement_id: entitlementOf(facts),
            sku,
            license_model: model,
            ...money,
            starts_at: startsAt,
          },
        ],
      },
    },
    {
      ...keys,
      type: "entitlement.granted",
      entitlement_id: entitlementOf(facts),
      sku,
      data: {
        line_number: 1,
        product: { sku, name: `Product ${sku}`, brand, features: ["3d"] },
        model: { id: model, ...described, duration, consumption_per: null },
        policy: model === "perp-float" ? { lease: "PT8H" } : {},
        ...money,
        channel,
        country,
        is_test: isTest,
        ordered_at: orderedAt,
        delivered_at: facts.deliveredAt ?? orderedAt,
        starts_at: startsAt,
        ends_at: endsAt,
        maintenance_ends_at: null,
        parent_entitlement_id: null,
      },
    },
  ];
}

export interface Binding {
  at: string;
  activationId: string;
  customerId?: string;
  sku?: string;
  host?: string | null;
  user?: string | null;
  os?: string;
  osVersion?: string | null;
  arch?: string;
  generation?: number;
  /** Why the seat was bound; a later generation is a move to another host, unless stated. */
  reason?: "activated" | "rehosted" | "repaired";
  /** Which system said so; `api`, unless stated. */
  source?: string;
}

const seatKeys = (
  of: Pick<Sale, "orderId">,
  { at, activationId, customerId = "C-1", sku = "CAD-PRO", source = "api" }: Binding,
) => ({
  customer_id: customerId,
  order_id: of.orderId,
  entitlement_id: entitlementOf(of),
  activation_id: activationId,
  sku,
  source,
  occurred_at: at,
});

/** A seat taken: `activation.bound` and its `license.issued`. */
export function bind(of: Pick<Sale, "orderId">, binding: Binding): Draft[] {
  const { activationId, generation = 1, host = `host-${activationId}`, user = null } = binding;
  const { os = "windows", osVersion = "11", arch = "amd64" } = binding;
  const platform = { os_type: os, os_version: osVersion, arch, app_version: "7.2" };
  const reason = binding.reason ?? (generation === 1 ? "activated" : "rehosted");
  return [
    {
      ...seatKeys(of, binding),
      type: "activation.bound",
      data: {
        ...platform,
        generation,
        reason,
        host_hash: host,
        user_hash: user,
        os_type_raw: null,
        arch_raw: null,
      },
    },
    {
      ...seatKeys(of, binding),
      type: "license.issued",
      license_id: `lic-${activationId}-${generation}`,
      data: { generation, not_before: binding.at, expires_at: null, reason },
    },
  ];
}

/** A seat whose lease ran out. */
export function end(of: Pick<Sale, "orderId">, binding: Pick<Binding, "at" | "activationId">): Draft[] {
  return [{ ...seatKeys(of, binding), type: "activation.ended", data: { reason: "lease_ended" } }];
}

/** A host turned away. */
export function refuse(of: Pick<Sale, "orderId">, at: string, code = "no_seats_left"): Draft[] {
  const { activation_id: _none, ...keys } = seatKeys(of, { at, activationId: "" });
  const platform = { os_type: "linux", os_version: null, arch: "arm64", app_version: null };
  return [
    {
      ...keys,
      type: "activation.refused",
      data: {
        request: "activate",
        ...platform,
        code,
        rule: "seats",
        passes_at: null,
        host_hash: "host-refused",
      },
    },
  ];
}

/** An order taken back, with its entitlement. */
export function cancel(of: Pick<Sale, "orderId">, at: string, seatsEnded = 0, customerId = "C-1"): Draft[] {
  const keys = { customer_id: customerId, order_id: of.orderId, source: "api", occurred_at: at };
  return [
    { ...keys, type: "order.cancelled", data: { reason: "customer_request" } },
    {
      ...keys,
      type: "entitlement.cancelled",
      entitlement_id: entitlementOf(of),
      data: { reason: "customer_request", seats_ended: seatsEnded },
    },
  ];
}

/** A catalog of two products and two models. */
export function catalog(at: string, version = "2026-01"): Draft[] {
  return [
    {
      type: "catalog.published",
      source: "api",
      occurred_at: at,
      data: {
        version,
        products: [
          { sku: "CAD-PRO", name: "Atlas CAD Pro", brand: "Atlas", features: ["3d", "export"] },
          {
            sku: "CAD-LT",
            name: "Atlas CAD Light",
            brand: "Atlas",
            version: "3",
            features: [],
            defaultLicenseModel: "trial",
          },
        ],
        license_models: [
          {
            id: "sub-node",
            name: "Annual, node-locked",
            term: { kind: "subscription", duration: "P1Y", from: "start" },
            metric: "node-locked",
            policy: { rehosts: { count: 2, per: "P1Y" }, lease: "P30D", overdraft: "10%" },
          },
          {
            id: "perp-float",
            name: "Perpetual, floating",
            term: { kind: "perpetual" },
            metric: "floating",
            policy: { lease: "PT8H" },
          },
        ],
        price_bands: [{ id: "standard", below: 1_000_000 }, { id: "high-touch" }],
      },
    },
  ];
}
