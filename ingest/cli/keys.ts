// `npm run keys`: API keys and signing keys of a home.

import { parseArgs } from "node:util";
import { formatInstant } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { homeOf, openLedger } from "../home.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "../ledger/api-keys.ts";
import { type Scope, scopes } from "../scope.ts";
import { signingKeyCommand } from "./signing-keys.ts";

const HELP = `npm run -s keys -- COMMAND

  api-key create --name NAME --scope SCOPE [--scope SCOPE …]
                          makes a key and prints it, once, as the last line
  api-key list            what there is, without the secrets
  api-key revoke ID       a revoked key opens nothing, from the next request on
  signing-key list        the keys that licenses are signed with, the newest last
  signing-key rotate      makes a new one that signs from now on; the others still verify
  signing-key compromise KID
                          a key is in other hands: what it signed is refused; if it signs, a new one is made

Scopes: ${scopes.join(", ")}. The scope admin may do everything.`;

async function main(args: string[]): Promise<string> {
  const home = homeOf(process.env);
  const unknown = () => new Error(`There is no command "${args.join(" ")}".\n\n${HELP}`);
  // Its arguments are taken as they are: one key in 64 has a name that begins with a hyphen.
  if (args[0] === "signing-key" && !args.includes("--help")) {
    const secret = process.env["KEYHOUSE_SECRET"] || undefined;
    const said = await signingKeyCommand(args.slice(1), home.keys, secret);
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
    },
  });
  const [kind, verb, id] = positionals;
  if (values.help || positionals.length === 0) return HELP;
  if (kind !== "api-key") throw unknown();
  const { ledger, close } = openLedger(home);
  try {
    switch (verb ?? "") {
      case "create":
        return await create(ledger.sql, values.name, values.scope ?? []);
      case "list":
        return list(ledger.sql);
      case "revoke":
        if (id === undefined) throw new Error("Say which: api-key revoke ID. `api-key list` shows the IDs.");
        if (revokeApiKey(ledger.sql, id, systemClock())) return `Revoked ${id}.`;
        throw new Error(`There is no live API key ${id}.`);
      default:
        throw unknown();
    }
  } finally {
    close();
  }
}

type Sql = ReturnType<typeof openLedger>["ledger"]["sql"];

async function create(sql: Sql, name: string | undefined, wanted: readonly string[]): Promise<string> {
  if (!name) throw new Error("Give the key a name, by which you will know it: --name NAME.");
  if (wanted.length === 0)
    throw new Error(`Say what the key may do: --scope SCOPE, of ${scopes.join(", ")}.`);
  const unknown = wanted.filter((scope) => !scopes.includes(scope as Scope));
  if (unknown.length > 0)
    throw new Error(`No such scope: ${unknown.join(", ")}. There are ${scopes.join(", ")}.`);
  const key = await createApiKey(sql, { name, scopes: wanted as Scope[], now: systemClock() });
  return `Keep it now: it is not shown again.\n${key}`;
}

function list(sql: Sql): string {
  const keys = listApiKeys(sql);
  if (keys.length === 0) return "There are no API keys yet: api-key create makes one.";
  return keys
    .map(({ keyId, name, scopes: granted, createdAt, revokedAt }) =>
      [
        keyId,
        name,
        granted.join(" "),
        `made ${formatInstant(createdAt).slice(0, 10)}`,
        revokedAt === null ? "live" : `revoked ${formatInstant(revokedAt).slice(0, 10)}`,
      ].join("  "),
    )
    .join("\n");
}

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
