// Pure. What an API key may do, and whether that is enough.

import { type Problem, problem } from "./problem.ts";

/** What a key may do. */
export const scopes = [
  "admin",
  "orders:write",
  "licenses:write",
  "events:write",
  "history:write",
  "read",
  // Counts of the service, and of nobody's data: for a monitoring system that should read nothing else.
  "metrics",
] as const;
export type Scope = (typeof scopes)[number];

/** A key as it is kept and listed: never the secret. */
export interface ApiKey {
  keyId: string;
  name: string;
  scopes: Scope[];
  createdAt: number;
  /** From when on it opens nothing. */
  expiresAt: number | null;
  /** When it was presented last, to a minute. */
  lastUsedAt: number | null;
  revokedAt: number | null;
}

/** Who acted, as events say it: an API key's name, or the customer. */
export const byOf = (key: ApiKey | null): string => key?.name ?? "customer";

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
