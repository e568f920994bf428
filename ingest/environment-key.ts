// The API key that the environment says, for where there is no shell to make one in.

import { hashOf, keptApiKey, PREFIX } from "./ledger/api-keys.ts";
import type { Ledger } from "./ledger/ledger.ts";

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
export async function setEnvironmentKey(ledger: Ledger, presented: string | undefined): Promise<void> {
  const by = "environment";
  if (presented === undefined)
    return void (await ledger.execute("revokeApiKey", { keyId: ENVIRONMENT_KEY_ID, by }));
  const secret = ENVIRONMENT_KEY.exec(presented)?.[1];
  if (secret === undefined)
    throw new RangeError(
      "KEYHOUSE_ADMIN_KEY is not kh_admin_ and at least 32 random characters, such as `openssl rand -hex 24` makes.",
    );
  // An object on Workers starts many times an hour: it writes only what is new.
  const secretHash = await hashOf(secret);
  if (keptApiKey(ledger.sql, ENVIRONMENT_KEY_ID)?.secretHash === secretHash) return;
  const key = {
    keyId: ENVIRONMENT_KEY_ID,
    name: "KEYHOUSE_ADMIN_KEY",
    scopes: ["admin"] as const,
    secretHash,
    expiresAt: null,
  };
  await ledger.execute("createApiKey", { key, by });
}
