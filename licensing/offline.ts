// Pure. Activation without a network, the product's half: it writes a request file, somebody carries it to the vendor, and
// it takes the response file. `offline-desk.ts` is the vendor's half.

import { armor, type ArmorFault, unarmor } from "./armor.ts";
import { toBase64Url } from "./base64url.ts";
import { licenseFaults, type LicenseFault } from "./faults.ts";
import { openJws } from "./jws.ts";
import { type Accepted, MAX_LICENSE_LENGTH, verifyLicense, type VerifyOptions } from "./verify.ts";

export const OFFLINE_TYPE = "offline-activation+jwt";
export const REQUEST_LABEL = "KEYHOUSE ACTIVATION REQUEST";
export const RESPONSE_LABEL = "KEYHOUSE ACTIVATION RESPONSE";

/** What the product asks for: the body of an activation, and what tells this request from every other. */
export interface OfflineRequest {
  /** At least 128 random bits as text, such as `crypto.randomUUID()` gives. The product keeps it for the response. */
  nonce: string;
  /** When the request was written, as RFC 3339 in UTC. */
  requestedAt: string;
  activationCode: string;
  host: { id: string; name?: string | undefined };
  user?: string | undefined;
  platform: { os: { type: string; version?: string | undefined }; arch?: string | undefined };
  app?: { version: string } | undefined;
}

/** What a nonce looks like: as long as 128 bits in base64url at least. */
export const NONCE = /^[A-Za-z0-9_-]{22,128}$/;

/**
 * Writes the request file. It carries the activation code: whoever finds the file can use the code.
 * @throws RangeError where the nonce is shorter than 22 characters, or has others than base64url's
 */
export async function makeOfflineRequest(request: OfflineRequest): Promise<string> {
  if (!NONCE.test(request.nonce)) throw new RangeError("a nonce has 22 to 128 characters of base64url");
  const body = toBase64Url(new TextEncoder().encode(JSON.stringify(request)));
  return armor(
    REQUEST_LABEL,
    [
      ["Computer", request.host.name ?? "-"],
      ["Requested at", request.requestedAt],
      ["To do", "send this file to your vendor, and open the answer in the product"],
    ],
    `${body}.${await digestOf(body)}`,
  );
}

/** SHA-256 of the request as it was written: finds typing errors and cuts, and ties the response to the request. */
export async function digestOf(body: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body))));
}

/** Why a response file is refused. */
export type OfflineFault = LicenseFault | ArmorFault | "other_request";

export type OfflineVerification =
  | (Accepted & { /** The license itself, to be kept. */ license: string })
  | { ok: false; reason: OfflineFault; detail: string; remedy: string };

export interface OfflineOptions extends VerifyOptions {
  /** The nonce of the request that the product waits for an answer to. */
  nonce: string;
  /** The request file as it was written, where the product kept it: the vendor has to have seen the same. */
  request?: string | undefined;
}

/** Takes the license out of a response file: the vendor's, to this very request, and good here and now. Never throws. */
export async function verifyOfflineResponse(
  text: string,
  options: OfflineOptions,
): Promise<OfflineVerification> {
  const found = unarmor(RESPONSE_LABEL, text);
  if (!found.ok) return refused(found.reason, found.detail, "Take the response file again, whole.");
  const opened = await openJws(found.body, {
    type: OFFLINE_TYPE,
    name: "response",
    // The license within is in base64url once more.
    maxLength: 2 * MAX_LICENSE_LENGTH,
    keys: options.keys,
    compromised: options.revocations?.keys,
  });
  if (!opened.ok) return refused(opened.reason, opened.detail, licenseFaults[opened.reason].remedy);
  const { nonce, request, license } = opened.claims;
  const asked = options.request === undefined ? undefined : unarmor(REQUEST_LABEL, options.request);
  const digest = asked?.ok ? asked.body.split(".")[1] : undefined;
  if (nonce !== options.nonce || (asked !== undefined && (digest === undefined || request !== digest)))
    return refused(
      "other_request",
      "The response answers another request.",
      "Open the response to the newest request of this computer, or write a new request.",
    );
  if (typeof license !== "string")
    return refused("malformed", "The response holds no license.", licenseFaults.malformed.remedy);
  const verification = await verifyLicense(license, options);
  return verification.ok ? { ...verification, license } : verification;
}

function refused(reason: OfflineFault, detail: string, remedy: string): OfflineVerification {
  return { ok: false, reason, detail, remedy };
}
