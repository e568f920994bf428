// Files as Keygen makes them, under keys of our own; resources as its API gives them.

import { createCipheriv, hash } from "node:crypto";
import { webCryptoSigner } from "../../../licensing/index.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(9));
export const PUBLIC_KEY = Buffer.from(signer.publicJwk.x, "base64url").toString("hex");
export const LICENSE_KEY = "5D6C1B-A00000-B00000-C00000-D00000-V3";
export const FINGERPRINT = "4f:c1:9a:00:be:ef";
export const keys = {
  "public-key": [PUBLIC_KEY],
  "license-key": [LICENSE_KEY],
  fingerprint: [FINGERPRINT],
};

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");

/** A license file, or a machine file. */
export async function certificate(
  content: unknown,
  { label = "LICENSE FILE", encoding = "aes-256-gcm", signature = "ed25519", prefix = "" } = {},
): Promise<string> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const secret = LICENSE_KEY + (label === "MACHINE FILE" ? FINGERPRINT : "");
  const enc = encoding === "base64" ? base64(text) : encrypt(text, secret);
  const signed = new TextEncoder().encode(`${prefix || label.split(" ")[0]?.toLowerCase()}/${enc}`);
  const sig = base64(await signer.sign(signed));
  return armored(label, JSON.stringify({ enc, sig, alg: `${encoding}+${signature}` }));
}

/** Anything between BEGIN and END, as base64. */
export function armored(label: string, envelope: string): string {
  const lines = base64(envelope).match(/.{1,60}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function encrypt(text: string, secret: string): string {
  const iv = new Uint8Array(12).fill(1);
  const cipher = createCipheriv("aes-256-gcm", hash("sha256", secret, "buffer"), iv);
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return [ciphertext, iv, cipher.getAuthTag()].map(base64).join(".");
}

interface Resource {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, unknown>;
}

/** @param related what it is related to, each by type and ID */
function resource(
  type: string,
  id: string,
  attributes: object,
  related: Record<string, { type: string; id: string } | null> = {},
): Resource {
  const relationships = Object.fromEntries(
    Object.entries(related).map(([name, data]) => [name, { links: { related: `/v1/${name}` }, data }]),
  );
  return { type, id, attributes: { ...attributes }, relationships };
}

/** A license of policy P of product J, for three machines of user U, for ever; but for what is said. */
export const license = (attributes: object = {}, id = "L1") =>
  resource(
    "licenses",
    id,
    {
      name: "Ada's own",
      key: LICENSE_KEY,
      expiry: null,
      status: "ACTIVE",
      suspended: false,
      floating: true,
      strict: true,
      maxMachines: 3,
      maxUsers: null,
      maxCores: null,
      maxUses: null,
      requireHeartbeat: false,
      metadata: { note: "PRIVATE-NOTE" },
      created: "2024-02-01T10:00:00.000Z",
      updated: "2024-03-01T10:00:00.000Z",
      ...attributes,
    },
    {
      account: { type: "accounts", id: "A" },
      product: { type: "products", id: "J" },
      policy: { type: "policies", id: "P" },
      owner: { type: "users", id: "U" },
    },
  );

/** A machine of license L1. */
export const machine = (attributes: object = {}, id = "M1", licenseId = "L1") =>
  resource(
    "machines",
    id,
    {
      fingerprint: FINGERPRINT,
      name: null,
      hostname: null,
      platform: null,
      created: "2024-02-02T10:00:00.000Z",
      ...attributes,
    },
    { license: { type: "licenses", id: licenseId }, owner: null },
  );

/** A policy for three machines, for ever; but for what is said. */
export const policy = (attributes: object = {}) =>
  resource("policies", "P", { name: "Pro", duration: null, floating: true, maxMachines: 3, ...attributes });

export const product = resource("products", "J", { name: "Jupiter", code: "jupiter", metadata: {} });

export const user = resource("users", "U", {
  fullName: "Ada Lovelace",
  firstName: "Ada",
  lastName: "Lovelace",
  email: "ada@example.com",
});

export const entitlement = (id: string, code: string) =>
  resource("entitlements", id, { name: `About ${code}`, code });

/** A license that names entitlements, as one does that was asked for with them. */
export function entitled(id: string, ...entitlements: string[]): Resource {
  const plain = license({}, id);
  const data = entitlements.map((it) => ({ type: "entitlements", id: it }));
  return { ...plain, relationships: { ...plain.relationships, entitlements: { data } } };
}
