// Input that was not understood.

import { formatInstant } from "../../../licensing/index.ts";
import { newId } from "../../ids.ts";
import type { CommandContext, Outcome } from "../outcome.ts";

/** Keeps input that was not understood, with what was wrong, to be replayed after a fix. */
export function quarantine(
  { store, shard }: CommandContext,
  command: {
    source: string;
    stage: string;
    code: string;
    detail: string;
    input: string;
    /** What names it, where the same may come again. */
    recordKey?: string;
    /** The detail as the event says it, where it may name people otherwise. */
    told?: string;
  },
): Outcome<{ quarantineId: string }> {
  const quarantineId = newId("qtn", shard);
  store.insertQuarantined({
    quarantine_id: quarantineId,
    received_at: store.now,
    source: command.source,
    stage: command.stage,
    code: command.code,
    detail: command.detail,
    input: command.input,
    record_key: command.recordKey ?? null,
  });
  store.append({
    type: "input.quarantined",
    source: command.source,
    occurred_at: formatInstant(store.now),
    data: {
      quarantine_id: quarantineId,
      stage: command.stage,
      code: command.code,
      detail: command.told ?? command.detail,
      size_bytes: new TextEncoder().encode(command.input).length,
    },
  });
  return { ok: true, isNew: true, value: { quarantineId } };
}

/** Notes that quarantined input went through after all. Again is no news. */
export function markReplayed(
  { store }: CommandContext,
  command: { quarantineId: string; by: string; source: string },
): Outcome<{ quarantineId: string }> {
  const { quarantineId, source } = command;
  if (!store.markReplayed(quarantineId)) return { ok: true, isNew: false, value: { quarantineId } };
  store.append({
    type: "input.replayed",
    source,
    occurred_at: formatInstant(store.now),
    data: { quarantine_id: quarantineId, by: command.by },
  });
  return { ok: true, isNew: true, value: { quarantineId } };
}
