// Pure. The license file: a license in armor, under a heading that says to people what is licensed and until when.

import { armor, type ArmorFault, unarmor } from "./armor.ts";
import { isNumericDate, isObject, peekJws } from "./jws.ts";

const LABEL = "KEYHOUSE LICENSE";

export type LicenseFile = { ok: true; token: string } | { ok: false; reason: ArmorFault; detail: string };

/**
 * Writes a license as a file. Its heading repeats some claims; nothing reads it but people.
 * @throws TypeError where the token is not a license
 */
export function writeLicenseFile(token: string): string {
  const claims = peekJws(token);
  if (!claims || !isObject(claims["product"])) throw new TypeError("only a license can be written as one");
  const { product } = claims;
  const bound = claims["host"] === undefined ? claims["user"] : claims["host"];
  return armor(
    LABEL,
    [
      ["Product", `${textOf(product["name"])} (${textOf(product["sku"])})`],
      ["Customer", textOf(claims["sub"])],
      ["Order", textOf(claims["order"])],
      ["Seats", textOf(claims["seats"])],
      [
        "For",
        bound === undefined ? "any computer" : claims["host"] === undefined ? "one user" : "one computer",
      ],
      ["Valid from", dateOf(claims["nbf"])],
      ["Valid until", claims["exp"] === undefined ? "without end" : dateOf(claims["exp"])],
      ...(claims["maintenance"] === undefined
        ? []
        : [["Maintenance until", dateOf(claims["maintenance"])] as const]),
      ["License", textOf(claims["jti"])],
    ],
    token,
  );
}

/** Finds the license in a file, whatever a mail program did to it. It is not verified, and its heading is not read. */
export function readLicenseFile(text: string): LicenseFile {
  const found = unarmor(LABEL, text);
  return found.ok ? { ok: true, token: found.body } : found;
}

const textOf = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "-";

const dateOf = (value: unknown) =>
  isNumericDate(value) ? `${new Date(value * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC` : "-";
