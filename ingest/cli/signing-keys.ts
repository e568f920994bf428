// `npm run keys -- signing-key …`: the keys that licenses are signed with.

import { formatInstant, type KeyState } from "../../licensing/index.ts";
import { systemClock } from "../clock.ts";
import { compromiseKey, readKeySet, rotateKeys } from "../keys-file.ts";

/** What a state means, beside the key in the list. */
const MEANING: Record<KeyState, string> = {
  active: "signs",
  retired: "verifies what it signed",
  compromised: "is refused",
};

/**
 * Carries one command out.
 * @param folder the keys of the home
 * @param secret `KEYHOUSE_SECRET`; undefined for the one of development
 * @returns what to print, or undefined where there is no such command
 */
export async function signingKeyCommand(
  [verb, kid]: readonly string[],
  folder: string,
  secret: string | undefined,
): Promise<string | undefined> {
  switch (verb ?? "") {
    case "list":
      return list(folder);
    case "rotate":
      return rotated(await rotateKeys(folder, secret, systemClock()));
    case "compromise":
      if (kid === undefined)
        throw new Error("Say which: signing-key compromise KID. `signing-key list` shows them.");
      return compromised(kid, await compromiseKey(folder, secret, kid, systemClock()));
    default:
      return undefined;
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
