// API keys: made here, shown once, kept as a hash.

import { toBase64Url } from "../../licensing/index.ts";
import type { ApiKey, Scope } from "../scope.ts";
import type { Sql } from "./sql.ts";

interface Row {
  key_id: string;
  name: string;
  secret_hash: string;
  scopes: string;
  created_at: number;
  revoked_at: number | null;
}

const PREFIX = "kh";
const SECRET_BYTES = 24;

/** Makes a key: `kh_<id>_<secret>`, shown by this call alone. */
export async function createApiKey(
  sql: Pick<Sql, "run">,
  { name, scopes: granted, now }: { name: string; scopes: readonly Scope[]; now: number },
): Promise<string> {
  // Neither part may hold the separator: hex for the name, base64url with its underscore replaced for the secret.
  const keyId = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  const secret = toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).replaceAll("_", "~");
  sql.run(
    "insert into api_key (key_id, name, secret_hash, scopes, created_at) values (?, ?, ?, ?, ?)",
    keyId,
    name,
    await hash(secret),
    granted.join(" "),
    now,
  );
  return `${PREFIX}_${keyId}_${secret}`;
}

/** The ID of the key that comes from the environment. */
const ENVIRONMENT_KEY_ID = "admin";

// Long enough that a hash of the secret tells nothing, short enough to be presented (`auth.ts`).
const ENVIRONMENT_KEY = new RegExp(`^${PREFIX}_${ENVIRONMENT_KEY_ID}_([^\\s_]{32,180})$`);

/** Whether a text can be the environment's key: `kh_admin_` and at least 32 characters, which should be random. */
export const isEnvironmentKey = (text: string): boolean => ENVIRONMENT_KEY.test(text);

/**
 * Lets the environment say the first API key, where there is no shell to make one in: on Workers, in a container. It is
 * kept and found as any key is, by its ID and the hash of its secret; but the environment has the last word on it. At
 * every start, another key there takes the place of the one before, and none ends it.
 * @param presented as a caller presents it; undefined for none
 * @throws RangeError where it is not {@link isEnvironmentKey}
 */
export async function setEnvironmentKey(sql: Sql, presented: string | undefined, now: number): Promise<void> {
  if (presented === undefined) return void revokeApiKey(sql, ENVIRONMENT_KEY_ID, now);
  const secret = ENVIRONMENT_KEY.exec(presented)?.[1];
  if (secret === undefined)
    throw new RangeError(
      "KEYHOUSE_ADMIN_KEY is not kh_admin_ and at least 32 random characters, such as `openssl rand -hex 24` makes.",
    );
  // An object on Workers starts many times an hour: it writes only what is new.
  const secretHash = await hash(secret);
  if (keptApiKey(sql, ENVIRONMENT_KEY_ID)?.secretHash === secretHash) return;
  sql.run(
    `insert into api_key (key_id, name, secret_hash, scopes, created_at) values (?, ?, ?, ?, ?)
     on conflict (key_id) do update set secret_hash = excluded.secret_hash, created_at = excluded.created_at,
       revoked_at = null`,
    ENVIRONMENT_KEY_ID,
    "KEYHOUSE_ADMIN_KEY",
    secretHash,
    "admin",
    now,
  );
}

/** A live key as it is kept. */
export interface KeptApiKey {
  key: ApiKey;
  secretHash: string;
}

/** A live key by its ID. */
export function keptApiKey(sql: Sql, keyId: string): KeptApiKey | undefined {
  const row = sql.get<Row>("select * from api_key where key_id = ? and revoked_at is null", keyId);
  return row && { key: apiKeyOf(row), secretHash: row.secret_hash };
}

/**
 * The key that a request presents, or undefined where there is none such, or it was revoked.
 * @param find looks a live key up by its ID
 */
export async function findApiKey(
  find: (keyId: string) => Promise<KeptApiKey | undefined>,
  presented: string,
): Promise<ApiKey | undefined> {
  const [prefix, keyId, secret, ...more] = presented.split("_");
  if (prefix !== PREFIX || keyId === undefined || secret === undefined || more.length > 0) return undefined;
  const kept = await find(keyId);
  // Hashes are compared, not secrets: where they first differ tells nothing about the secret.
  return kept && kept.secretHash === (await hash(secret)) ? kept.key : undefined;
}

/** All keys, oldest first. */
export function listApiKeys(sql: Sql): ApiKey[] {
  return sql.all<Row>("select * from api_key order by created_at").map(apiKeyOf);
}

/** @returns false where there is no such key, or it was revoked before */
export function revokeApiKey(sql: Sql, keyId: string, now: number): boolean {
  return sql.transaction(() => {
    const isLive =
      sql.get("select 1 from api_key where key_id = ? and revoked_at is null", keyId) !== undefined;
    if (isLive) sql.run("update api_key set revoked_at = ? where key_id = ?", now, keyId);
    return isLive;
  });
}

/** SHA-256 is enough for a secret of 192 random bits: there is no dictionary to try. */
async function hash(secret: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret))));
}

function apiKeyOf(row: Row): ApiKey {
  return {
    keyId: row.key_id,
    name: row.name,
    scopes: row.scopes.split(" ") as Scope[],
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
