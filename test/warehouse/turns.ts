// The turns that an entitlement can take, as drafts of events. What an event says of the whole (the quantity, the end of
// the term) is stated by the caller, as the ledger would have known it when it recorded the event.

import type { Draft } from "../../ingest/event.ts";
import { type Binding, entitlementOf, models, type Sale } from "./facts.ts";

/** Whose and which, and when. The names default to those of a sale. */
export interface Turn {
  at: string;
  customerId?: string;
  sku?: string;
  by?: string;
  reason?: string;
}

/** A turn that may have been paid for: `price` in minor units, of euros unless stated. */
export interface PaidTurn extends Turn {
  price?: number;
  currency?: string;
}

type Of = Pick<Sale, "orderId"> & { entitlementId?: string };

const keysOf = (of: Of, { at, customerId = "C-1", sku = "CAD-PRO" }: Turn) => ({
  customer_id: customerId,
  order_id: of.orderId,
  entitlement_id: of.entitlementId ?? entitlementOf(of),
  sku,
  source: "api",
  occurred_at: at,
});

const paidOf = ({ price, currency = "EUR", ...turn }: PaidTurn) => ({
  ...decreeOf(turn),
  ...(price === undefined ? {} : { price: { amount_minor: price, currency } }),
});

const decreeOf = ({ by = "support", reason = "asked by phone" }: Turn) => ({ by, reason });

/** A new term after the last one. */
export function renew(of: Of, turn: PaidTurn & { startsAt: string; endsAt: string }): Draft {
  const { startsAt, endsAt } = turn;
  const data = { ...paidOf(turn), starts_at: startsAt, ends_at: endsAt, maintenance_ends_at: null };
  return { ...keysOf(of, turn), type: "entitlement.renewed", data };
}

/** Another product, another model, or both. */
export function upgrade(
  of: Of,
  turn: PaidTurn & { sku: string; model: keyof typeof models; endsAt: string | null },
): Draft {
  const data: Extract<Draft, { type: "entitlement.upgraded" }>["data"] = {
    ...paidOf(turn),
    product: { sku: turn.sku, name: `Product ${turn.sku}`, brand: "Atlas", features: ["3d", "5-axis"] },
    model: { id: turn.model, ...models[turn.model] },
    policy: {},
    ends_at: turn.endsAt,
    maintenance_ends_at: null,
  };
  return { ...keysOf(of, turn), type: "entitlement.upgraded", data };
}

/** More seats. */
export function extend(of: Of, turn: PaidTurn & { added: number; quantity: number }): Draft {
  const { added, quantity } = turn;
  return {
    ...keysOf(of, turn),
    type: "entitlement.extended",
    data: { ...paidOf(turn), quantity, added },
  };
}

/** Seats that become an entitlement of their own: `entitlement.split`, and the part's `entitlement.granted`. */
export function split(
  of: Of,
  whole: readonly Draft[],
  turn: Turn & { moved: number; quantity: number; child: string; childCustomerId?: string },
): Draft[] {
  const { moved, quantity, child } = turn;
  const keys = keysOf(of, turn);
  const granted = whole.find((draft) => draft.type === "entitlement.granted");
  if (granted?.type !== "entitlement.granted") throw new TypeError("a split is of something granted");
  return [
    {
      ...keys,
      type: "entitlement.split",
      data: { ...decreeOf(turn), quantity, moved, child_entitlement_id: child },
    },
    {
      ...keys,
      type: "entitlement.granted",
      entitlement_id: child,
      customer_id: turn.childCustomerId ?? keys.customer_id,
      data: {
        ...granted.data,
        quantity: moved,
        unit_amount_minor: 0,
        amount_minor: 0,
        ordered_at: turn.at,
        delivered_at: turn.at,
        parent_entitlement_id: keys.entitlement_id,
      },
    },
  ];
}

/** Money that goes back for an order's first line. */
export function refund(
  of: Pick<Sale, "orderId">,
  turn: Pick<PaidTurn, "at" | "currency" | "reason"> & {
    amount: number;
    refundId: string;
    kind?: "refund" | "credit";
    quantity?: number;
  },
): Draft {
  const { at, amount, currency = "EUR", reason = "unhappy", refundId, kind = "refund", quantity = 0 } = turn;
  return {
    type: "order.refunded",
    order_id: of.orderId,
    customer_id: "C-1",
    source: "api",
    occurred_at: at,
    data: {
      refund_id: refundId,
      kind,
      reason,
      lines: [{ line_number: 1, amount_minor: amount, currency, quantity }],
    },
  };
}

/** The whole right goes to another customer. */
export function transfer(of: Of, turn: Turn & { from: string; customerId: string }): Draft {
  return {
    ...keysOf(of, turn),
    type: "entitlement.transferred",
    data: { ...decreeOf(turn), from_customer_id: turn.from },
  };
}

/** The right rests, or is in force again. */
export function suspend(of: Of, turn: Turn): Draft {
  return { ...keysOf(of, turn), type: "entitlement.suspended", data: decreeOf(turn) };
}
export function reinstate(of: Of, turn: Turn): Draft {
  return { ...keysOf(of, turn), type: "entitlement.reinstated", data: decreeOf(turn) };
}

/** The term begins with the first activation. */
export function start(of: Of, turn: Turn & { endsAt: string }): Draft {
  const { at, endsAt } = turn;
  return { ...keysOf(of, turn), type: "entitlement.started", data: { starts_at: at, ends_at: endsAt } };
}

/** Staff allows one entitlement more. */
export function override(of: Of, turn: Turn): Draft {
  const policy = { rehosts: { count: 9, per: "P1Y" } };
  return {
    ...keysOf(of, turn),
    type: "entitlement.policy_overridden",
    data: { ...decreeOf(turn), changes: policy, policy },
  };
}

/** A short license beside a seat. */
export function lend(
  of: Of,
  turn: Turn & {
    activationId: string;
    host: string;
    endsAt: string;
    kind?: "failure" | "renewal_pending" | "vendor_mistake";
    generation?: number;
  },
): Draft {
  const { at, activationId, host, endsAt, kind = "failure", generation = 1 } = turn;
  return {
    ...keysOf(of, turn),
    type: "license.lent",
    activation_id: activationId,
    license_id: `tmp-${activationId}-${kind}`,
    data: { kind, host_hash: host, generation, not_before: at, expires_at: endsAt },
  };
}

/** Units of a metered right; `used` is the ledger's count for the period. */
export function use(
  of: Of,
  turn: Turn & {
    activationId: string;
    units: number;
    used: number;
    overage?: number;
    period: [string, string];
  },
): Draft {
  const { activationId, units, used, overage = 0, period } = turn;
  return {
    ...keysOf(of, turn),
    type: "usage.recorded",
    activation_id: activationId,
    data: { units, used, overage, period_starts_at: period[0], period_ends_at: period[1] },
  };
}

/** A license that came back from a host which its seat had left. */
export function clone(
  of: Of,
  turn: Turn & { activationId: string; host: string; presented: number; generation: number },
): Draft {
  return {
    ...keysOf(of, turn),
    type: "activation.cloned",
    activation_id: turn.activationId,
    data: { presented_generation: turn.presented, generation: turn.generation, host_hash: turn.host },
  };
}

/** A seat given back, lent back, or taken away. */
export function giveBack(
  of: Of,
  turn: Turn & Pick<Binding, "activationId"> & { how: "returned" | "released" | "revoked" },
): Draft {
  return {
    ...keysOf(of, turn),
    type: "activation.ended",
    activation_id: turn.activationId,
    data: { reason: turn.how },
  };
}
