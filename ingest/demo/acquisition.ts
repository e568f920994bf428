// Pure. What the deal does to the list of customers: who was one of both brands is there twice, until the lists are merged.

import { ACQUIRED_AT, MERGED_AT, type Time } from "./calendar.ts";
import type { Brand } from "./catalog.ts";
import type { Customer } from "./customers.ts";

/**
 * The number by which a customer orders. The shop of the acquired brand goes on with its own list for some weeks, so who
 * bought of Atlas before has a second number there; who is new to both is entered in the common list at once.
 */
export function customerNumber({ id, bought }: Customer, brand: Brand, at: Time): string {
  const isTwin =
    brand === "Lumora" &&
    at >= ACQUIRED_AT &&
    at < MERGED_AT &&
    bought.some((offer) => offer.brand === "Atlas");
  return isTwin ? twinOf(id) : id;
}

const twinOf = (id: string) => `L${id.slice(1)}`;
