import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type LicenseClaims,
  MAX_FILE_LENGTH,
  readLicenseFile,
  signLicense,
  webCryptoSigner,
  writeLicenseFile,
} from "../../licensing/index.ts";
import { claims, texts } from "./samples.ts";

const signer = await webCryptoSigner(new Uint8Array(32).fill(7));
const token = await signLicense(claims, signer);
const file = writeLicenseFile(token);
const written = async (change: Partial<LicenseClaims>) =>
  writeLicenseFile(await signLicense({ ...claims, ...change }, signer));

describe("a license file", () => {
  test("says to people what is licensed and until when", () => {
    const [begin, ...lines] = file.split("\n");
    expect(begin).toBe("-----BEGIN KEYHOUSE LICENSE-----");
    expect(lines.slice(0, 9)).toEqual([
      "Product: Atlas CAD Pro (CAD-PRO)",
      "Customer: C-42",
      "Order: SO-1001",
      "Seats: 5",
      "For: any computer",
      "Valid from: 2026-01-05 10:00 UTC",
      "Valid until: 2026-02-04 10:00 UTC",
      "License: L-1",
      "",
    ]);
    expect(file.endsWith("\n-----END KEYHOUSE LICENSE-----\n")).toBe(true);
    expect(Math.max(...lines.slice(9).map((line) => line.length))).toBe(64);
  });

  test.each<[string, Partial<LicenseClaims>, string]>([
    ["no end", { exp: undefined as never }, "Valid until: without end"],
    ["a computer", { host: "digest" }, "For: one computer"],
    ["a user", { user: "digest" }, "For: one user"],
    ["maintenance", { maintenance: claims.nbf }, "Maintenance until: 2026-01-05 10:00 UTC"],
  ])("speaks of %s", async (_what, change, line) => {
    expect((await written(change)).split("\n")).toContain(line);
  });

  test("gives its license back, whatever the product is called", async () => {
    const names = fc.oneof(
      texts(200),
      fc.constant("A\n-----END KEYHOUSE LICENSE-----\nB"),
      fc.constant(`\u2028-----BEGIN KEYHOUSE LICENSE-----\u202e`),
      fc.constant(":"),
    );
    await assert(
      fc.asyncProperty(names, async (name) => {
        const other = await signLicense({ ...claims, product: { ...claims.product, name } }, signer);
        expect(readLicenseFile(writeLicenseFile(other))).toEqual({ ok: true, token: other });
      }),
      { numRuns: 100 },
    );
  });

  test("does not trust its heading: it may say anything", () => {
    const lie = file.replace("Seats: 5", "Seats: 5000").replace("Product:", "Anything: at all\nProduct:");
    expect(readLicenseFile(lie)).toEqual({ ok: true, token });
  });

  test("of a token that is no license is a programmer's mistake", () => {
    for (const other of ["", "a.b.c", "no license"]) expect(() => writeLicenseFile(other)).toThrow(TypeError);
  });
});

describe("readLicenseFile takes", () => {
  test.each<[string, string]>([
    ["the lines of Windows", file.replaceAll("\n", "\r\n")],
    ["the lines of an old Macintosh", file.replaceAll("\n", "\r")],
    ["a byte order mark", `\ufeff${file}`],
    ["a letter around it", `Dear customer,\n\nhere it is:\n\n${file}\nRegards: the vendor\n`],
    ["blanks after its lines", file.replaceAll("\n", "  \t\n")],
    ["indentation", file.replaceAll("\n", "\n    ")],
    ["doubled lines", file.replaceAll("\n", "\n\n")],
    ["no blank line", file.replace("\n\n", "\n")],
    ["a heading that was wrapped", file.replace("Atlas CAD Pro (", "Atlas CAD\nPro\n(")],
    ["lines of other lengths", file.replace(/\n\n[\s\S]*\n-----END/, `\n\n${token}\n-----END`)],
    ["no line end at its end", file.trimEnd()],
    ["another license after it", file + file.replace("Seats", "Chairs")],
  ])("%s", (_what, text) => {
    expect(readLicenseFile(text)).toEqual({ ok: true, token });
  });
});

describe("readLicenseFile refuses", () => {
  test.each<[string, string, string]>([
    ["nothing", "", "not_armored"],
    ["what is no text", 7 as never, "too_long"],
    ["a key", file.replaceAll("KEYHOUSE LICENSE", "PRIVATE KEY"), "not_armored"],
    ["a file whose end is missing", file.slice(0, -40), "cut"],
    ["a file with a foreign character", file.replace("\n\ney", "\n\ney*"), "damaged"],
    ["a file without license", "-----BEGIN KEYHOUSE LICENSE-----\n-----END KEYHOUSE LICENSE-----", "damaged"],
    ["a file without end", file + "\n".repeat(MAX_FILE_LENGTH), "too_long"],
  ])("%s", (_what, text, reason) => {
    expect(readLicenseFile(text)).toMatchObject({ ok: false, reason });
  });

  test("a file cut anywhere before its last line is whole", () => {
    const whole = file.trimEnd().length;
    const taken = Array.from({ length: whole }, (_, length) => readLicenseFile(file.slice(0, length)));
    expect(taken.filter(({ ok }) => ok)).toEqual([]);
  });

  test("and never throws, for any lines between the right ones", () => {
    assert(
      fc.property(fc.array(fc.oneof(texts(80), fc.constantFrom(...file.split("\n")))), (lines) => {
        const found = readLicenseFile(lines.join("\n"));
        return found.ok ? /^[\w.-]+$/.test(found.token) : found.detail !== "";
      }),
      { numRuns: 500 },
    );
  });
});
