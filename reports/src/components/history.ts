// Pure. What a customer has been entitled to: the rows, and each change in plain words.

import { archName, count, counted, label, osName } from "./format.js";
import { reasonName } from "./overview.js";

/** One entitlement of a customer. Amounts in minor units, times in milliseconds. */
export interface EntitlementRow {
  customer_id: string;
  entitlement_id: string;
  order_id: string;
  product: string;
  model: string;
  term: string;
  metric: string;
  quantity: number;
  seats_bound: number;
  amount: number;
  currency: string;
  status: string;
  starts_at: number;
  ends_at: number | null;
  cancelled_at: number | null;
  delivered_at: number;
  days_to_activate: number | null;
  parent_entitlement_id: string | null;
}

/** One change of one entitlement, as the mart `entitlement_history` has it. */
export interface ChangeRow {
  customer_id: string;
  entitlement_id: string;
  change_number: number;
  event_type: string;
  occurred_at: number;
  what: string;
  subject: string | null;
  reason: string | null;
  activation_id: string | null;
  /** The first letters of the hashed host or user ID: enough to tell two apart, and nothing more. */
  holder: string | null;
  is_host: boolean;
  app_version: string | null;
  status_after: string;
  seats_bound_after: number;
  quantity_after: number | null;
  source: string | null;
}

/** Entitlements with the newest first. */
export const newestFirst = (a: EntitlementRow, b: EntitlementRow): number =>
  b.starts_at - a.starts_at || compared(a.entitlement_id, b.entitlement_id);

/** Changes in the order in which they happened; those of one moment by entitlement. */
export const inOrder = (a: ChangeRow, b: ChangeRow): number =>
  a.occurred_at - b.occurred_at ||
  compared(a.entitlement_id, b.entitlement_id) ||
  a.change_number - b.change_number;

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What happened, in one plain sentence. A type that is not known here is told in the mart's own words. */
export function changeSentence(change: ChangeRow): string {
  const on = holderText(change) ?? "";
  switch (change.event_type) {
    case "entitlement.granted":
      return `Bought ${change.subject ?? "a license"}`;
    case "entitlement.cancelled":
      return `Cancelled${change.reason === null ? "" : `: ${reasonName(change.reason)}`}`;
    case "entitlement.expired":
      return "The term ended";
    case "activation.bound":
      return on === "" ? "A seat was activated" : `A seat was activated on ${on}`;
    case "activation.ended":
      return `A seat came free${change.reason === null ? "" : `: ${reasonName(change.reason)}`}`;
    case "activation.refused":
      return `An activation was refused: ${change.reason === null ? "no reason stated" : reasonName(change.reason)}${on === "" ? "" : ` (${on})`}`;
    case "license.issued":
      return "A license was issued";
    default:
      return [change.what, change.subject, change.reason === null ? null : reasonName(change.reason)]
        .filter((part) => part !== null)
        .join(": ");
  }
}

/**
 * Changes as they are told: a license that was issued in the same moment as its seat is said with it, not after it.
 * Others, as those that were issued anew, keep a line of their own.
 */
export function told(changes: readonly ChangeRow[]): { change: ChangeRow; sentence: string }[] {
  const moment = (change: ChangeRow) =>
    `${change.entitlement_id} ${change.activation_id} ${change.occurred_at}`;
  const bound = new Set(changes.filter((change) => change.event_type === "activation.bound").map(moment));
  const issued = new Set(changes.filter((change) => change.event_type === "license.issued").map(moment));
  return changes
    .filter((change) => change.event_type !== "license.issued" || !bound.has(moment(change)))
    .map((change) => ({
      change,
      sentence:
        change.event_type === "activation.bound" && issued.has(moment(change))
          ? `${changeSentence(change)}, and its license was issued`
          : changeSentence(change),
    }));
}

/** Whether a metric counts seats: a site and a metered license bind as many hosts as come. */
export const countsSeats = (metric: string): boolean => metric !== "site" && metric !== "metered";

/** Seats that are bound of those that were bought: `3 of 5 seats`, and `3 hosts` where none are counted. */
export function seatsOf(bound: number, quantity: number | null, metric: string): string {
  if (!countsSeats(metric)) return counted(bound, "host");
  return quantity === null ? counted(bound, "seat") : `${count(bound)} of ${counted(quantity, "seat")}`;
}

/** How an entitlement of this metric stood after a change: `3 of 5 seats, active`. */
export function standing(change: ChangeRow, metric: string): string {
  const seats = seatsOf(change.seats_bound_after, change.quantity_after, metric);
  return `${seats}, ${statusName(change.status_after)}`;
}

/** Where an entitlement stands, as the key of the time line says it. */
export function statusName(status: string): string {
  return (
    ({ active: "in force", expired: "term ended" } as Record<string, string>)[status] ??
    label(status).toLowerCase()
  );
}

/** When an entitlement stopped to run, or will; null where it never does. */
export function endOf(entitlement: EntitlementRow): number | null {
  const ends = [entitlement.cancelled_at, entitlement.ends_at].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Who holds a seat, and on what: `host 3f9a01bc, Windows 11 x86-64`; null where neither was stated. */
export function holderText(change: ChangeRow): string | null {
  const parts = [holderName(change), platformName(change)].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(", ");
}

function holderName({ holder, is_host: isHost }: ChangeRow): string | null {
  return holder === null ? null : `${isHost ? "host" : "user"} ${holder}`;
}

/** `windows 11 amd64` of the mart, as people write it. Where no platform was stated the mart names the seat instead. */
function platformName({ subject, activation_id: seat, event_type: type }: ChangeRow): string | null {
  if (subject === null || subject === seat || !type.startsWith("activation.")) return null;
  const [os = "", ...rest] = subject.split(" ");
  const arch = rest.at(-1) ?? "";
  const isArch = archName(arch) !== arch;
  return [osName(os), ...(isArch ? [...rest.slice(0, -1), archName(arch)] : rest)].join(" ");
}
