// What has to be true, looked at from the events alone, with the plainest means there are.

import type { Event } from "../../../ingest/event.ts";
import { type Clients, nameOfTelemetry } from "./clients.ts";
import { hashId } from "./service.ts";

/** By which of its keys an event of a type is once on record at most. */
const keyOf: Partial<Record<Event["type"], "order_id" | "entitlement_id" | "activation_id" | "license_id">> =
  {
    "order.recorded": "order_id",
    "order.cancelled": "order_id",
    "entitlement.granted": "entitlement_id",
    "entitlement.cancelled": "entitlement_id",
    "activation.bound": "activation_id",
    "activation.ended": "activation_id",
    "license.issued": "license_id",
  };

/** The name under which an event is once on record at most, where it has one. */
function nameOf(event: Event): string | null {
  if (event.type === "telemetry.heartbeat")
    return nameOfTelemetry({
      id: event.data.client_event_id,
      data: { version: Number(event.data.detail["version"]) },
    });
  if (event.type === "entitlement.extended" || event.type === "entitlement.split")
    return `${event.type} ${event.data.reason}`;
  const key = keyOf[event.type];
  if (key === undefined) return null;
  const generation = event.type === "activation.bound" ? ` ${event.data.generation}` : "";
  return `${event.type} ${event[key]}${generation}`;
}

/**
 * Holds the events against what was acknowledged.
 * @returns what is wrong, or nothing
 */
export function faultsOf(lines: readonly string[], clients: Clients): string[] {
  const events = lines.map((line) => JSON.parse(line) as Event);
  const faults: string[] = [];
  for (const [index, { seq }] of events.entries())
    if (seq !== index + 1) faults.push(`place ${index + 1} holds seq ${seq}`);
  const backward = events.findIndex(({ recorded_at: at }, i) => at < (events[i - 1]?.recorded_at ?? ""));
  if (backward >= 0) faults.push(`the record time runs backward at seq ${backward + 1}`);
  if (new Set(events.map(({ id }) => id)).size < events.length) faults.push("two events have one ID");

  const told = events.flatMap((event) =>
    event.type === "telemetry.heartbeat" ? [event.data.client_event_id] : [],
  );
  if (new Set(told).size < told.length) faults.push("two events of telemetry have one ID of their sender's");
  const counts = new Map<string, number>();
  for (const name of events.map(nameOf)) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [name, times] of counts) if (times > 1) faults.push(`${name} is on record ${times} times`);
  for (const name of clients.facts)
    if (!counts.has(name)) faults.push(`${name} was acknowledged, and is lost`);
  for (const [host, asked] of clients.asked) {
    const found = events.filter(
      (event) =>
        event.type === "activation.refused" &&
        event.data.code === "no_seats_left" &&
        event.data.host_hash === hashId(host),
    ).length;
    const acknowledged = clients.refused.get(host) ?? 0;
    if (found < acknowledged || found > asked)
      faults.push(
        `${host} was refused ${found} times on record, ${acknowledged} acknowledged, ${asked} asked`,
      );
  }
  return [...faults, ...seatFaults(events)];
}

interface Right {
  quantity: number;
  overdraft: number;
  isCancelled: boolean;
  /** Live seats, with their generations. */
  seats: Map<string, number>;
}

/** Counts seats at every event: never more than were to be had, and no license for a generation that is gone. */
function seatFaults(events: readonly Event[]): string[] {
  const rights = new Map<string, Right>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.type === "entitlement.granted") {
      const { quantity, policy } = event.data;
      const overdraft = typeof policy.overdraft === "number" ? policy.overdraft : 0;
      rights.set(event.entitlement_id ?? "", { quantity, overdraft, isCancelled: false, seats: new Map() });
    }
    const right = rights.get(event.entitlement_id ?? "");
    if (!right) continue;
    const { activation_id: seat = "", type, data } = event;
    if (type === "entitlement.extended" || type === "entitlement.split") right.quantity = data.quantity;
    if (type === "entitlement.cancelled") {
      right.seats.clear();
      right.isCancelled = true;
    }
    if (type === "activation.bound") {
      right.seats.set(seat, data.generation);
      if (right.isCancelled) faults.push(`seq ${event.seq} binds a seat of a cancelled entitlement`);
    }
    if (type === "activation.ended") right.seats.delete(seat);
    if (type === "license.issued" && right.seats.get(seat) !== data.generation)
      faults.push(`seq ${event.seq} is a license for a seat that moved or ended`);
    if (right.seats.size > right.quantity + right.overdraft)
      faults.push(
        `at seq ${event.seq}, ${right.seats.size} seats of ${right.quantity + right.overdraft} are bound`,
      );
  }
  return faults;
}
