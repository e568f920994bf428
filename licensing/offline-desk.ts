// Pure. Activation without a network, the vendor's half: it reads a request file, and signs the response.

import { z } from "zod";
import { armor, type ArmorFault, unarmor } from "./armor.ts";
import { peekJws, parseObject, signJws } from "./jws.ts";
import { parseInstant, toNumericDate, type Instant } from "./instant.ts";
import {
  digestOf,
  NONCE,
  OFFLINE_TYPE,
  type OfflineRequest,
  REQUEST_LABEL,
  RESPONSE_LABEL,
} from "./offline.ts";
import type { Signer } from "./sign.ts";
import { text } from "./text.ts";

// As an activation over the network takes it; what a newer product adds of its own is passed over.
const requestSchema = z.object({
  nonce: z.string().regex(NONCE),
  requestedAt: z.string().refine((value) => parseInstant(value) !== undefined),
  activationCode: z.string().max(100),
  host: z.object({ id: text(500), name: text(200).optional() }),
  user: text(300).optional(),
  platform: z.object({
    os: z.object({ type: text(100), version: text(100).optional() }),
    arch: text(100).optional(),
  }),
  app: z.object({ version: text(100) }).optional(),
});

/** Why a request file cannot be answered. */
export type OfflineRequestFault = ArmorFault | "malformed";

export type ReadOfflineRequest =
  | { ok: true; request: OfflineRequest; digest: string }
  | { ok: false; reason: OfflineRequestFault; detail: string };

/**
 * Reads a request file that somebody carried here. Never throws.
 * @returns the request and its digest, which the response has to name, or what is wrong with the file
 */
export async function readOfflineRequest(file: string): Promise<ReadOfflineRequest> {
  const found = unarmor(REQUEST_LABEL, file);
  if (!found.ok) return found;
  const [body = "", digest = "", more] = found.body.split(".");
  if (more !== undefined || digest !== (await digestOf(body)))
    return {
      ok: false,
      reason: "damaged",
      detail:
        "The request does not fit its digest: a part of it is missing or was changed. Send the file again.",
    };
  const parsed = requestSchema.safeParse(parseObject(body));
  if (parsed.success) return { ok: true, request: parsed.data, digest };
  const field = parsed.error.issues[0]?.path.join(".") || "all of it";
  return { ok: false, reason: "malformed", detail: `The request is whole, but not understood: ${field}.` };
}

/** What a response is made of. */
export interface OfflineResponse {
  /** `iss`, as in licenses. */
  issuer: string;
  now: Instant;
  request: OfflineRequest;
  digest: string;
  /** The license that the activation gave. */
  license: string;
}

/** Signs the response file: the license, for the product that wrote this request and no other. */
export async function signOfflineResponse(response: OfflineResponse, signer: Signer): Promise<string> {
  const { issuer, now, request, digest, license } = response;
  const claims = { iss: issuer, iat: toNumericDate(now), nonce: request.nonce, request: digest, license };
  const jti = peekJws(license)?.["jti"];
  return armor(
    RESPONSE_LABEL,
    [
      ["Computer", request.host.name ?? "-"],
      ["Requested at", request.requestedAt],
      ["License", typeof jti === "string" ? jti : "-"],
    ],
    await signJws(OFFLINE_TYPE, claims, signer),
  );
}
