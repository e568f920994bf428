// Seats: who may have one, what becomes of it, and the license for it.

import {
  type ActivateCommand,
  activationCloned,
  activationRefused,
  decideActivate,
  decideConsume,
  decideMove,
  decideRefresh,
  decideRelease,
  decideReturn,
  decideRevoke,
  decideTemporary,
  type Entitlement,
  type EntitlementState,
  formatInstant,
  type HostStatement,
  type Instant,
  type LicenseLent,
  type Refusal,
  type Seat,
  type SeatDecision,
  type SeatRequest,
  type TemporaryKind,
} from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";

/** A seat after a command, and the temporary license that was lent beside it, if any. */
export interface SeatOutcome {
  entitlement: Entitlement;
  seat: Seat;
  lent?: LicenseLent;
}

/** Gives a host its seat. The same host again keeps its seat, and its license while that runs. */
export function activate(
  { store, shard }: CommandContext,
  command: {
    /** What opens the entitlement: the customer's code, or, for the vendor, its ID. */
    entitlement: { activationCode: string } | { entitlementId: string };
    activate: ActivateCommand;
    hostName: string | null;
    occurredAt: Instant | null;
    source: string;
  },
): Outcome<SeatOutcome> {
  const now = command.occurredAt ?? store.now;
  const opened = command.entitlement;
  const entitlement = open(store, opened);
  if (!entitlement)
    return "activationCode" in opened
      ? rejected(
          "unknown_activation_code",
          "No entitlement has this activation code: check it against your order.",
        )
      : rejected("unknown_entitlement", `There is no entitlement ${opened.entitlementId}.`);
  const state = stateFor(store, entitlement, command.activate, now);
  const ids = { activationId: newId("act", shard), licenseId: newId("lic", shard) };
  const decision = decideActivate(state, command.activate, now, ids);
  if (!decision.ok) {
    const refused = activationRefused(entitlement, "activate", command.activate, decision.refusal, now);
    store.append({ ...refused, source: command.source });
    return decision;
  }
  const next = store.record(state, decision.events, command.source);
  const seat = next.seats.get(decision.activationId);
  if (!seat) throw new TypeError(`an activation that was granted left no seat: ${decision.activationId}`);
  const isNew = decision.activationId === ids.activationId;
  if (isNew && command.hostName !== null) store.nameHost(seat.activationId, command.hostName);
  return { ok: true, isNew, value: { entitlement: next.entitlement, seat } };
}

/** The entitlement that a code, or an ID, opens. */
export function open(
  store: CommandContext["store"],
  by: { activationCode: string } | { entitlementId: string },
): Entitlement | undefined {
  return "activationCode" in by
    ? store.entitlementByCode(by.activationCode)
    : store.entitlement(by.entitlementId)?.entitlement;
}

/** What is asked for a seat that there is. */
export interface SeatCommand {
  request: Exclude<SeatRequest, "activate">;
  activationId: string;
  /** What shows that the caller may ask: the entitlement's code, a license of the seat, or the vendor's key. */
  credential: { activationCode: string } | { generation: number } | "vendor";
  /** Who asks, or, for a move and a temporary license, whom it is for. */
  host: HostStatement | null;
  hostName: string | null;
  /** Of a temporary license. */
  kind: TemporaryKind;
  /** Of a consumption. */
  units: number;
  occurredAt: Instant | null;
  source: string;
}

/** Refreshes, returns, releases or moves a seat, or lends a license beside it. */
export function useSeat({ store, shard }: CommandContext, command: SeatCommand): Outcome<SeatOutcome> {
  const { request, credential, host, source } = command;
  const now = command.occurredAt ?? store.now;
  const found = store.seat(command.activationId);
  const owner = found && store.entitlement(found.entitlementId);
  const isOpened =
    owner !== undefined &&
    (credential === "vendor" ||
      "generation" in credential ||
      credential.activationCode === owner.activationCode);
  // Who has the wrong code learns nothing about the seat, not even that it is there.
  if (!found || !isOpened)
    return rejected(
      "unknown_activation",
      `There is no activation ${command.activationId} that this code or license opens.`,
    );
  const { entitlement } = owner;
  const { seat } = found;
  const others = host ? stateFor(store, entitlement, host, now).seats : new Map<string, Seat>();
  const state = { entitlement, seats: new Map([...others, [seat.activationId, seat]]) };
  const generation =
    typeof credential === "object" && "generation" in credential ? credential.generation : null;
  const proof = { generation, hostHash: host?.hostHash ?? null };

  const refuse = (refusal: Refusal): Outcome<never> => {
    const event =
      refusal.code === "license_superseded"
        ? activationCloned(state, seat, proof, now)
        : activationRefused(entitlement, request, host, refusal, now);
    store.record(state, [event], source);
    return { ok: false, refusal };
  };

  if (request === "temporary") {
    const licenseId = newId("lic", shard);
    const hostHash = host?.hostHash ?? seat.hostHash ?? "";
    const decision = decideTemporary(entitlement, seat, command.kind, hostHash, now, licenseId, proof);
    if (!decision.ok) return refuse(decision.refusal);
    const next = store.record(state, [decision.event], source);
    return { ok: true, isNew: true, value: { entitlement: next.entitlement, seat, lent: decision.event } };
  }
  if (request === "consume") {
    const decision = decideConsume(entitlement, seat, command.units, proof, now);
    if (!decision.ok) return refuse(decision.refusal);
    const next = store.record(state, [decision.event], source);
    return { ok: true, isNew: true, value: { entitlement: next.entitlement, seat } };
  }
  const decision = decide(state, seat, command, proof, now, newId("lic", shard));
  if (!decision.ok) return refuse(decision.refusal);
  const next = store.record(state, decision.events, source);
  const after = next.seats.get(seat.activationId) ?? seat;
  const isMove = request === "rehost" || request === "repair";
  if (isMove && decision.events.length > 0) store.nameHost(seat.activationId, command.hostName);
  return {
    ok: true,
    isNew: decision.events.length > 0,
    value: { entitlement: next.entitlement, seat: after },
  };
}

function decide(
  state: EntitlementState,
  seat: Seat,
  { request, host }: SeatCommand,
  proof: { generation: number | null; hostHash: string | null },
  now: Instant,
  licenseId: string,
): SeatDecision {
  switch (request) {
    case "refresh":
      return decideRefresh(state, seat, proof, now, licenseId);
    case "return":
      return decideReturn(state, seat, proof, now);
    case "release":
      return decideRelease(state, seat, proof, now);
    case "rehost":
    case "repair":
      if (!host) throw new TypeError(`a ${request} names the host that the seat moves to`);
      return decideMove(state, seat, request, host, proof, now, licenseId);
    case "temporary":
    case "consume":
      throw new TypeError(`a ${request} is no change of its seat`);
  }
}

/** Takes a license back: its seat ends, and the license is listed until it would have ended. */
export function revokeLicense(
  { store }: CommandContext,
  command: { licenseId: string; by: string; occurredAt: Instant | null; source: string },
): Outcome<SeatOutcome> {
  const now = command.occurredAt ?? store.now;
  const activationId = store.activationOf(command.licenseId);
  const found = activationId === undefined ? undefined : store.seat(activationId);
  const owner = found && store.entitlement(found.entitlementId);
  if (!found || !owner)
    return rejected(
      "unknown_license",
      `There is no license ${command.licenseId}, or a newer one has replaced it.`,
    );
  const { seat } = found;
  const state = { entitlement: owner.entitlement, seats: new Map([[seat.activationId, seat]]) };
  const decision = decideRevoke(state, seat, now);
  if (!decision.ok) return decision;
  if (decision.events.length > 0)
    store.append({
      type: "license.revoked",
      license_id: command.licenseId,
      activation_id: seat.activationId,
      source: command.source,
      occurred_at: formatInstant(now),
      data: { by: command.by },
    });
  const next = store.record(state, decision.events, command.source);
  const value = { entitlement: next.entitlement, seat: next.seats.get(seat.activationId) ?? seat };
  return { ok: true, isNew: decision.events.length > 0, value };
}

/** An entitlement with the seats that a request of this host or user may touch. */
function stateFor(
  store: CommandContext["store"],
  entitlement: Entitlement,
  host: HostStatement,
  now: Instant,
): EntitlementState {
  return { entitlement, seats: store.seatsFor(entitlement, boundTo(entitlement, host), now) };
}

/** What a seat of this entitlement is bound to, of what a request states: the user or the host. */
export function boundTo({ model }: Entitlement, { hostHash, userHash }: HostStatement): string {
  return model.metric === "named-user" ? (userHash ?? hostHash) : hostHash;
}
