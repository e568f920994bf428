// A license that comes back to us: is it one of ours? Its end does not matter, for that is why it comes back.

import {
  LICENSE_TYPE,
  MAX_LICENSE_LENGTH,
  openJws,
  type PublicJwk,
  webCryptoVerifier,
} from "../licensing/index.ts";
import { problem } from "./problem.ts";
import type { Parsed } from "./request.ts";

/** What is read of a license that is presented. */
export interface PresentedLicense {
  activation: string;
  generation: number;
  host?: string;
  user?: string;
}

const verifier = webCryptoVerifier();

/** Reads a license that we signed. */
export async function presentedLicense(
  token: string,
  keys: readonly PublicJwk[],
): Promise<Parsed<PresentedLicense>> {
  const opened = await openJws(token, {
    type: LICENSE_TYPE,
    name: "license",
    maxLength: MAX_LICENSE_LENGTH,
    keys,
    verifier,
  });
  if (!opened.ok) return { ok: false, problem: problem("invalid_license", opened.detail) };
  const { activation, generation, host, user } = opened.claims;
  if (typeof activation !== "string" || typeof generation !== "number")
    return { ok: false, problem: problem("invalid_license", "The license does not name its seat.") };
  return {
    ok: true,
    value: {
      activation,
      generation,
      ...(typeof host === "string" ? { host } : {}),
      ...(typeof user === "string" ? { user } : {}),
    },
  };
}
