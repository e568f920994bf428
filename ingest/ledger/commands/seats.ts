// Seats: who may have one, and the license for it.

import {
  type ActivateCommand,
  activationRefused,
  decideActivate,
  type Entitlement,
  type Instant,
  type Seat,
} from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";

/** Gives a host its seat. The same host again keeps its seat, and its license while that runs. */
export function activate(
  { store, shard }: CommandContext,
  command: {
    activationCode: string;
    activate: ActivateCommand;
    hostName: string | null;
    occurredAt: Instant | null;
    source: string;
  },
): Outcome<{ entitlement: Entitlement; seat: Seat }> {
  const now = command.occurredAt ?? store.now;
  const entitlement = store.entitlementByCode(command.activationCode);
  if (!entitlement)
    return rejected(
      "unknown_activation_code",
      "No entitlement has this activation code: check it against your order.",
    );
  const { hostHash, userHash } = command.activate;
  const binding = entitlement.model.metric === "named-user" ? (userHash ?? hostHash) : hostHash;
  const state = { entitlement, seats: store.seatsFor(entitlement, binding, now) };
  const ids = { activationId: newId("act", shard), licenseId: newId("lic", shard) };
  const decision = decideActivate(state, command.activate, now, ids);
  if (!decision.ok) {
    store.append({
      ...activationRefused(entitlement, command.activate, decision.refusal, now),
      source: command.source,
    });
    return decision;
  }
  const next = store.record(state, decision.events, command.source);
  const seat = next.seats.get(decision.activationId);
  if (!seat) throw new TypeError(`an activation that was granted left no seat: ${decision.activationId}`);
  const isNew = decision.activationId === ids.activationId;
  if (isNew && command.hostName !== null) store.nameHost(seat.activationId, command.hostName);
  return { ok: true, isNew, value: { entitlement: next.entitlement, seat } };
}
