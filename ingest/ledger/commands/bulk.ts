// Many activations in one transaction: the vendor's bulk generation of licenses.

import type { CommandContext, Outcome } from "../outcome.ts";
import { activate, boundTo, open, type SeatOutcome } from "./seats.ts";

/** One activation of many. */
export type BulkItem = Parameters<typeof activate>[1];

/**
 * Gives every host its seat, in order, each as {@link activate} does: what is refused changes nothing for the others. An
 * entitlement is read and written once, however many seats of it are taken, and all seats are looked up at once.
 */
export function activateAll(
  context: CommandContext,
  { items }: { items: readonly BulkItem[] },
): Outcome<Outcome<SeatOutcome>[]> {
  const { store } = context;
  store.lookUpSeats(
    items.flatMap((item) => {
      const entitlement = open(store, item.entitlement);
      return entitlement ? [{ entitlement, binding: boundTo(entitlement, item.activate) }] : [];
    }),
  );
  const outcomes = items.map((item) => activate(context, item));
  return { ok: true, isNew: outcomes.some((outcome) => outcome.ok && outcome.isNew), value: outcomes };
}
