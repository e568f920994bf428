// Pure. The steps that a year is made of: what is sent, but for what only the vendor's answers tell.

import type { Random } from "./random.ts";
import { type Time, writeTime } from "./calendar.ts";
import type { CatalogBody, Tier } from "./catalog.ts";
import type { Customer } from "./customers.ts";
import type { Line, OrderBody } from "./orders.ts";
import { appVersionAt, type Host, platformOf } from "./platforms.ts";
import type { Attempt } from "./seats.ts";

/** A computer as a request states it. */
export interface HostBody {
  host: { id: string; name: string };
  user?: string;
  platform: { os: { type: string; version: string }; arch: string };
  app: { version: string };
}

/** An activation as it is sent, but for the code: the vendor's answer to the order tells it. */
export type ActivationBody = HostBody & { borrowFor?: string; occurredAt: string };

/** What is asked for a seat that is held, but for the license that shows it. */
export type SeatBody = Partial<HostBody> & { reason?: LendingReason; occurredAt: string };
export type LendingReason = "failure" | "renewal_pending" | "vendor_mistake";
export type SeatRequest = "refresh" | "return" | "release" | "rehost" | "repair" | "temporary";

/** What becomes of a right: the names are those of the routes. */
export type Change =
  "renew" | "upgrade" | "extend" | "suspend" | "reinstate" | "transfer" | "policy" | "split";

/** What a program tells, but for its activation. */
export interface TellingBody {
  /** The program's own, unique for ever. */
  id: string;
  type: "telemetry.first_run" | "telemetry.heartbeat" | "telemetry.feature_used";
  occurredAt: string;
  host: { id: string };
  platform: HostBody["platform"];
  app: HostBody["app"];
  data?: { feature: string; count: number };
}

/** Money that goes back, or is promised. */
export interface RefundBody {
  refundId: string;
  kind: "refund" | "credit";
  reason: string;
  lines: { lineNumber: number; amount: number; currency: string; quantity: number }[];
  occurredAt: string;
}

/** What happens to one order. Rights and seats go by names of the demo's own: their IDs are in the vendor's answers. */
export type OrderStep = { at: Time; orderId: string } & (
  | { kind: "order"; body: OrderBody }
  | { kind: "activation"; right: string; seat: string; isMistyped: boolean; body: ActivationBody }
  | {
      kind: "seat";
      right: string;
      seat: string;
      request: SeatRequest;
      /** The license that shows who asks: the newest, or the one that stayed on a host which the seat left. */
      shows: "newest" | "left behind";
      body: SeatBody;
    }
  | { kind: "change"; right: string; change: Change; body: object }
  | { kind: "telling"; right: string; seat: string; body: TellingBody }
  | { kind: "cancellation"; body: { reason: string; occurredAt: string } }
  | { kind: "refund"; body: RefundBody }
);

export type TellingStep = OrderStep & { kind: "telling" };

/** One thing that happens. Steps of one order follow one another; those of different orders do not touch. */
export type Step =
  | OrderStep
  // What touches everything: it waits for all before it, and all after it wait.
  | { kind: "catalog"; at: Time; body: CatalogBody }
  | {
      kind: "merge";
      at: Time;
      customerId: string;
      body: { into: string; reason: string; occurredAt: string };
    };

/** What the name of a right ends with that was split off another. */
export const PART = "/part";

/** Where steps take place: one right of one order, and whose it is. */
export interface Scene {
  random: Random;
  orderId: string;
  /** The line number, with {@link PART} behind it for what was split off. */
  right: string;
  customer: Customer;
  line: Line;
  tier: Tier;
}

/** The name of the seat that an attempt asks for: a user's where there is one, else the host's that first had it. */
export const seatOf = ({ user, host }: Attempt): string => user ?? host.id;

function hostBody({ random, line }: Scene, host: Host, at: Time, user?: string): HostBody {
  return {
    host: { id: host.id, name: host.name },
    ...(user === undefined ? {} : { user }),
    platform: platformOf(host, line.offer.brand, at),
    app: { version: appVersionAt(random, line.offer.brand, at) },
  };
}

/** The step of an attempt. */
export function activation(scene: Scene, attempt: Attempt): OrderStep {
  const { host, user, isMistyped = false, borrowFor } = attempt;
  const at = wholeSecond(attempt.at);
  return {
    kind: "activation",
    at,
    orderId: scene.orderId,
    right: scene.right,
    seat: seatOf(attempt),
    isMistyped,
    body: {
      ...hostBody(scene, host, at, user),
      ...(borrowFor === undefined ? {} : { borrowFor }),
      occurredAt: writeTime(at),
    },
  };
}

/** A request for the seat that an attempt took, by a host or without one. */
export function seatStep(
  scene: Scene,
  attempt: Attempt,
  request: SeatRequest,
  when: Time,
  more: { host?: Host; reason?: LendingReason; shows?: "left behind" } = {},
): OrderStep {
  const at = wholeSecond(when);
  const { host, reason, shows = "newest" } = more;
  return {
    kind: "seat",
    at,
    orderId: scene.orderId,
    right: scene.right,
    seat: seatOf(attempt),
    request,
    shows,
    body: {
      ...(host === undefined ? {} : hostBody(scene, host, at, attempt.user)),
      ...(reason === undefined ? {} : { reason }),
      occurredAt: writeTime(at),
    },
  };
}

/** A change of the right. */
export function changeStep({ orderId, right }: Scene, change: Change, when: Time, body: object): OrderStep {
  const at = wholeSecond(when);
  return { kind: "change", at, orderId, right, change, body: { ...body, occurredAt: writeTime(at) } };
}

const wholeSecond = (at: Time) => Math.ceil(at / 1000) * 1000;
