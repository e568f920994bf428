// Pure. The license: the signed statement of what order, which computer, what terms, and what is licensed.
// A JWS compact token (RFC 7515) with EdDSA (RFC 8037).

import { toBase64Url } from "./base64url.ts";
import type { Policy } from "./policy.ts";
import type { Entitlement, Seat } from "./entitlement.ts";
import type { Metric, TermKind } from "./words.ts";
import { toNumericDate } from "./instant.ts";
import { signAllJws, signJws } from "./jws.ts";
import type { Signer } from "./sign.ts";

/** The media type in the header (RFC 8725 section 3.11): no other token of ours can be taken for a license. */
export const LICENSE_TYPE = "license+jwt";

/** What a license states. Times are RFC 7519 NumericDates: whole seconds since 1970. */
export interface LicenseClaims {
  iss: string;
  /** The customer. */
  sub: string;
  jti: string;
  iat: number;
  nbf: number;
  /** Absent where the license never ends. */
  exp?: number;
  /** When maintenance ends: releases after it are not covered. Absent where every release is. */
  maintenance?: number;
  order: string;
  entitlement: string;
  activation: string;
  /** {@link hostDigest} of the computer that the license is bound to; absent where it is bound to none. */
  host?: string;
  /** {@link hostDigest} of the user, where the license is for a named user. */
  user?: string;
  product: { sku: string; name: string; version?: string; features: string[] };
  model: { id: string; term: TermKind; metric: Metric };
  policy: Policy;
  seats: number;
  /** Rises whenever the seat moves to another host; a lower one is a copy left behind. */
  generation: number;
}

/** Whom a license is bound to, as digests that the product can compute for itself. */
export interface Binding {
  host: string;
  user?: string;
}

/**
 * The digest of a host ID (or a user's ID) in a license: SHA-256, base64url. The product computes the same from its own
 * computer; the license does not tell the ID itself to whoever finds it.
 */
export async function hostDigest(id: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id))));
}

/**
 * The claims of a seat's present license. The same seat gives the same claims, and so, with the same key, the same token.
 * @throws TypeError where no license was issued for the seat, or the user of a named user's seat is not told
 */
export function claimsOf(
  issuer: string,
  entitlement: Entitlement,
  { activationId, generation, license }: Seat,
  binding: Binding,
): LicenseClaims {
  if (!license) throw new TypeError(`no license was issued for ${activationId}`);
  const { product, model } = entitlement;
  const isForUser = model.metric === "named-user";
  // Without either it would be a license for everyone, everywhere.
  if (isForUser && binding.user === undefined) throw new TypeError(`the user of ${activationId} is not told`);
  return {
    iss: issuer,
    sub: entitlement.customerId,
    jti: license.licenseId,
    iat: toNumericDate(license.issuedAt),
    nbf: toNumericDate(license.notBefore),
    ...(license.expiresAt === null ? {} : { exp: toNumericDate(license.expiresAt) }),
    ...(entitlement.maintenanceEndsAt === null
      ? {}
      : { maintenance: toNumericDate(entitlement.maintenanceEndsAt) }),
    order: entitlement.orderId,
    entitlement: entitlement.entitlementId,
    activation: activationId,
    // A named user may sit at any computer.
    ...(isForUser ? {} : { host: binding.host }),
    ...(isForUser && binding.user !== undefined ? { user: binding.user } : {}),
    product: {
      sku: product.sku,
      name: product.name,
      ...(product.version === undefined ? {} : { version: product.version }),
      features: product.features,
    },
    model: { id: model.id, term: model.term, metric: model.metric },
    policy: statedPolicy(entitlement),
    seats: entitlement.quantity,
    generation,
  };
}

/** A floating seat goes to another host when its lease ends: there is no grace after it. */
function statedPolicy({ policy, model }: Entitlement): Policy {
  const { grace: _, ...rest } = policy;
  return model.metric === "floating" ? rest : policy;
}

/** Signs claims: a JWS compact token of {@link LICENSE_TYPE}. */
export function signLicense(claims: LicenseClaims, signer: Signer): Promise<string> {
  return signJws(LICENSE_TYPE, claims, signer);
}

/** Signs many, each as {@link signLicense} does, to the same bytes. */
export function signLicenses(claims: readonly LicenseClaims[], signer: Signer): Promise<string[]> {
  return signAllJws(LICENSE_TYPE, claims, signer);
}
