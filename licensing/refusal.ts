// Pure. Every way in which the rules turn a request away: a stable code, the rule behind it, and when it would pass.

import type { Instant } from "./instant.ts";

/** What each refusal means: the title that people read, and the rule that it enforces. Codes are part of the HTTP contract. */
export const refusals = {
  entitlement_cancelled: { rule: "status", title: "The order was cancelled" },
  history_out_of_order: { rule: "history", title: "Something later is already on record" },
  entitlement_suspended: { rule: "status", title: "The license is suspended" },
  entitlement_not_started: { rule: "term", title: "The license has not started yet" },
  entitlement_expired: { rule: "term", title: "The license has ended" },
  user_required: { rule: "metric", title: "This license is for named users" },
  no_seats_left: { rule: "seats", title: "All seats are in use" },
  host_has_seat: { rule: "seats", title: "This host has a seat already" },
  seats_in_use: { rule: "seats", title: "Too many seats are in use" },
  seats_not_taken_back: { rule: "seats", title: "Seats that were sold are not taken back" },
  seat_ended: { rule: "seats", title: "The seat was given up" },
  license_superseded: { rule: "generation", title: "The seat has moved to another host" },
  wrong_host: { rule: "host", title: "The seat belongs to another host" },
  not_floating: { rule: "metric", title: "This license is not lent" },
  not_metered: { rule: "metric", title: "This license is not metered" },
  consumption_used_up: { rule: "consumption", title: "Nothing is left of this period" },
  rehosts_used_up: { rule: "rehosts", title: "No moves are left" },
  returns_used_up: { rule: "returns", title: "No returns are left" },
  repairs_used_up: { rule: "repairs", title: "No repairs are left" },
  releases_used_up: { rule: "releases", title: "Too many released seats still run" },
  temporary_used_up: { rule: "temporary", title: "No temporary licenses are left" },
  offline_not_allowed: { rule: "offline", title: "This license needs a connection" },
  borrow_not_allowed: { rule: "borrow", title: "This license cannot be borrowed" },
  nothing_to_renew: { rule: "term", title: "This license has no term" },
  term_too_long: { rule: "term", title: "The term would end too late" },
  endless_term: { rule: "term", title: "This license model has no end" },
  unknown_sku: { rule: "catalog", title: "The catalog has no such product" },
  unknown_license_model: { rule: "catalog", title: "The catalog has no such license model" },
  license_model_missing: {
    rule: "catalog",
    title: "Neither the order nor the product names a license model",
  },
  amount_too_large: { rule: "money", title: "The amount is too large to be exact" },
  refund_too_large: { rule: "money", title: "More than is left of what was paid" },
  order_voided: { rule: "payment", title: "The order was voided" },
  order_unpaid: { rule: "payment", title: "The order is not paid" },
  no_catalog: { rule: "catalog", title: "There is no catalog yet" },
} as const satisfies Record<string, { rule: string; title: string }>;

export type RefusalCode = keyof typeof refusals;

/** A request that the rules turned away. It changed nothing. */
export interface Refusal {
  code: RefusalCode;
  /** The rule that refused: `seats`, `term`, … */
  rule: string;
  /** One sentence for the person at the other end: what is wrong, and what to do next. */
  detail: string;
  /** When the same request would pass; absent where time alone changes nothing. */
  passesAt?: Instant;
  /** The part of the request that is at fault, as a path such as `lines[0].sku`; absent where it is none. */
  field?: string;
}

/** Makes a refusal; its rule follows from its code. */
export function refuse(
  code: RefusalCode,
  detail: string,
  more: Pick<Refusal, "passesAt" | "field"> = {},
): Refusal {
  return { code, rule: refusals[code].rule, detail, ...more };
}

/** What the rules answer: the facts to be recorded, or a refusal. */
export type Decision<E> = { ok: true; events: E[] } | { ok: false; refusal: Refusal };
