// `npm run verify`: is this license good? Without network, and without the service.

import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  type Accepted,
  compromisedKeys,
  inspectLicense,
  licenseFaults,
  type LicenseClaims,
  MAX_FILE_LENGTH,
  parseInstant,
  publicKeyBytes,
  publishedKeys,
  type PublicJwk,
  readLicenseFile,
  type RevocationList,
  type Verification,
  verifyLicense,
  type VerifyOptions,
} from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { homeOf } from "../home.ts";
import { readKeySet } from "../keys-file.ts";

const HELP = `npm run -s verify -- FILE [--host ID] [--user ID] [--product SKU] [--keys FILE] [--now TIME] [--json]

Verifies a license, as a token or as a license file, and says what is licensed and until when, or what is wrong and what
to do. Ends with 0 where the license is good, else with 1.

  --host ID      the computer that it should be bound to; without it that is not looked at
  --user ID      the user whom it should be for; without it that is not looked at
  --product SKU  the product that it should be for
  --keys FILE    the vendor's public keys, as /.well-known/jwks.json gives them; without it those of KEYHOUSE_HOME
  --now TIME     the time to verify for, such as 2026-11-24T12:00:00Z; without it the present
  --json         the same as one JSON object`;

interface Checked {
  verification: Verification;
  /** Whether the license is bound to someone, and nobody said to whom it should be. */
  isBindingOpen: boolean;
}

async function main(args: string[]): Promise<{ text: string; isGood: boolean }> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: "boolean" },
      host: { type: "string" },
      user: { type: "string" },
      product: { type: "string" },
      keys: { type: "string" },
      now: { type: "string" },
      json: { type: "boolean" },
    },
  });
  if (values.help) return { text: HELP, isGood: true };
  const [path, more] = positionals;
  if (path === undefined || more !== undefined) throw new Error(`Say which file, and one.\n\n${HELP}`);
  const now = values.now === undefined ? systemClock() : parseInstant(values.now);
  if (now === undefined)
    throw new Error(`--now is "${values.now}": give a time such as 2026-11-24T12:00:00Z.`);
  const { host, user, product } = values;
  const options = { ...readKeys(values.keys), now: now / 1000, host, user, product };
  const checked = await check(readText(path), options);
  return {
    text: values.json ? JSON.stringify(jsonOf(checked), null, 2) : statementOf(checked),
    isGood: checked.verification.ok,
  };
}

async function check(text: string, options: VerifyOptions): Promise<Checked> {
  const bare = text.trim();
  const file = /^[\w.-]+$/.test(bare) ? { ok: true as const, token: bare } : readLicenseFile(text);
  if (!file.ok) {
    const { remedy } = licenseFaults.malformed;
    const lastSeen = options.now;
    return {
      verification: { ok: false, reason: "malformed", detail: file.detail, remedy, lastSeen },
      isBindingOpen: false,
    };
  }
  const { token } = file;
  const inspected = await inspectLicense(token, options);
  if (!inspected.ok) return { verification: inspected, isBindingOpen: false };
  const { claims } = inspected;
  const isBindingOpen =
    (claims.host !== undefined && options.host === undefined) ||
    (claims.user !== undefined && options.user === undefined);
  return { verification: isBindingOpen ? inspected : await verifyLicense(token, options), isBindingOpen };
}

function readText(path: string): string {
  if (statSync(path).size > MAX_FILE_LENGTH) throw new Error(`${path} is too long to be what it should be.`);
  return readFileSync(path, "utf8");
}

function readKeys(path: string | undefined): { keys: PublicJwk[]; revocations?: RevocationList } {
  if (path === undefined) {
    const folder = homeOf(process.env).keys;
    const set = readKeySet(folder);
    if (set.length === 0)
      throw new Error(`There are no keys in ${folder}: name the vendor's public keys with --keys FILE.`);
    // Compromised keys are known here, so that the reason is the true one.
    const revocations = {
      number: 0,
      issuedAt: 0,
      licenses: new Set<string>(),
      activations: new Map<string, number>(),
      entitlements: new Set<string>(),
      keys: new Set(compromisedKeys(set)),
    };
    return { keys: publishedKeys(set), revocations };
  }
  const { keys } = parseJson(path) as { keys?: unknown };
  const good = Array.isArray(keys) ? keys.filter((key: PublicJwk | null) => key && publicKeyBytes(key)) : [];
  if (good.length === 0) throw new Error(`${path} holds no Ed25519 public keys, such as a JWKS lists.`);
  return { keys: good as PublicJwk[] };
}

function parseJson(path: string): object {
  try {
    return Object(JSON.parse(readText(path))) as object;
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`${path} is not JSON.`, { cause: error });
    throw error;
  }
}

function jsonOf({ verification, isBindingOpen }: Checked): object {
  if (verification.ok) {
    const { claims, graceEndsAt } = verification;
    return {
      ok: true,
      isBindingChecked: !isBindingOpen,
      graceEndsAt: graceEndsAt === undefined ? null : new Date(graceEndsAt).toISOString(),
      claims,
    };
  }
  const { ok, reason, detail, remedy } = verification;
  return { ok, reason, detail, remedy };
}

function statementOf({ verification, isBindingOpen }: Checked): string {
  if (verification.ok) return goodStatement(verification, isBindingOpen);
  const { reason, detail, remedy } = verification;
  return `Refused (${reason}): ${licenseFaults[reason].title}.\n${detail}\n${remedy}`;
}

function goodStatement({ claims, graceEndsAt }: Accepted, isBindingOpen: boolean): string {
  const { product, model } = claims;
  const lines: [string, string][] = [
    ["Product", `${product.name} (${product.sku})${product.version ? `, version ${product.version}` : ""}`],
    ["Features", product.features?.join(", ") || "none named"],
    ["Customer", `${claims.sub}, order ${claims.order}`],
    ["License", `${claims.jti} of ${claims.entitlement}, from ${claims.iss}`],
    ["Model", `${model?.id}: ${model?.term}, ${model?.metric}`],
    ["Seats", String(claims.seats)],
    ["Bound to", boundTo(claims, isBindingOpen)],
    ["Valid from", time(claims.nbf)],
    ["Valid until", claims.exp === undefined ? "without end" : time(claims.exp)],
    ...(graceEndsAt === undefined ? [] : [["In grace until", time(graceEndsAt / 1000)] as [string, string]]),
    ["Releases", claims.maintenance === undefined ? "all" : `until ${time(claims.maintenance)}`],
  ];
  return [
    graceEndsAt === undefined ? "The license is good." : "The license has ended, and still runs in grace.",
    ...lines.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
  ].join("\n");
}

function boundTo({ host, user }: LicenseClaims, isBindingOpen: boolean): string {
  if (host === undefined && user === undefined) return "nobody: it runs anywhere";
  const [who, flag] = host === undefined ? ["one user", "--user"] : ["one computer", "--host"];
  return isBindingOpen ? `${who}; not looked at: ${flag} ID does` : `${who}, the one that was named`;
}

const time = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

try {
  const { text, isGood } = await main(process.argv.slice(2));
  console.log(text);
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
