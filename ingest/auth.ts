// Who asks, and may they? API keys and their scopes.

import { type ApiKey, findApiKey, type Scope } from "./ledger/api-keys.ts";
import type { Sql } from "./ledger/sql.ts";
import { type Problem, problem } from "./problem.ts";
import type { Parsed } from "./request.ts";

/** The key of an `Authorization: Bearer …` header, or null where there is no such header. */
export async function authenticate(sql: Sql, header: string | undefined): Promise<Parsed<ApiKey | null>> {
  if (header === undefined) return { ok: true, value: null };
  const presented = /^Bearer +(\S{1,200})$/i.exec(header)?.[1];
  const key = presented === undefined ? undefined : await findApiKey(sql, presented);
  if (key) return { ok: true, value: key };
  return {
    ok: false,
    problem: problem(
      "unauthorized",
      "The API key is not known, or was revoked: `npm run keys -- api-key list` shows those that are.",
    ),
  };
}

/** The problem of a caller who may not do what needs this scope; null where they may. */
export function missingScope(key: ApiKey | null, scope: Scope): Problem | null {
  if (!key)
    return problem(
      "unauthorized",
      `This needs an API key with the scope ${scope}: make one with \`npm run keys -- api-key create\`, send it as Authorization: Bearer <key>.`,
    );
  // Whoever may change the catalog may do everything.
  if (key.scopes.includes(scope) || key.scopes.includes("admin")) return null;
  return problem("insufficient_scope", `The API key "${key.name}" lacks the scope ${scope}.`);
}
