// What is over by itself: answers that nobody asks for again, and API keys whose time has come.

import { formatInstant } from "../../../licensing/index.ts";
import type { Sql } from "../sql.ts";
import type { CommandContext } from "../outcome.ts";

/**
 * How long a request under an `Idempotency-Key` is answered the same. Whoever tries again does so within hours; a request
 * under the same key later is decided anew.
 */
const ANSWERS_KEPT = 30 * 24 * 3600 * 1_000_000;
/** So many at once keep others waiting for a few milliseconds. */
const MAX_PRUNED = 1000;
const MAX_TOLD = 100;

const isOld = `select request from answered where answered_at < ? limit ?`;
const isOver = `select key_id, name, expires_at from api_key
  where expires_at <= ? and is_expiry_told = 0 and revoked_at is null limit ?`;

/** Whether there is anything to tidy: looked at first, so that nothing is written where there is not. */
export function isUntidy(sql: Sql, now: number): boolean {
  return sql.get(isOld, now - ANSWERS_KEPT, 1) !== undefined || sql.get(isOver, now, 1) !== undefined;
}

/** Forgets answers, and tells of keys that have expired. @returns whether there is more to do */
export function tidy({ store }: CommandContext): { ok: true; isMore: boolean } {
  const { sql, now } = store;
  sql.run(`delete from answered where request in (${isOld})`, now - ANSWERS_KEPT, MAX_PRUNED);
  for (const key of sql.all<{ key_id: string; name: string; expires_at: number }>(isOver, now, MAX_TOLD)) {
    sql.run("update api_key set is_expiry_told = 1 where key_id = ?", key.key_id);
    store.append({
      type: "api_key.expired",
      source: "keyhouse",
      occurred_at: formatInstant(key.expires_at),
      data: { key_id: key.key_id, name: key.name },
    });
  }
  return { ok: true, isMore: isUntidy(sql, now) };
}
