// One subscription, as Stripe tells of it from August on, and what is on record of it.

import { event, item, price, type Store, subscription, unix } from "./objects.ts";

export const AUGUST: [string, string] = ["2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"];
export const SEPTEMBER: [string, string] = ["2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"];
export const pro = price("cad-pro");

/** The subscription as of a time. */
export const told = (at: string, items: object[], more: object = {}, what = "updated") =>
  event(`customer.subscription.${what}`, unix(at), subscription(items, more));

/** The subscription as it begins. */
export const created = (more: object = {}, items: object[] = [item("si_1", 2, pro, AUGUST)]) =>
  told("2026-08-01T00:00:00Z", items, more, "created");

export const isEnded = (at: string) => ({ status: "canceled", ended_at: unix(at), canceled_at: unix(at) });

export interface Right {
  entitlementId: string;
  lineNumber: number;
  sku: string;
  quantity: number;
  startsAt: string;
  endsAt: string;
  suspendedAt: string | null;
  cancelledAt: string | null;
  activationCode: string;
  licenseModel: string;
  test: boolean;
}

/** What an order grants. */
export async function rightsOf(it: Store, orderId?: string): Promise<Right[]> {
  return ((await it.order(orderId)).body.entitlements ?? []) as Right[];
}

export const day = (time: string | null | undefined) => time?.slice(0, 10);
