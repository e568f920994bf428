// Pure. More seats, seats that become an entitlement of their own, and a right that goes to another customer. Nothing of it
// makes a seat out of nothing, but for the seats that are bought.

import type { Policy } from "../policy.ts";
import { type Entitlement, keysOf } from "../entitlement.ts";
import type { Decree, EntitlementEvent, EntitlementGranted, PaidDecree } from "../events.ts";
import type { Allowance } from "../words.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Decision, refuse } from "../refusal.ts";
import { changeable, firstRefusal, notBeforeUse, notSuspended } from "./checks.ts";
import { statedModel } from "../terms.ts";
import { consumptionAt } from "./consume.ts";
import { exceeds } from "./upgrade.ts";

/** Decides an upsell: so many seats more, for what is left of the term. */
export function decideExtend(
  entitlement: Entitlement,
  added: number,
  decree: PaidDecree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal(changeable, entitlement, now);
  if (refusal) return { ok: false, refusal };
  const quantity = entitlement.quantity + added;
  return {
    ok: true,
    events: [
      { type: "entitlement.extended", ...keysOf(entitlement, now), data: { ...decree, quantity, added } },
    ],
  };
}

/** A part of an entitlement that becomes one of its own. */
export interface SplitCommand {
  /** Seats that move. */
  quantity: number;
  childEntitlementId: string;
  /** Whose the part is to be. */
  customerId: string;
}

/**
 * Decides a split. Bound seats stay with the parent, so it keeps enough for them; the child begins with none, the same
 * terms, and what is left of the allowances: otherwise a split would begin them anew.
 * @returns `entitlement.split` of the parent, and `entitlement.granted` of the child
 */
export function decideSplit(
  entitlement: Entitlement,
  command: SplitCommand,
  decree: Decree,
  now: Instant,
): { ok: true; events: [EntitlementEvent, EntitlementGranted] } | (Decision<never> & { ok: false }) {
  const quantity = entitlement.quantity - command.quantity;
  const refusal =
    // Otherwise a part of a right that rests would be in force.
    firstRefusal([...changeable, notSuspended, notBeforeUse], entitlement, now) ??
    (quantity < 1
      ? refuse(
          "seats_in_use",
          `There are ${entitlement.quantity} seats: one at least stays. Transfer the whole instead.`,
          {
            field: "quantity",
          },
        )
      : (exceeds({ ...entitlement, quantity }) ?? isConsumed(entitlement, quantity, now)));
  if (refusal) return { ok: false, refusal };
  const { childEntitlementId, customerId } = command;
  const text = (at: Instant | null) => (at === null ? null : formatInstant(at));
  const split: EntitlementEvent = {
    type: "entitlement.split",
    ...keysOf(entitlement, now),
    data: { ...decree, quantity, moved: command.quantity, child_entitlement_id: childEntitlementId },
  };
  const granted: EntitlementGranted = {
    type: "entitlement.granted",
    ...keysOf(entitlement, now),
    entitlement_id: childEntitlementId,
    customer_id: customerId,
    data: {
      line_number: entitlement.lineNumber,
      product: entitlement.product,
      model: statedModel(entitlement.model),
      policy: partOf(entitlement.policy),
      quantity: command.quantity,
      // The money was paid once, and stays with the line that was ordered.
      unit_amount_minor: 0,
      amount_minor: 0,
      currency: entitlement.sale.currency,
      price_band: entitlement.priceBand,
      channel: entitlement.sale.channel,
      country: entitlement.sale.country,
      is_test: entitlement.isTest,
      ordered_at: formatInstant(now),
      delivered_at: formatInstant(now),
      starts_at: formatInstant(entitlement.startsAt),
      ends_at: text(entitlement.endsAt),
      maintenance_ends_at: text(entitlement.maintenanceEndsAt),
      parent_entitlement_id: entitlement.entitlementId,
      inherited: { overrides: partOf(entitlement.overrides), uses: usesOf(entitlement) },
    },
  };
  return { ok: true, events: [split, granted] };
}

/** What was consumed stays with the parent, or it could be consumed once more. */
function isConsumed(entitlement: Entitlement, quantity: number, now: Instant) {
  if (entitlement.model.metric !== "metered") return null;
  const { used, periodEndsAt } = consumptionAt(entitlement, now);
  return used > quantity
    ? refuse("consumption_used_up", `${used} units are used in this period: as many stay at least.`, {
        field: "quantity",
        ...(periodEndsAt === null ? {} : { passesAt: periodEndsAt }),
      })
    : null;
}

/** The policy of a part. An overdraft that is counted in seats stays with the parent: both having it would make seats. */
function partOf({ overdraft, ...policy }: Policy): Policy {
  return typeof overdraft === "string" ? { ...policy, overdraft } : policy;
}

function usesOf({ uses }: Entitlement): Record<Allowance, string[]> {
  const { rehosts, returns, repairs, temporary } = uses;
  const texts = (times: Instant[]) => times.map((time) => formatInstant(time));
  return {
    rehosts: texts(rehosts),
    returns: texts(returns),
    repairs: texts(repairs),
    temporary: texts(temporary),
  };
}

/** Decides a transfer of the whole right to another customer, with its seats. To the same customer is no news. */
export function decideTransfer(
  entitlement: Entitlement,
  toCustomerId: string,
  decree: Decree,
  now: Instant,
): Decision<EntitlementEvent> {
  const refusal = firstRefusal([...changeable, notBeforeUse], entitlement, now);
  if (refusal) return { ok: false, refusal };
  if (entitlement.customerId === toCustomerId) return { ok: true, events: [] };
  return {
    ok: true,
    events: [
      {
        type: "entitlement.transferred",
        ...keysOf(entitlement, now),
        customer_id: toCustomerId,
        data: { ...decree, from_customer_id: entitlement.customerId },
      },
    ],
  };
}
