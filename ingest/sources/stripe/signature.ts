// Whether Stripe signed a message, and when. https://docs.stripe.com/webhooks#verify-manually

import { type Instant, toNumericDate } from "../../../licensing/index.ts";

/** How far a signature's time may be from ours: who has caught a message cannot send it again later. */
const TOLERANCE_SECONDS = 300;
/** Stripe signs with each secret of an endpoint: one, and for a day after it was rolled another one. */
const MAX_SIGNATURES = 16;
const MAX_HEADER_LENGTH = 4096;

export type Signature = "valid" | "invalid" | "stale";

/**
 * Verifies the header `Stripe-Signature`: `t=`, a time in seconds, and `v1=`, the hex of HMAC-SHA256 over that time, a dot and
 * the bytes that were sent; once for each secret that is in force there.
 * @param secrets any of them may have signed: while one is rolled there are two
 */
export async function verifySignature(
  header: string,
  body: Uint8Array,
  secrets: readonly string[],
  now: Instant,
): Promise<Signature> {
  const read = readHeader(header);
  if (!read) return "invalid";
  const time = new TextEncoder().encode(`${read.time}.`);
  const signed = new Uint8Array(time.length + body.length);
  signed.set(time);
  signed.set(body, time.length);
  const keys = await Promise.all(secrets.map(keyOf));
  const checks = keys.flatMap((key) =>
    // The engine compares in constant time.
    read.signatures.map((signature) => crypto.subtle.verify("HMAC", key, signature, signed)),
  );
  if (!(await Promise.all(checks)).includes(true)) return "invalid";
  return Math.abs(toNumericDate(now) - Number(read.time)) <= TOLERANCE_SECONDS ? "valid" : "stale";
}

const keyOf = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);

function readHeader(header: string): { time: string; signatures: Uint8Array<ArrayBuffer>[] } | undefined {
  if (header.length > MAX_HEADER_LENGTH) return undefined;
  const fields = header.split(",").map((field) => field.trim());
  const values = (name: string) =>
    fields.flatMap((field) => (field.startsWith(`${name}=`) ? [field.slice(name.length + 1)] : []));
  const [time, ...otherTimes] = values("t");
  // Other schemes, such as the `v0` of test events, are none that anybody may sign with.
  const signatures = values("v1").filter((hex) => /^[0-9a-f]{64}$/.test(hex));
  if (time === undefined || otherTimes.length > 0 || !/^\d{1,12}$/.test(time)) return undefined;
  return signatures.length === 0 || signatures.length > MAX_SIGNATURES
    ? undefined
    : { time, signatures: signatures.map((hex) => Uint8Array.fromHex(hex)) };
}
