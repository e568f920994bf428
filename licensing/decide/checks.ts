// Pure. Checks that several commands share: small, each about one thing. A command lists those that it needs, and the
// first that refuses is the answer.

import { type Entitlement, statusAt } from "../entitlement.ts";
import { formatInstant, type Instant } from "../instant.ts";
import { type Refusal, refuse } from "../refusal.ts";

export type Check = (entitlement: Entitlement, now: Instant) => Refusal | null;

/** The first refusal of a list of checks, in their order. */
export function firstRefusal(
  checks: readonly Check[],
  entitlement: Entitlement,
  now: Instant,
): Refusal | null {
  for (const check of checks) {
    const refusal = check(entitlement, now);
    if (refusal) return refusal;
  }
  return null;
}

export const notBeforeOrder: Check = ({ orderedAt }, now) =>
  now < orderedAt
    ? refuse(
        "history_out_of_order",
        `The order was placed later, at ${formatInstant(orderedAt)}: nothing of it could be used before.`,
      )
    : null;

export const notBeforeCancellation: Check = ({ cancelledAt }, now) =>
  cancelledAt !== null && now < cancelledAt
    ? refuse(
        "history_out_of_order",
        `The order was cancelled later, at ${formatInstant(cancelledAt)}: bring the history of an order in the order in which it happened.`,
      )
    : null;

const notCancelled: Check = (entitlement, now) =>
  statusAt(entitlement, now) === "cancelled"
    ? refuse(
        "entitlement_cancelled",
        `The order ${entitlement.orderId} was cancelled, and its licenses ended with it.`,
      )
    : null;

export const notSuspended: Check = ({ suspendedAt }) =>
  suspendedAt === null
    ? null
    : refuse(
        "entitlement_suspended",
        `The license is suspended since ${formatInstant(suspendedAt)}: the vendor can reinstate it.`,
      );

export const hasStarted: Check = (entitlement, now) =>
  statusAt(entitlement, now) === "not_started"
    ? refuse("entitlement_not_started", `The license starts at ${formatInstant(entitlement.startsAt)}.`, {
        passesAt: entitlement.startsAt,
      })
    : null;

const notExpired: Check = (entitlement, now) =>
  statusAt(entitlement, now) === "expired"
    ? refuse(
        "entitlement_expired",
        `The license ended at ${formatInstant(entitlement.endsAt ?? now)}: renew it to use it again.`,
      )
    : null;

/** What was before a change is not decided by what the right is since. */
export const notBeforeChange: Check = ({ changedAt }, now) =>
  changedAt !== null && now < changedAt
    ? refuse(
        "history_out_of_order",
        `The license was changed later, at ${formatInstant(changedAt)}: bring the history of an order in the order in which it happened.`,
      )
    : null;

/** What every change of a right needs, in the order of precedence. */
export const changeable: readonly Check[] = [
  notBeforeOrder,
  notBeforeCancellation,
  notCancelled,
  notBeforeChange,
];

/** What every use of a seat needs, in the order of precedence. */
export const inForce: readonly Check[] = [...changeable, notSuspended, hasStarted, notExpired];

/** What lessens a right comes after what made use of it. */
export const notBeforeUse: Check = ({ lastBoundAt }, now) =>
  lastBoundAt !== null && now < lastBoundAt
    ? refuse("history_out_of_order", `A seat was taken later, at ${formatInstant(lastBoundAt)}.`)
    : null;
