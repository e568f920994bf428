// Entitlements, and the hosts that hold licenses of them: what a command finds, and what becomes of it.

import {
  type ActivateCommand,
  decideActivate,
  decideCancel,
  decideConsume,
  decideExtend,
  decideMove,
  decideOverride,
  decideRefresh,
  decideReinstate,
  decideRelease,
  decideRenew,
  decideReturn,
  decideRevoke,
  decideSplit,
  decideSuspend,
  decideTemporary,
  decideTransfer,
  decideUpgrade,
  type Decree,
  type EntitlementEvent,
  type EntitlementGranted,
  type EntitlementState,
  evolve,
  formatInstant,
  type Instant,
  type Refusal,
  type Seat,
  type TemporaryKind,
} from "../../licensing/index.ts";
import { termsOf } from "../../licensing/terms.ts";
import { activate, DAY, granted, START } from "../licensing/samples.ts";
import { catalog, type Command, overrideOf, type Setup, upgradeOf } from "./commands.ts";

/** One entitlement, with all its events and all its seats. */
export interface Life {
  state: EntitlementState;
  events: EntitlementEvent[];
}

/** A license file on a host. Nobody can take it away: it stays there after the seat has gone. */
export interface Held {
  life: number;
  activationId: string;
  licenseId: string;
  generation: number;
  host: number;
  user: number | null;
}

export interface World {
  lives: Life[];
  held: Held[];
}

/** A command that has found what it is about. */
export interface Request {
  command: Command;
  now: Instant;
  life: number;
  /** The license that is presented; null where the command needs none. */
  held: Held | null;
  /** Tells the identifiers of this request from all others. */
  n: number | string;
}

export type Answer =
  { ok: true; events: EntitlementEvent[]; child?: EntitlementGranted } | { ok: false; refusal: Refusal };

export const decree: Decree = { by: "staff", reason: "asked for" };
/** More entitlements than this show nothing new, and take time. */
const MAX_LIVES = 4;
const temporaryKinds: TemporaryKind[] = ["failure", "renewal_pending", "vendor_mistake"];
const needLicense = new Set([
  "refresh",
  "return",
  "release",
  "rehost",
  "repair",
  "temporary",
  "consume",
  "revoke",
]);

export const temporaryKindOf = (amount: number) => temporaryKinds[amount % 3] ?? "failure";
export const borrowFor = (amount: number) => `P${amount + 1}D`;
export const customerOf = (amount: number) => `C-${amount % 3}`;
export const renewalOf = (amount: number) => ["P10D", "P1Y"][amount];
/** Whether a move shows the activation code, and no license. */
export const isByCode = (amount: number) => amount === 0;
const nameOf = (what: string, n: number) => `${what}-${n}`;

export function begin({ metric, policy, term, quantity, startsAfter, consumptionPer }: Setup): World {
  const startsAt = START + startsAfter * DAY;
  const model = {
    id: `year-${metric}`,
    name: "Model",
    term,
    metric,
    policy,
    consumptionPer: consumptionPer ?? undefined,
  };
  const terms = termsOf(model, { orderedAt: START, startsAt });
  const event = granted({ metric, quantity, policy, startsAt });
  const first = {
    ...event,
    data: {
      ...event.data,
      model: terms.model,
      ends_at: terms.endsAt === null ? null : formatInstant(terms.endsAt),
    },
  };
  return { lives: [{ state: evolve(undefined, first), events: [first] }], held: [] };
}

/** What a command is about, in this world; null where there is nothing of the kind. */
export function find(
  { lives, held }: World,
  command: Command,
  now: Instant,
  n: number | string,
): Request | null {
  if (command.kind === "split" && lives.length >= MAX_LIVES) return null;
  if (!needLicense.has(command.kind))
    return { command, now, life: command.pick % lives.length, held: null, n };
  const license = held[command.pick % Math.max(held.length, 1)];
  return license ? { command, now, life: license.life, held: license, n } : null;
}

export function hostOf({ command, held }: Request, state: EntitlementState): ActivateCommand {
  const user = held ? held.user : command.user;
  const isMove = command.kind === "rehost" || command.kind === "repair";
  const host = held && !isMove ? held.host : command.host;
  const isUsed = state.entitlement.model.metric === "named-user" || !held;
  return activate(nameOf("host", host), user === null || !isUsed ? null : nameOf("user", user));
}

export function stateOf({ lives }: World, { life }: Request): EntitlementState {
  const found = lives[life];
  if (!found) throw new TypeError(`there is no entitlement ${life}`);
  return found.state;
}

export function seatOf(state: EntitlementState, request: Request): Seat {
  const seat = state.seats.get(request.held?.activationId ?? "");
  if (!seat) throw new TypeError("a host holds a license of a seat that there never was");
  return seat;
}

/** Asks the rules. */
export function decide(state: EntitlementState, request: Request): Answer {
  const { command, now, n, held } = request;
  const { kind, amount } = command;
  const { entitlement } = state;
  const ids = { activationId: `A-${n}`, licenseId: `L-${n}` };
  const host = hostOf(request, state);
  const proof = {
    generation: held?.generation ?? null,
    hostHash: held ? activate(nameOf("host", held.host)).hostHash : null,
  };
  switch (kind) {
    case "activate":
      return decideActivate(state, host, now, ids);
    case "activate-offline":
      return decideActivate(state, { ...host, isOffline: true }, now, ids);
    case "borrow":
      return decideActivate(state, { ...host, borrowFor: borrowFor(amount) }, now, ids);
    case "refresh":
      return decideRefresh(state, seatOf(state, request), proof, now, ids.licenseId);
    case "return":
      return decideReturn(state, seatOf(state, request), proof, now);
    case "release":
      return decideRelease(state, seatOf(state, request), proof, now);
    case "rehost":
    case "repair": {
      const shown = isByCode(amount) ? { generation: null } : proof;
      return decideMove(state, seatOf(state, request), kind, host, shown, now, ids.licenseId);
    }
    case "temporary": {
      const temporary = temporaryKindOf(amount);
      const seat = seatOf(state, request);
      const decision = decideTemporary(
        entitlement,
        seat,
        temporary,
        host.hostHash,
        now,
        ids.licenseId,
        proof,
      );
      return decision.ok ? { ok: true, events: [decision.event] } : decision;
    }
    case "consume": {
      const decision = decideConsume(entitlement, seatOf(state, request), amount + 1, proof, now);
      return decision.ok ? { ok: true, events: [decision.event] } : decision;
    }
    case "revoke":
      return decideRevoke(state, seatOf(state, request), now);
    case "suspend":
      return decideSuspend(entitlement, decree, now);
    case "reinstate":
      return decideReinstate(entitlement, decree, now);
    case "cancel":
      return decideCancel(state, "refund", now);
    case "renew":
      return decideRenew(entitlement, undefined, renewalOf(amount), decree, now);
    case "upgrade":
      return decideUpgrade(entitlement, upgradeOf(entitlement.model.metric, command), catalog, decree, now);
    case "extend":
      return decideExtend(entitlement, amount + 1, decree, now);
    case "split": {
      const split = {
        quantity: amount + 1,
        childEntitlementId: `E-part-${n}`,
        customerId: customerOf(amount),
      };
      const decision = decideSplit(entitlement, split, decree, now);
      if (!decision.ok) return decision;
      const [parent, child] = decision.events;
      return { ok: true, events: [parent], child };
    }
    case "transfer":
      return decideTransfer(entitlement, customerOf(amount), decree, now);
    case "override":
      return decideOverride(entitlement, overrideOf(amount), decree, now);
  }
}

/** The world after an answer. The host of a seat holds its license from then on, beside all that it held before. */
export function accept(world: World, request: Request, answer: Answer & { ok: true }): World {
  const { events, child } = answer;
  const lives = world.lives.map((life, i) =>
    i === request.life
      ? { state: events.reduce<EntitlementState>(evolve, life.state), events: [...life.events, ...events] }
      : life,
  );
  if (child) lives.push({ state: evolve(undefined, child), events: [child] });
  const given = licenseFor(lives[request.life], request, answer);
  const isNews =
    given && !world.held.some((it) => it.host === given.host && it.licenseId === given.licenseId);
  return { lives, held: isNews ? [...world.held, given] : world.held };
}

function licenseFor(life: Life | undefined, request: Request, answer: Answer & object): Held | null {
  const { command, held } = request;
  const activationId =
    held?.activationId ?? ("activationId" in answer ? String(answer.activationId) : undefined);
  const gives = ["activate", "activate-offline", "borrow", "refresh", "rehost", "repair"].includes(
    command.kind,
  );
  const seat = gives && activationId !== undefined ? life?.state.seats.get(activationId) : undefined;
  if (!seat?.license) return null;
  const isRefresh = held !== null && command.kind === "refresh";
  return {
    life: request.life,
    activationId: seat.activationId,
    licenseId: seat.license.licenseId,
    generation: seat.generation,
    host: isRefresh ? held.host : command.host,
    user: held ? held.user : command.user,
  };
}
