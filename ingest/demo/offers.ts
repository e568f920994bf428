// Pure. The price list, and how well each offer sells.

import type { Brand, ModelId, Sku } from "./catalog.ts";

/** One way to buy one product. */
export interface Offer {
  brand: Brand;
  sku: Sku;
  model: ModelId;
  /** List price of a seat in euro cents. */
  listPrice: number;
  /** How often it is bought, against the others of its brand. */
  weight: number;
  /** Seats that a mid-sized company buys at a time; "site" sells one right for all computers. */
  usualSeats: number;
}

const offer = (
  brand: Brand,
  sku: Sku,
  model: ModelId,
  listPrice: number,
  weight: number,
  usualSeats: number,
): Offer => ({ brand, sku, model, listPrice, weight, usualSeats });

export const offers: readonly Offer[] = [
  offer("Atlas", "CAD-PRO", "perpetual-node", 249_000, 7, 1.6),
  offer("Atlas", "CAD-PRO", "annual-node", 89_900, 17, 2.2),
  offer("Atlas", "CAD-PRO", "annual-float", 149_900, 6, 3),
  offer("Atlas", "CAD-PRO", "trial-30", 0, 8, 1),
  offer("Atlas", "CAD-LT", "perpetual-node", 49_900, 13, 1.4),
  offer("Atlas", "CAD-LT", "annual-node", 17_900, 14, 1.8),
  offer("Atlas", "CAD-LT", "quarter-node", 6_900, 9, 1.6),
  offer("Atlas", "CAD-LT", "trial-30", 0, 6, 1),
  offer("Atlas", "CAM", "annual-node", 59_900, 9, 1.5),
  offer("Atlas", "CAM", "quarter-node", 21_000, 5, 1.8),
  offer("Atlas", "CAM", "annual-float", 98_000, 3, 2.5),
  offer("Atlas", "VIEW", "perpetual-node", 1_900, 14, 2.6),
  offer("Atlas", "VIEW", "annual-site", 145_000, 3, 1),
  offer("Lumora", "LUM-STUDIO", "user-annual", 35_900, 22, 2),
  offer("Lumora", "LUM-STUDIO", "user-quarter", 10_900, 16, 1.6),
  offer("Lumora", "LUM-STUDIO", "trial-14", 0, 12, 1),
  offer("Lumora", "LUM-SKETCH", "user-annual", 5_900, 12, 1.6),
  offer("Lumora", "LUM-SKETCH", "user-quarter", 1_900, 16, 1.3),
  offer("Lumora", "LUM-SKETCH", "pass-7", 700, 8, 1),
  offer("Lumora", "LUM-FARM", "farm-float", 69_000, 7, 4),
];

/** A currency as the price list knows it: units for a euro, and how many minor units make one (ISO 4217). */
const currencies = {
  EUR: { rate: 1, minorUnits: 100 },
  USD: { rate: 1.1, minorUnits: 100 },
  GBP: { rate: 0.86, minorUnits: 100 },
  JPY: { rate: 165, minorUnits: 1 },
} as const;
export type Currency = keyof typeof currencies;

/**
 * A seat's price in minor units of the customer's currency.
 * @param discount the share taken off, 0 for none
 */
export function priceOf({ listPrice }: Offer, currency: Currency, discount: number): number {
  const { rate, minorUnits } = currencies[currency];
  return Math.round((listPrice / 100) * rate * (1 - discount) * minorUnits);
}

/** The price of a seat of another offer, with the same discount; what nobody sells so costs as its closest does, a year at most. */
export function priceAs(
  { offer: from, unitAmount }: { offer: Offer; unitAmount: number },
  to: Offer,
): number {
  const listed = offers.find(({ sku, model }) => sku === to.sku && model === to.model);
  const annual = offers.find(({ sku, model }) => sku === to.sku && model === "annual-node");
  const listPrice = listed?.listPrice ?? (annual === undefined ? from.listPrice : annual.listPrice / 4);
  return Math.round((unitAmount * listPrice) / from.listPrice);
}

/** The field of a change that says what was paid for a share of something; no field where that is nothing. */
export function priceOfRest(
  currency: Currency,
  amount: number,
  share: number,
): { price?: { amount: number; currency: Currency } } {
  const rest = Math.round(amount * share);
  return rest > 0 ? { price: { amount: rest, currency } } : {};
}
