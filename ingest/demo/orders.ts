// Pure. What is bought, by whom, through which channel, and for how much.

import type { z } from "zod";
import type { orderSchema } from "../../licensing/index.ts";
import { ACQUIRED_AT, DAY, isWorkingTime, progressOfYear, type Time, writeTime, YEAR } from "./calendar.ts";
import { customerNumber } from "./acquisition.ts";
import { type Tier, tierOf } from "./catalog.ts";
import type { Customer } from "./customers.ts";
import { type Offer, offers, priceOf } from "./offers.ts";
import type { Random } from "./random.ts";

/** An order as it is sent. */
export type OrderBody = z.input<typeof orderSchema>;
export type Channel = "direct" | "reseller" | "online";

/** One line of an order, as the vendor's people think of it. */
export interface Line {
  lineNumber: number;
  offer: Offer;
  quantity: number;
  /** The line's total at list price, in euro cents: what makes a customer important, in whatever currency they pay. */
  value: number;
  /** A seat's price in minor units of the customer's currency. */
  unitAmount: number;
  tier: Tier;
  deliveredAt: Time;
  startsAt: Time;
}

export interface PlannedOrder {
  orderId: string;
  at: Time;
  customer: Customer;
  /** By which number the customer ordered: for a while the acquired brand has its own. */
  customerId: string;
  channel: Channel;
  isTest: boolean;
  lines: Line[];
}

const MAX_SEATS = 400;

/** Decides what a customer orders at a time. */
export function planOrder(random: Random, orderId: string, at: Time, customer: Customer): PlannedOrder {
  const first = chooseOffer(random, at, customer);
  const lineCount =
    first.listPrice === 0 ? 1 : random.weighted([1, 2, 3], (count) => [0, 82, 14, 4][count] ?? 0);
  const chosen = new Set([first]);
  while (chosen.size < lineCount) chosen.add(chooseFresh(random, first, chosen));
  const wanted = Array.from(chosen, (offer) => ({ offer, quantity: quantityOf(random, offer, customer) }));
  const value = wanted.reduce((sum, { offer, quantity }) => sum + offer.listPrice * quantity, 0);
  const channel = chooseChannel(random, at, customer, value);
  const deliveredAt = deliveryTime(random, at, channel);
  // Some buy ahead: for a project that starts later, or for when an older license ends.
  const startsAt = channel === "direct" && random.chance(0.08) ? at + random.integer(5, 30) * DAY : at;
  const customerId = customerNumber(customer, first.brand, at);
  customer.bought.push(first);
  return {
    orderId,
    at,
    customer,
    customerId,
    channel,
    isTest: random.chance(0.005),
    lines: wanted.map(({ offer, quantity }, index) => {
      const unitAmount = priceOf(offer, customer.currency, discountOf(quantity, channel));
      return {
        lineNumber: index + 1,
        offer,
        quantity,
        value: offer.listPrice * quantity,
        unitAmount,
        tier: tierOf(quantity * unitAmount),
        deliveredAt,
        startsAt,
      };
    }),
  };
}

/** How often the acquired brand is bought: not before the deal, then more and more. */
function shareOfLumora(at: Time): number {
  return at < ACQUIRED_AT ? 0 : 0.2 + 0.5 * (progressOfYear(at) - progressOfYear(ACQUIRED_AT));
}

function chooseOffer(random: Random, at: Time, customer: Customer): Offer {
  // Most who come back come back for what they have. Nobody buys a trial, or tries twice.
  const again = customer.bought.filter(({ listPrice }) => listPrice > 0);
  if (again.length > 0 && random.chance(0.55)) return random.pick(again);
  const brand = random.chance(shareOfLumora(at)) ? "Lumora" : "Atlas";
  return random.weighted(
    offers.filter((offer) => offer.brand === brand && !(offer.listPrice === 0 && customer.bought.length > 0)),
    (offer) => offer.weight * (customer.isCompany ? 1 : appealToPersons(offer)),
  );
}

function appealToPersons({ model, listPrice }: Offer): number {
  if (model === "annual-float" || model === "annual-site" || model === "farm-float") return 0;
  return listPrice > 50_000 ? 0.3 : 1.2;
}

/** Another product of the same brand, or another model of the same: what a longer order also holds. */
function chooseFresh(random: Random, first: Offer, chosen: ReadonlySet<Offer>): Offer {
  return random.weighted(
    offers.filter(({ brand, listPrice }) => brand === first.brand && listPrice > 0),
    (offer) => (chosen.has(offer) ? 0 : offer.weight),
  );
}

function quantityOf(
  random: Random,
  { model, usualSeats, listPrice }: Offer,
  { isCompany, size }: Customer,
): number {
  if (listPrice === 0 || model === "annual-site" || model === "pass-7") return 1;
  if (!isCompany) return random.chance(0.94) ? 1 : 2;
  // Larger companies buy more at a time, though fewer a head.
  const seats = random.lognormal(usualSeats * (size / 14) ** 0.45, 0.85);
  return Math.min(MAX_SEATS, Math.max(1, Math.round(seats)));
}

function chooseChannel(random: Random, at: Time, { isCompany }: Customer, value: number): Channel {
  const weights: Record<Channel, number> =
    value === 0
      ? { direct: 1, reseller: 0, online: 14 }
      : {
          direct: (isCompany ? 3 : 0.5) * (value >= 1_000_000 ? 2.5 : 1) * (isWorkingTime(at) ? 1 : 0.2),
          reseller: (isCompany ? 2.2 : 1) * (value >= 1_000_000 ? 0.8 : 1) * (isWorkingTime(at) ? 1 : 0.4),
          online: value < 50_000 ? 5 : value < 300_000 ? 1.5 : 0.3,
        };
  return random.weighted(["direct", "reseller", "online"] as const, (channel) => weights[channel]);
}

/** A shop and the vendor's own people send the code with the order; most resellers pass it on some days later. */
function deliveryTime(random: Random, at: Time, channel: Channel): Time {
  if (channel !== "reseller" || random.chance(0.3)) return at;
  const deliveredAt = at + Math.floor(random.exponential(1.8 * DAY));
  return deliveredAt < YEAR.endsAt - DAY ? deliveredAt : at;
}

/** The request that records an order. */
export function orderBody(order: PlannedOrder): OrderBody {
  const { orderId, at, customer, customerId, channel, isTest, lines } = order;
  const { name, email, country } = customer;
  return {
    orderId,
    orderedAt: writeTime(at),
    channel,
    test: isTest,
    customer: { id: customerId, name, email, country },
    lines: lines.map((line) => ({
      lineNumber: line.lineNumber,
      sku: line.offer.sku,
      licenseModel: line.offer.model,
      quantity: line.quantity,
      unitPrice: { amount: line.unitAmount, currency: customer.currency },
      ...(line.startsAt === at ? {} : { startsAt: writeTime(line.startsAt) }),
      ...(line.deliveredAt === at ? {} : { deliveredAt: writeTime(line.deliveredAt) }),
    })),
  };
}

function discountOf(quantity: number, channel: Channel): number {
  const forVolume = quantity >= 50 ? 0.2 : quantity >= 10 ? 0.1 : 0;
  return channel === "reseller" ? forVolume + 0.15 : forVolume;
}
