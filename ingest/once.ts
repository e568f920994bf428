// A request that may come twice, and is to be done once: `Idempotency-Key`.

import type { RequestName } from "./ledger/once.ts";
import { fingerprintOf } from "./request.ts";
import type { Request } from "./route.ts";

/** The request's name, where its caller gave it one: the same again is answered the same, and decided once. */
export async function onceOf({ c, key }: Request, command: object): Promise<RequestName | undefined> {
  const given = c.req.header("Idempotency-Key");
  if (given === undefined) return undefined;
  // A name is its caller's, and, where callers have no API key, of what they ask about: nobody meets another's.
  const request = await fingerprintOf([key?.keyId ?? "", c.req.path, given.slice(0, MAX_KEY_LENGTH)]);
  return { request, fingerprint: await fingerprintOf(command) };
}

/** Longer keys are told apart by their beginning. */
const MAX_KEY_LENGTH = 255;
