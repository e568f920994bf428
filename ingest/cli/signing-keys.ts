// `npm run keys -- signing-key …`: the keys that licenses are signed with.

import { formatInstant, type KeyState } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { type Home, openLedger } from "../home.ts";
import { compromiseKey, readKeySet, rotateKeys } from "../keys-file.ts";
import type { CommandOf } from "../ledger/commands/index.ts";
import { COMMAND_LINE } from "./by.ts";

/** What a state means, beside the key in the list. */
const MEANING: Record<KeyState, string> = {
  active: "signs",
  retired: "verifies what it signed",
  compromised: "is refused",
};

/**
 * Carries one command out.
 * @param home whose keys they are; its ledger records what was done
 * @param secret `KEYHOUSE_SECRET`; undefined for the one of development
 * @returns what to print, or undefined where there is no such command
 */
export async function signingKeyCommand(
  [verb, ...args]: readonly string[],
  home: Home,
  secret: string | undefined,
): Promise<string | undefined> {
  const { kid, by } = read(args);
  switch (verb ?? "") {
    case "list":
      return list(home.keys);
    case "rotate": {
      const signing = await rotateKeys(home.keys, secret, systemClock());
      await note(home, { type: "signing_key.rotated", data: { signing_kid: signing, by } });
      return rotated(signing);
    }
    case "compromise": {
      if (kid === undefined)
        throw new Error("Say which: signing-key compromise KID. `signing-key list` shows them.");
      const result = await compromiseKey(home.keys, secret, kid, systemClock());
      if (result.ok)
        await note(home, {
          type: "signing_key.compromised",
          data: { kid, signing_kid: result.signing, by },
        });
      return compromised(kid, result);
    }
    default:
      return undefined;
  }
}

/** A key's name may begin with a hyphen; `--by NAME` says who acts. */
function read(args: readonly string[]): { kid: string | undefined; by: string } {
  const flag = args.indexOf("--by");
  const by = flag < 0 ? COMMAND_LINE : args[flag + 1];
  if (!by) throw new Error("Say who: --by NAME.");
  return { kid: args.find((_, i) => flag < 0 || i < flag || i > flag + 1), by };
}

/** The keys were changed by now, and their folder says when; the event says who, and brings it to the lake. */
async function note(home: Home, change: CommandOf<"noteSigningKey">): Promise<void> {
  const { ledger, close } = openLedger(home);
  try {
    await ledger.execute("noteSigningKey", change);
  } finally {
    close();
  }
}

function list(folder: string): string {
  const keys = readKeySet(folder);
  if (keys.length === 0)
    return "There are no signing keys yet: `npm start` or `signing-key rotate` makes the first.";
  return keys
    .map(({ jwk, state, createdAt, endedAt }) =>
      [
        jwk.kid,
        state.padEnd("compromised".length),
        `made ${createdAt.slice(0, 10)}`,
        `${endedAt === null ? "" : `since ${endedAt.slice(0, 10)} `}${MEANING[state]}`,
      ].join("  "),
    )
    .join("\n");
}

const rotated = (kid: string): string =>
  `${kid} signs from now on; a running service takes it within a second.
The keys before it still verify what they signed, and stay in /.well-known/jwks.json.
Products that were built with the keys, and do not fetch them, have to be given the new one.`;

function compromised(kid: string, result: Awaited<ReturnType<typeof compromiseKey>>): string {
  if (result.ok)
    return `${kid} is compromised since ${formatInstant(systemClock()).slice(0, 19)}Z: it is in the key set no more, and what it signed is refused.
${result.signing} signs; a running service takes it within a second.
Customers get a license under it when their product refreshes, or activates the same seat again.`;
  switch (result.reason) {
    case "unknown_key":
      throw new Error(`There is no signing key ${kid}: \`signing-key list\` shows them.`);
    case "already_compromised":
      throw new Error(`${kid} is compromised already: nothing was changed.`);
    case "replacement_needed":
      throw new TypeError("a replacement was given, and not taken");
  }
}
