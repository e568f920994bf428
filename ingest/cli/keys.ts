// `npm run keys`: API keys and signing keys of a home.

import { parseArgs } from "node:util";
import { addDuration, formatInstant, type Instant, isDuration, parseInstant } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { homeOf, openLedger } from "../home.ts";
import { listApiKeys, makeApiKey } from "../ledger/api-keys.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type ApiKey, type Scope, scopes } from "../scope.ts";
import { COMMAND_LINE } from "./by.ts";
import { signingKeyCommand } from "./signing-keys.ts";

const HELP = `npm run -s keys -- COMMAND

  api-key create --name NAME --scope SCOPE [--scope SCOPE …] [--expires P90D|TIME]
                          makes a key and prints it, once, as the last line
  api-key list            what there is, without the secrets
  api-key revoke ID       a revoked key opens nothing, from the next request on
  signing-key list        the keys that licenses are signed with, the newest last
  signing-key rotate      makes a new one that signs from now on; the others still verify
  signing-key compromise KID
                          a key is in other hands: what it signed is refused; if it signs, a new one is made

Scopes: ${scopes.join(", ")}. The scope admin may do everything.
With --by NAME, the event of a change says who made it; it goes to the lake, so let it be a role.`;

async function main(args: string[]): Promise<string> {
  const home = homeOf(process.env);
  const unknown = () => new Error(`There is no command "${args.join(" ")}".\n\n${HELP}`);
  // Its arguments are taken as they are: one key in 64 has a name that begins with a hyphen.
  if (args[0] === "signing-key" && !args.includes("--help")) {
    const said = await signingKeyCommand(args.slice(1), home, process.env["KEYHOUSE_SECRET"] || undefined);
    if (said === undefined) throw unknown();
    return said;
  }
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: "boolean" },
      name: { type: "string" },
      scope: { type: "string", multiple: true },
      expires: { type: "string" },
      by: { type: "string", default: COMMAND_LINE },
    },
  });
  const [kind, verb, id] = positionals;
  if (values.help || positionals.length === 0) return HELP;
  if (kind !== "api-key") throw unknown();
  const { ledger, close } = openLedger(home);
  try {
    switch (verb ?? "") {
      case "create":
        return await create(ledger, { ...values, scopes: values.scope ?? [] });
      case "list":
        return list(ledger);
      case "revoke":
        if (id === undefined) throw new Error("Say which: api-key revoke ID. `api-key list` shows the IDs.");
        if ((await ledger.execute("revokeApiKey", { keyId: id, by: values.by })).isNew)
          return `Revoked ${id}.`;
        throw new Error(`There is no live API key ${id}.`);
      default:
        throw unknown();
    }
  } finally {
    close();
  }
}

interface Wanted {
  name?: string | undefined;
  scopes: readonly string[];
  expires?: string | undefined;
  by: string;
}

async function create(ledger: Ledger, { name, scopes: wanted, expires, by }: Wanted): Promise<string> {
  if (!name) throw new Error("Give the key a name, by which you will know it: --name NAME.");
  if (wanted.length === 0)
    throw new Error(`Say what the key may do: --scope SCOPE, of ${scopes.join(", ")}.`);
  const unknown = wanted.filter((scope) => !scopes.includes(scope as Scope));
  if (unknown.length > 0)
    throw new Error(`No such scope: ${unknown.join(", ")}. There are ${scopes.join(", ")}.`);
  const expiresAt = expires === undefined ? null : readEnd(expires, systemClock());
  const { presented, key } = await makeApiKey(name, wanted as Scope[], expiresAt);
  await ledger.execute("createApiKey", { key, by });
  const until =
    expiresAt === null ? "" : ` It opens what it may until ${formatInstant(expiresAt).slice(0, 19)}Z.`;
  return `Keep it now: it is not shown again.${until}\n${presented}`;
}

/** A time to come, or how long from now. */
function readEnd(text: string, now: Instant): Instant {
  const end = isDuration(text) ? addDuration(now, text) : parseInstant(text);
  if (end !== undefined && end > now) return end;
  throw new Error(
    `--expires is "${text}": give a duration such as P90D, or a time to come such as 2027-01-31T00:00:00Z.`,
  );
}

function list({ sql, now }: Ledger): string {
  const keys = listApiKeys(sql);
  if (keys.length === 0) return "There are no API keys yet: api-key create makes one.";
  return keys
    .map((key) =>
      [
        key.keyId,
        key.name,
        key.scopes.join(" "),
        `made ${day(key.createdAt)}`,
        key.lastUsedAt === null ? "never used" : `used ${formatInstant(key.lastUsedAt).slice(0, 16)}Z`,
        stateOf(key, now()),
      ].join("  "),
    )
    .join("\n");
}

function stateOf({ expiresAt, revokedAt }: ApiKey, now: Instant): string {
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`;
  if (expiresAt === null) return "live";
  return now < expiresAt ? `live until ${day(expiresAt)}` : `expired ${day(expiresAt)}`;
}

const day = (at: Instant): string => formatInstant(at).slice(0, 10);

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
