// Keys: who made, ended and replaced them goes on record with it; no secret does.

import { formatInstant, type Instant } from "../../../licensing/index.ts";
import type { Draft } from "../../event.ts";
import { insertApiKey, type NewApiKey, USE_NOTED_EVERY } from "../api-keys.ts";
import type { CommandContext } from "../outcome.ts";

// Keys are made and ended on the command line, or by the environment.
const source = "keyhouse";

/** Puts a key on record. */
export function createApiKey(
  { store }: CommandContext,
  { key, by }: { key: NewApiKey; by: string },
): { ok: true } {
  const { keyId, name, scopes, expiresAt } = key;
  insertApiKey(store.sql, key, store.now);
  store.append({
    type: "api_key.created",
    source,
    occurred_at: formatInstant(store.now),
    data: {
      key_id: keyId,
      name,
      scopes: [...scopes],
      expires_at: expiresAt === null ? null : formatInstant(expiresAt),
      by,
    },
  });
  return { ok: true };
}

/** Ends a key. `isNew` is false where there is no such key, or it was revoked before. */
export function revokeApiKey(
  { store }: CommandContext,
  { keyId, by }: { keyId: string; by: string },
): { ok: true; isNew: boolean } {
  const live = store.sql.get<{ name: string }>(
    "select name from api_key where key_id = ? and revoked_at is null",
    keyId,
  );
  if (!live) return { ok: true, isNew: false };
  store.sql.run("update api_key set revoked_at = ? where key_id = ?", store.now, keyId);
  store.append({
    type: "api_key.revoked",
    source,
    occurred_at: formatInstant(store.now),
    data: { key_id: keyId, name: live.name, by },
  });
  return { ok: true, isNew: true };
}

/** Notes when a key was presented, to a minute: many that wait at once are one write. */
export function noteKeyUse(
  { store }: CommandContext,
  { keyId, usedAt }: { keyId: string; usedAt: Instant },
): { ok: true } {
  store.sql.run(
    "update api_key set last_used_at = ? where key_id = ? and (last_used_at is null or last_used_at <= ?)",
    usedAt,
    keyId,
    usedAt - USE_NOTED_EVERY,
  );
  return { ok: true };
}

type SigningKeyEvent<T extends Draft["type"]> = Pick<Extract<Draft, { type: T }>, "type" | "data">;
type SigningKeyChange = SigningKeyEvent<"signing_key.rotated"> | SigningKeyEvent<"signing_key.compromised">;

/** Puts on record what became of the keys that licenses are signed with. The keys themselves are elsewhere. */
export function noteSigningKey({ store }: CommandContext, change: SigningKeyChange): { ok: true } {
  store.append({ ...change, source, occurred_at: formatInstant(store.now) });
  return { ok: true };
}
