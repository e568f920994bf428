// Entitlements: what becomes of a right after it was granted.

import {
  type Decision,
  decideExtend,
  decideOverride,
  decideReinstate,
  decideRenew,
  decideSplit,
  decideSuspend,
  decideTransfer,
  decideUpgrade,
  type Decree,
  type Entitlement,
  type EntitlementEvent,
  type EntitlementState,
  type Instant,
  type PaidDecree,
  type Policy,
  type Refusal,
  refuse,
  type Seat,
} from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import { rightOf } from "../granted.ts";
import { fitsMoney, notePaid } from "../money-rows.ts";
import { newestCatalog } from "../queries.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";

/** What was paid for a change, in minor units; undefined where nothing is said of it. */
type Price = { amount: number; currency: string } | undefined;
/** What is to become of an entitlement. */
export type EntitlementChange =
  | { kind: "suspend" }
  | { kind: "reinstate" }
  | { kind: "renew"; duration?: string | undefined; price?: Price }
  | { kind: "upgrade"; sku?: string | undefined; licenseModel?: string | undefined; price?: Price }
  | { kind: "extend"; added: number; price?: Price }
  | { kind: "transfer"; customerId: string }
  | { kind: "override"; policy: Policy };

interface Common {
  decree: Decree;
  occurredAt: Instant | null;
  source: string;
}

/** Changes one entitlement. */
export function changeEntitlement(
  { store }: CommandContext,
  command: Common & { entitlementId: string; change: EntitlementChange },
): Outcome<{ entitlement: Entitlement }> {
  const found = store.entitlement(command.entitlementId);
  if (!found) return rejected("unknown_entitlement", `There is no entitlement ${command.entitlementId}.`);
  const { entitlement } = found;
  const refusal = tooMuch(store, entitlement, command);
  if (refusal) return { ok: false, refusal };
  const decision = decide(store, entitlement, command);
  if (!decision.ok) return decision;
  const next = store.record(bare(entitlement), decision.events, command.source);
  const price = priceOf(command);
  if (price) {
    const { orderId, lineNumber } = entitlement;
    const at = command.occurredAt ?? store.now;
    notePaid(store.sql, { orderId, lineNumber, currency: price.currency, amountMinor: price.amount, at });
  }
  return { ok: true, isNew: decision.events.length > 0, value: { entitlement: next.entitlement } };
}

const priceOf = ({ change }: { change: EntitlementChange }): Price =>
  "price" in change ? change.price : undefined;

/** The money of a line stays what a number holds exactly. */
function tooMuch(
  store: CommandContext["store"],
  { orderId, lineNumber }: Entitlement,
  command: { change: EntitlementChange },
): Refusal | null {
  const price = priceOf(command);
  if (!price) return null;
  const { amount: amountMinor, currency } = price;
  return fitsMoney(store.sql, { orderId, lineNumber, currency, amountMinor })
    ? null
    : refuse(
        "amount_too_large",
        "With this, more than 2^53 minor units would be paid for the order's line.",
        {
          field: "price.amount",
        },
      );
}

function decide(
  store: CommandContext["store"],
  entitlement: Entitlement,
  { change, decree, occurredAt }: Common & { change: EntitlementChange },
): Decision<EntitlementEvent> {
  const now = occurredAt ?? store.now;
  const catalog = newestCatalog(store.sql)?.catalog;
  const paid = paidDecree(decree, priceOf({ change }));
  switch (change.kind) {
    case "suspend":
      return decideSuspend(entitlement, decree, now);
    case "reinstate":
      return decideReinstate(entitlement, decree, now);
    case "renew": {
      const model = catalog?.licenseModels.find(({ id }) => id === entitlement.model.id);
      return decideRenew(entitlement, model, change.duration, paid, now);
    }
    case "upgrade":
      if (!catalog) throw new TypeError("there is an entitlement, and no catalog that it was granted by");
      return decideUpgrade(entitlement, change, catalog, paid, now);
    case "extend":
      return decideExtend(entitlement, change.added, paid, now);
    case "transfer":
      return decideTransfer(entitlement, change.customerId, decree, now);
    case "override":
      return decideOverride(entitlement, change.policy, decree, now);
  }
}

/** A decree with what was paid for it, in the form of events. */
const paidDecree = (decree: Decree, price: Price): PaidDecree =>
  price ? { ...decree, price: { amount_minor: price.amount, currency: price.currency } } : decree;

/** Makes some seats of an entitlement one of their own, for the same customer or for another. */
export function splitEntitlement(
  { store, shard }: CommandContext,
  command: Common & { entitlementId: string; quantity: number; customerId: string | null },
): Outcome<{ entitlement: Entitlement; child: Entitlement; activationCode: string }> {
  const found = store.entitlement(command.entitlementId);
  if (!found) return rejected("unknown_entitlement", `There is no entitlement ${command.entitlementId}.`);
  const { entitlement } = found;
  const decision = decideSplit(
    entitlement,
    {
      quantity: command.quantity,
      childEntitlementId: newId("ent", shard),
      customerId: command.customerId ?? entitlement.customerId,
    },
    command.decree,
    command.occurredAt ?? store.now,
  );
  if (!decision.ok) return decision;
  const [split, granted] = decision.events;
  const next = store.record(bare(entitlement), [split], command.source);
  store.append({ ...granted, source: command.source });
  const right = rightOf(granted, shard);
  store.insertEntitlement(right);
  const { entitlement: child, activationCode } = right;
  return { ok: true, isNew: true, value: { entitlement: next.entitlement, child, activationCode } };
}

/** None of these looks at a seat. */
const bare = (entitlement: Entitlement): EntitlementState => ({
  entitlement,
  seats: new Map<string, Seat>(),
});
