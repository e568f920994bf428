// Who asks? The API key of a request.

import type { Instant } from "../licensing/index.ts";
import { findApiKey } from "./ledger/api-keys.ts";
import type { Ledgers } from "./ledgers.ts";
import { problem } from "./problem.ts";
import type { Parsed } from "./request.ts";
import type { ApiKey } from "./scope.ts";

/** The key of an `Authorization: Bearer …` header, or null where there is no such header. */
export async function authenticate(
  { control }: Ledgers,
  header: string | undefined,
  now: Instant,
): Promise<Parsed<ApiKey | null>> {
  if (header === undefined) return { ok: true, value: null };
  const presented = /^Bearer +(\S{1,200})$/i.exec(header)?.[1];
  const key =
    presented === undefined
      ? undefined
      : await findApiKey((keyId) => control.ask("apiKey", keyId), presented, now);
  if (key) return { ok: true, value: key };
  return {
    ok: false,
    problem: problem(
      "unauthorized",
      "The API key is not known, has expired or was revoked: `npm run keys -- api-key list` shows those that are.",
    ),
  };
}
