// API keys: made here, shown once, kept as a hash.

import { type Instant, toBase64Url } from "../../licensing/index.ts";
import type { ApiKey, Scope } from "../scope.ts";
import type { Sql } from "./sql.ts";

interface Row {
  key_id: string;
  name: string;
  secret_hash: string;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

export const PREFIX = "kh";
const SECRET_BYTES = 24;

/** How often the use of a key is written down, in microseconds. */
export const USE_NOTED_EVERY = 60 * 1_000_000;

/** A key as it is put on record: by the hash of its secret. */
export interface NewApiKey {
  keyId: string;
  name: string;
  scopes: readonly Scope[];
  secretHash: string;
  expiresAt: Instant | null;
}

/** Makes a key. @returns `kh_<id>_<secret>`, which is shown once, and what is kept of it */
export async function makeApiKey(
  name: string,
  scopes: readonly Scope[],
  expiresAt: Instant | null = null,
): Promise<{ presented: string; key: NewApiKey }> {
  // Neither part may hold the separator: hex for the name, base64url with its underscore replaced for the secret.
  const keyId = crypto.getRandomValues(new Uint8Array(6)).toHex();
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).replaceAll("_", "~");
  const key = { keyId, name, scopes, secretHash: await hashOf(secret), expiresAt };
  return { presented: `${PREFIX}_${keyId}_${secret}`, key };
}

/** Keeps a key; one of the same ID is replaced by it. */
export function insertApiKey(sql: Pick<Sql, "run">, key: NewApiKey, now: Instant): void {
  sql.run(
    `insert into api_key (key_id, name, secret_hash, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?)
     on conflict (key_id) do update set secret_hash = excluded.secret_hash, created_at = excluded.created_at,
       revoked_at = null, last_used_at = null`,
    key.keyId,
    key.name,
    key.secretHash,
    key.scopes.join(" "),
    now,
    key.expiresAt,
  );
}

/** A key as it is kept. */
export interface KeptApiKey {
  key: ApiKey;
  secretHash: string;
}

/** A key that was not revoked, by its ID. It may have expired. */
export function keptApiKey(sql: Sql, keyId: string): KeptApiKey | undefined {
  const row = sql.get<Row>("select * from api_key where key_id = ? and revoked_at is null", keyId);
  return row && { key: apiKeyOf(row), secretHash: row.secret_hash };
}

/**
 * The key that a request presents, or undefined where there is none such, it was revoked, or its time is over.
 * @param find looks a key up by its ID
 */
export async function findApiKey(
  find: (keyId: string) => Promise<KeptApiKey | undefined>,
  presented: string,
  now: Instant,
): Promise<ApiKey | undefined> {
  const [prefix, keyId, secret, ...more] = presented.split("_");
  if (prefix !== PREFIX || keyId === undefined || secret === undefined || more.length > 0) return undefined;
  const kept = await find(keyId);
  const given = await hashOf(secret);
  if (!kept || !isSame(kept.secretHash, given)) return undefined;
  return kept.key.expiresAt === null || now < kept.key.expiresAt ? kept.key : undefined;
}

/** All keys, oldest first. */
export function listApiKeys(sql: Sql): ApiKey[] {
  return sql.all<Row>("select * from api_key order by created_at").map(apiKeyOf);
}

/** Compares without a branch on what differs where. Of hashes that would tell nothing of the secret anyway. */
export function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  return difference === 0;
}

/** SHA-256 is enough for a secret of 192 random bits: there is no dictionary to try. */
export async function hashOf(secret: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))));
}

function apiKeyOf(row: Row): ApiKey {
  return {
    keyId: row.key_id,
    name: row.name,
    scopes: row.scopes.split(" ") as Scope[],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}
