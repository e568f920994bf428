// The keys of a deployment on Workers, which has no disk and no shell: they come as secrets, by
// `wrangler secret put` or `wrangler deploy --secrets-file`.

import { isEnvironmentKey } from "./environment-key.ts";
import { isReportsKey, NO_REPORTS_KEY } from "./reports-key.ts";

/** What has to be set, all of it, before anything real is kept. */
export interface Secrets {
  /** Private signing keys, each 64 hexadecimal digits (`openssl rand -hex 32`), with spaces between; the last one signs. */
  KEYHOUSE_SIGNING_KEY?: string;
  /** Hashes host and user IDs: 64 hexadecimal digits. Under another one, every host would be a new host. */
  KEYHOUSE_HOST_KEY?: string;
  /** The first API key: `kh_admin_` and at least 32 random characters. */
  KEYHOUSE_ADMIN_KEY?: string;
}

/** What may be set as well. */
export interface MoreSecrets {
  /** Opens the reports: `kh_reports_` and at least 32 random characters. Without it, nothing does. */
  KEYHOUSE_REPORTS_KEY?: string;
}

/** For trying things out on one's own machine: everybody who has this source has these keys. */
const DEVELOPMENT_SECRETS: Required<Secrets> = {
  KEYHOUSE_SIGNING_KEY: "d0".repeat(32),
  KEYHOUSE_HOST_KEY: "d1".repeat(32),
  KEYHOUSE_ADMIN_KEY: "kh_admin_for-development-on-this-machine-only",
};

const DEVELOPMENT_REPORTS_KEY = "kh_reports_for-development-on-this-machine-only";

export interface DeploymentKeys {
  signing: Uint8Array[];
  hostKey: Uint8Array;
  adminKey: string;
  /** Null where the reports are for nobody. */
  reportsKey: string | null;
}

/**
 * Reads the keys of a deployment. Where none is set they are those of development, but only for a request to a name of
 * this machine: no route of Cloudflare's leads to a Worker under such a name, so a deployment never runs with them.
 * @param url what was asked for; undefined where nobody asked, as in an alarm
 * @returns the keys, or what to do about them; it names a secret, never its value
 */
export function readSecrets(
  env: Secrets & MoreSecrets,
  url?: string,
): { ok: true; value: DeploymentKeys } | { ok: false; detail: string } {
  const names = Object.keys(DEVELOPMENT_SECRETS) as (keyof Secrets)[];
  const missing = names.filter((name) => !env[name]);
  const isDevelopment = missing.length === names.length && (url === undefined || isOnThisMachine(url));
  if (missing.length > 0 && !isDevelopment)
    return { ok: false, detail: `Set ${missing.join(", ")} with \`npx wrangler secret put\`.` };

  const secrets = isDevelopment ? DEVELOPMENT_SECRETS : (env as Required<Secrets>);
  const signing = secrets.KEYHOUSE_SIGNING_KEY.trim().split(/\s+/);
  const hostKey = secrets.KEYHOUSE_HOST_KEY.trim();
  const adminKey = secrets.KEYHOUSE_ADMIN_KEY.trim();
  if (!signing.every(isKey)) return { ok: false, detail: notAKey("KEYHOUSE_SIGNING_KEY") };
  if (!isKey(hostKey)) return { ok: false, detail: notAKey("KEYHOUSE_HOST_KEY") };
  if (!isEnvironmentKey(adminKey))
    return { ok: false, detail: "KEYHOUSE_ADMIN_KEY is not kh_admin_ and at least 32 random characters." };
  const reportsKey = env.KEYHOUSE_REPORTS_KEY?.trim() || (isDevelopment ? DEVELOPMENT_REPORTS_KEY : null);
  if (reportsKey !== null && !isReportsKey(reportsKey)) return { ok: false, detail: NO_REPORTS_KEY };
  const bytes = (hex: string) => Uint8Array.fromHex(hex);
  return { ok: true, value: { signing: signing.map(bytes), hostKey: bytes(hostKey), adminKey, reportsKey } };
}

export const isOnThisMachine = (url: string): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);

const isKey = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text);

const notAKey = (name: keyof Secrets): string =>
  `${name} is not 64 hexadecimal digits, such as \`openssl rand -hex 32\` makes.`;
