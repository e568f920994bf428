// Who may read the reports, where others than their readers reach the service: they name customers and what those bought.
//
// HTTP's basic authentication (RFC 7617): every browser asks for it by itself, sends it below /reports/ alone, and the API
// takes it from nobody. So a page elsewhere that makes a reader's browser ask for something gains nothing by it.

import type { MiddlewareHandler } from "hono";
import type { AppDeps } from "./deps.ts";
import { hashOf, isSame } from "./ledger/api-keys.ts";
import { count } from "./operation/admit.ts";
import type { Operation } from "./operation/operation.ts";
import { problem } from "./problem.ts";
import { respond } from "./respond.ts";
import type { ApiKey } from "./scope.ts";

export interface ReaderDeps extends Pick<AppDeps, "clock"> {
  operation: Operation;
}

/** Whether a text can be the key to the reports: `kh_reports_` and at least 32 characters, which should be random. */
export const isReportsKey = (text: string): boolean => /^kh_reports_[!-~]{32,180}$/.test(text);

export const NO_REPORTS_KEY =
  "KEYHOUSE_REPORTS_KEY is not kh_reports_ and at least 32 random characters, such as `openssl rand -hex 24` makes.";

/** Readers are counted together, as one key's callers are: a page is some sixty files, of many readers at one address. */
const READER: ApiKey = {
  keyId: "reports",
  name: "KEYHOUSE_REPORTS_KEY",
  scopes: [],
  createdAt: 0,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
};

/** Admits who shows the key as the password, under any name, and does not come too often; nobody where there is no key. */
export function admittedReader(key: string | null, { clock, operation }: ReaderDeps): MiddlewareHandler {
  return async (c, next) => {
    const now = clock();
    const header = c.req.header("Authorization");
    const isReader = key !== null && (await isPassword(header, key));
    const address = operation.limits ? operation.addressOf(c) : null;
    const caller = { key: isReader ? READER : null, address };
    c.set("caller", caller);
    const tooMany = await count(c, caller, now, operation);
    if (tooMany) return tooMany;
    if (isReader) return next();
    if (key === null) return respond(problem("not_found", NOT_SERVED), c);
    // Who shows nothing yet has guessed nothing: a browser asks once before it asks its reader.
    if (header !== undefined) operation.limits?.answered(caller, "unauthorized", now);
    const refused = respond(problem("unauthorized", KEY_WANTED), c);
    refused.headers.set("www-authenticate", 'Basic realm="keyhouse reports", charset="UTF-8"');
    return refused;
  };
}

const NOT_SERVED =
  "The reports are not served here: that begins with the secret KEYHOUSE_REPORTS_KEY, for who may read them.";
const KEY_WANTED = "The reports are for who has their key: it is the password, under any name.";

async function isPassword(header: string | undefined, key: string): Promise<boolean> {
  const credentials = /^Basic +([\w+/-]{1,400}={0,2})$/i.exec(header ?? "")?.[1];
  const password = credentials === undefined ? undefined : decoded(credentials)?.replace(/^[^:]*:/, "");
  return password !== undefined && isSame(await hashOf(password), await hashOf(key));
}

function decoded(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}
