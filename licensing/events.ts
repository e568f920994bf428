// Pure. What can happen to an entitlement. These facts are written once and never change, so they are in the form in
// which they are stored and analyzed: snake_case, times as RFC 3339 text, money in minor units.

import type { Policy } from "./policy.ts";
import type { Allowance, Metric, SeatRequest, TemporaryKind, TermBasis, TermKind } from "./words.ts";

/** Whom and what an event of an entitlement is about, and when it happened. */
export interface EntitlementKeys {
  entitlement_id: string;
  order_id: string;
  customer_id: string;
  sku: string;
  occurred_at: string;
}

/** A right was granted by an order line: everything that later decisions need, so that none looks the catalog up. */
export interface EntitlementGranted extends EntitlementKeys {
  type: "entitlement.granted";
  data: {
    line_number: number;
    product: { sku: string; name: string; brand: string; version?: string; features: string[] };
    model: {
      id: string;
      name: string;
      term: TermKind;
      duration: string | null;
      expires_from: TermBasis;
      /** How long a metered quantity lasts before it begins anew; null where it never does, or nothing is metered. */
      consumption_per: string | null;
      metric: Metric;
    };
    policy: Policy;
    quantity: number;
    unit_amount_minor: number;
    amount_minor: number;
    currency: string;
    price_band: string | null;
    channel: string;
    country: string | null;
    is_test: boolean;
    ordered_at: string;
    delivered_at: string;
    starts_at: string;
    /** When the term ends; null where it never does, or where it begins with the first activation. */
    ends_at: string | null;
    /** Releases up to this time may be run; null for all of them. */
    maintenance_ends_at: string | null;
    parent_entitlement_id: string | null;
    /** What a part of another right brings along; absent where an order line was granted. */
    inherited?: {
      /** What staff allowed the whole ({@link PolicyOverridden}). */
      overrides: Policy;
      /** When each allowance was made use of: a part begins with what is left. */
      uses: Record<Allowance, string[]>;
    };
  };
}

/** The right ended before its term: all seats are given up, all licenses are withdrawn. */
export interface EntitlementCancelled extends EntitlementKeys {
  type: "entitlement.cancelled";
  data: { reason: string; seats_ended: number };
}

/** A host (or a user) took a seat. */
export interface ActivationBound extends EntitlementKeys {
  type: "activation.bound";
  activation_id: string;
  data: {
    /** 1 for a new seat; one more each time that the seat moves. */
    generation: number;
    reason: "activated" | "rehosted" | "repaired";
    /** Keyed hash of the host ID; null where the metric binds a user and the host was not told. */
    host_hash: string | null;
    /** Keyed hash of the user, where the metric binds one. */
    user_hash: string | null;
    os_type: string;
    os_version: string | null;
    arch: string;
    /** What the client called its system and processor, where normalizing changed it. */
    os_type_raw: string | null;
    arch_raw: string | null;
    app_version: string | null;
  };
}

/** A seat became free. */
export interface ActivationEnded extends EntitlementKeys {
  type: "activation.ended";
  activation_id: string;
  data: { reason: "lease_ended" | "returned" | "released" | "revoked" };
}

/** A license was made for a seat. The token is not stored: the same facts sign to the same bytes. */
export interface LicenseIssued extends EntitlementKeys {
  type: "license.issued";
  activation_id: string;
  license_id: string;
  data: {
    generation: number;
    not_before: string;
    expires_at: string | null;
    reason: "activated" | "reissued" | "refreshed" | "rehosted" | "repaired";
  };
}

/** A host was turned away: what a product manager most wants to see. */
export interface ActivationRefused extends EntitlementKeys {
  type: "activation.refused";
  data: {
    /** What was asked for: `activate`, `refresh`, … */
    request: SeatRequest;
    code: string;
    rule: string;
    /** When the same request would pass, where that is known. */
    passes_at: string | null;
    host_hash: string | null;
    /** Null where the request states no platform. */
    os_type: string | null;
    os_version: string | null;
    arch: string | null;
    app_version: string | null;
  };
}

/** A license came back from a host that its seat had left: a copy that should not be. */
export interface ActivationCloned extends EntitlementKeys {
  type: "activation.cloned";
  activation_id: string;
  data: { presented_generation: number; generation: number; host_hash: string | null };
}

/** A metered right was made use of. */
export interface UsageRecorded extends EntitlementKeys {
  type: "usage.recorded";
  activation_id: string;
  data: {
    units: number;
    /** Units of the period, with these. */
    used: number;
    /** Of these units, those beyond the quantity that was bought. */
    overage: number;
    period_starts_at: string;
    period_ends_at: string | null;
  };
}

/** A short license was made beside the seats, to cover a failure, a late renewal, or a mistake of the vendor's. */
export interface LicenseLent extends EntitlementKeys {
  type: "license.lent";
  activation_id: string;
  license_id: string;
  data: {
    kind: TemporaryKind;
    host_hash: string;
    generation: number;
    not_before: string;
    expires_at: string;
  };
}

/** The right rests: nothing is made or refreshed until it is reinstated. */
export interface EntitlementSuspended extends EntitlementKeys {
  type: "entitlement.suspended";
  data: Decree;
}

/** The right is in force again. */
export interface EntitlementReinstated extends EntitlementKeys {
  type: "entitlement.reinstated";
  data: Decree;
}

/** The term begins with the first activation, and did. */
export interface EntitlementStarted extends EntitlementKeys {
  type: "entitlement.started";
  data: { starts_at: string; ends_at: string };
}

/** A new term follows the last one. */
export interface EntitlementRenewed extends EntitlementKeys {
  type: "entitlement.renewed";
  data: PaidDecree & { starts_at: string; ends_at: string; maintenance_ends_at: string | null };
}

/** The right is for another product, or under another license model, from now on. */
export interface EntitlementUpgraded extends EntitlementKeys {
  type: "entitlement.upgraded";
  data: PaidDecree &
    Pick<EntitlementGranted["data"], "product" | "model" | "policy" | "ends_at" | "maintenance_ends_at">;
}

/** More seats were bought. */
export interface EntitlementExtended extends EntitlementKeys {
  type: "entitlement.extended";
  data: PaidDecree & { quantity: number; added: number };
}

/** Some seats became an entitlement of their own, which begins with the event `entitlement.granted` and names this one. */
export interface EntitlementSplit extends EntitlementKeys {
  type: "entitlement.split";
  data: Decree & { quantity: number; moved: number; child_entitlement_id: string };
}

/** The right went to another customer, whole. Its `customer_id` is the new one. */
export interface EntitlementTransferred extends EntitlementKeys {
  type: "entitlement.transferred";
  data: Decree & { from_customer_id: string };
}

/** Staff allowed one entitlement more, or less, than its license model does. */
export interface PolicyOverridden extends EntitlementKeys {
  type: "entitlement.policy_overridden";
  data: Decree & {
    /** What was said; it stays in force when the license model changes. */
    changes: Policy;
    /** What holds with it. */
    policy: Policy;
  };
}

/** Who decided it, and why. `by` names an API key, or `customer`. */
export interface Decree {
  by: string;
  reason: string;
}

/** The same of a change that may have been paid for; no price where nothing was said of it. */
export interface PaidDecree extends Decree {
  price?: { amount_minor: number; currency: string };
}

/** An event of one entitlement, as the rules make it; `ingest` puts it into an envelope. */
export type EntitlementEvent =
  | EntitlementGranted
  | EntitlementCancelled
  | ActivationBound
  | ActivationEnded
  | LicenseIssued
  | ActivationRefused
  | ActivationCloned
  | LicenseLent
  | UsageRecorded
  | EntitlementSuspended
  | EntitlementReinstated
  | EntitlementStarted
  | EntitlementRenewed
  | EntitlementUpgraded
  | EntitlementExtended
  | EntitlementSplit
  | EntitlementTransferred
  | PolicyOverridden;
