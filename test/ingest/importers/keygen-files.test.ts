// License and machine files of Keygen's: what is opened, and what is refused, with the reason.

import { describe, expect, test } from "vitest";
import { SourceFault } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/keygen/importer.ts";
import {
  armored,
  certificate,
  entitled,
  entitlement,
  FINGERPRINT,
  keys,
  license,
  LICENSE_KEY,
  machine,
  PUBLIC_KEY,
} from "./keygen-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (content: string, options: Record<string, readonly string[]> = keys) =>
  entriesOf(importer, sourceOf(content), { options });

const document = { data: license() };
const OTHER_KEY = "0".repeat(63) + "1";

describe("a file is opened", () => {
  test.each<[what: string, options: Parameters<typeof certificate>[1], content: object, kinds: string[]]>([
    ["an encrypted license file", {}, document, ["right"]],
    ["a license file that is only encoded", { encoding: "base64" }, document, ["right"]],
    [
      "an encrypted machine file",
      { label: "MACHINE FILE" },
      { data: machine(), included: [license()] },
      ["seat", "right"],
    ],
    [
      "a machine file that is only encoded",
      { label: "MACHINE FILE", encoding: "base64" },
      { data: machine() },
      ["seat"],
    ],
    [
      "one that brings its entitlements",
      {},
      { data: entitled("L1", "E"), included: [entitlement("E", "EXPORT")], meta: { ttl: 1 } },
      ["right"],
    ],
  ])("%s", async (_what, options, content, kinds) => {
    const file = await certificate(content, options);
    const entries = await read(file);
    expect(entries.map(({ kind }) => kind)).toEqual(kinds);
    // What it says is the same as in an export.
    const exported = await entriesOf(importer, sourceOf(JSON.stringify(content)));
    const said = (all: typeof entries) => all.map((entry) => ({ ...entry, place: entry.place.at }));
    expect(said(entries)).toEqual(said(exported));
  });

  test("an encoded one needs no license key, and any of several keys may be the one", async () => {
    const encoded = await certificate(document, { encoding: "base64" });
    expect(await read(encoded, { "public-key": [PUBLIC_KEY] })).toMatchObject([{ kind: "right" }]);
    const encrypted = await certificate({ data: machine() }, { label: "MACHINE FILE" });
    const many = {
      "public-key": [OTHER_KEY, PUBLIC_KEY.toUpperCase()],
      "license-key": ["A", LICENSE_KEY, "B"],
      fingerprint: ["C", FINGERPRINT],
    };
    expect(await read(encrypted, many)).toMatchObject([{ kind: "seat" }]);
  });

  test("line ends, indentation and blank lines do not matter, and each file has its line", async () => {
    const file = (await certificate(document)).replaceAll("\n", " \r\n\r\n\t");
    const entries = await read(`\n\n${file}\n${await certificate(document)}`);
    expect(entries.map(({ place }) => place)).toEqual([
      { line: 3, at: "data" },
      { line: 3 + file.split("\n").length, at: "data" },
    ]);
  });

  test("files stand among exports, and in them, as the API gives them", async () => {
    const file = await certificate({ data: [license(), machine()] });
    const given = { type: "license-files", id: "F", attributes: { certificate: file, ttl: null } };
    const entries = await read(
      `${JSON.stringify({ data: machine() })}\n${file}${JSON.stringify({ data: given })}\n`,
    );
    const [first = {}, ...others] = entries.map(({ kind, place }) => ({ kind, at: place.at }));
    expect(first).toEqual({ kind: "seat", at: "data" });
    expect(others).toEqual([
      { kind: "right", at: "data[0]" },
      { kind: "seat", at: "data[1]" },
      { kind: "right", at: "data.attributes.certificate: data[0]" },
      { kind: "seat", at: "data.attributes.certificate: data[1]" },
    ]);
  });
});

describe("a file is a problem", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const none: string[] = [];
  test.each<
    [
      what: string,
      file: string | Promise<string>,
      problem: { code: string; detail?: RegExp },
      options?: object,
    ]
  >([
    ["of another key", certificate(document), { code: "unverified" }, { "public-key": [OTHER_KEY] }],
    [
      "signed as another kind",
      certificate(document, { prefix: "machine" }),
      { code: "unverified", detail: /signature does not hold/ },
    ],
    [
      "of another license",
      certificate(document),
      { code: "unverified", detail: /--license-key/ },
      { "license-key": ["X"] },
    ],
    [
      "of another machine",
      certificate(document, { label: "MACHINE FILE" }),
      { code: "unverified", detail: /--fingerprint/ },
      { fingerprint: ["X"] },
    ],
    [
      "without a public key",
      certificate(document, { encoding: "base64" }),
      { code: "unverified", detail: /--public-key/ },
      { "public-key": none },
    ],
    [
      "without a license key",
      certificate(document),
      { code: "unverified", detail: /say --license-key/ },
      { "license-key": none },
    ],
    [
      "without a fingerprint",
      certificate(document, { label: "MACHINE FILE" }),
      { code: "unverified", detail: /say --fingerprint/ },
      { fingerprint: none },
    ],
    [
      "under RSA-PSS",
      certificate(document, { signature: "rsa-pss-sha256" }),
      { code: "unverified", detail: /aes-256-gcm\+ed25519/ },
    ],
    [
      "under RSA",
      certificate(document, { encoding: "base64", signature: "rsa-sha256" }),
      { code: "unverified", detail: /base64\+ed25519/ },
    ],
    ["under ECDSA", certificate(document, { signature: "ecdsa-p256" }), { code: "unverified" }],
    [
      "under what is none of Keygen's",
      certificate(document, { signature: "ed25519ph" }),
      { code: "unreadable" },
    ],
    [
      "of more than one signature",
      certificate(document, { signature: "ed25519+rsa-sha256" }),
      { code: "unreadable" },
    ],
    ["of nothing", armored("LICENSE FILE", ""), { code: "unreadable" }],
    ["of no JSON", armored("LICENSE FILE", "hello"), { code: "unreadable" }],
    [
      "of JSON that can be read in two ways",
      armored("LICENSE FILE", '{"enc":"","sig":"","alg":"","alg":""}'),
      { code: "unreadable" },
    ],
    ["of members that are missing", armored("LICENSE FILE", '{"enc":"","sig":""}'), { code: "unreadable" }],
    [
      "that is no base64",
      "-----BEGIN LICENSE FILE-----\n$$$$\n-----END LICENSE FILE-----",
      { code: "unreadable" },
    ],
    [
      "with bits that nobody reads",
      armored("LICENSE FILE", "{}1").replace("fTE", "fTF"),
      { code: "unreadable" },
    ],
    ["of another label", armored("PRIVATE KEY", "{}"), { code: "void", detail: /LICENSE FILE/ }],
    [
      "that ends as another",
      armored("LICENSE FILE", "{}").replace("END LICENSE", "END MACHINE"),
      { code: "unreadable" },
    ],
    [
      "without an END, before another",
      `-----BEGIN LICENSE FILE-----\n${armored("LICENSE FILE", "{}")}`,
      { code: "unreadable", detail: /no line "-----END LICENSE FILE/ },
    ],
    [
      "without an END, before JSON",
      `-----BEGIN LICENSE FILE-----\n${JSON.stringify(document)}`,
      { code: "unreadable" },
    ],
    [
      "that is long",
      `-----BEGIN LICENSE FILE-----\n${"QUFB\n".repeat(300_000)}-----END LICENSE FILE-----`,
      { code: "unreadable" },
    ],
    [
      "in one long line",
      `-----BEGIN LICENSE FILE-----\n${"A".repeat(2 ** 20 + 1)}\n-----END LICENSE FILE-----`,
      { code: "unreadable" },
    ],
    ["that is signed over no JSON", certificate("hello"), { code: "unreadable" }],
    ["that is signed over nothing", certificate({ meta: {} }), { code: "void" }],
    ["that is signed over what is no resource", certificate({ data: [7] }), { code: "invalid" }],
    [
      "that is signed over an encryption of two parts",
      certificate(document, { encoding: "base64" }).then((file) => alike(file)),
      { code: "unreadable" },
    ],
    [
      "in a resource that holds none",
      JSON.stringify({ type: "license-files", id: "F", attributes: { certificate: base64("x") } }),
      { code: "unreadable" },
    ],
  ])("%s", async (_what, file, { code, detail = /./ }, options = {}) => {
    const [entry] = await read(await file, { ...keys, ...(options as Record<string, string[]>) });
    expect(entry).toMatchObject({
      kind: "problem",
      code,
      detail: expect.stringMatching(detail),
      place: { line: 1 },
    });
    const told = JSON.stringify(entry);
    expect(
      [LICENSE_KEY, FINGERPRINT, PUBLIC_KEY, OTHER_KEY, "QUFB"].filter((secret) => told.includes(secret)),
    ).toEqual([]);
  });

  /** `alg` is not signed: what was encoded is called encrypted. */
  function alike(file: string): string {
    const [, body = ""] = /-----\n([^-]*)\n-----/.exec(file) ?? [];
    const envelope = Buffer.from(body, "base64").toString().replace("base64+", "aes-256-gcm+");
    return armored("LICENSE FILE", envelope);
  }
});

describe("a file as a whole is refused", () => {
  test.each([
    ["that has no END", "\n-----BEGIN LICENSE FILE-----\nAAAA\n", { line: 2 }],
    ["that has no BEGIN", "AAAA\n-----END LICENSE FILE-----\n", { line: 1, column: 1 }],
  ])("%s", async (_what, content, place) => {
    const fault = await read(content).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SourceFault);
    expect(fault).toMatchObject({ place });
  });

  test.each([
    ["--public-key", { "public-key": ["hello"] }],
    ["--public-key", { "public-key": [PUBLIC_KEY.slice(1)] }],
    [
      "--license-key",
      {
        "license-key": Array.from({ length: 101 }, () => "k"),
        fingerprint: Array.from({ length: 100 }, () => "f"),
      },
    ],
  ])("where %s is none, without saying what it is", async (at, options) => {
    const fault = await read(await certificate(document), options).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SourceFault);
    expect(fault).toMatchObject({ place: { at } });
    expect(String(fault)).not.toMatch(/hello|[\da-f]{20}/);
  });
});

test("what surrounds files is said once, and not shown", async () => {
  const file = await certificate(document);
  const entries = await read(`Dear Ada,\nhere is your file.\n\n${file}\nYours, Bo\n`);
  expect(entries).toMatchObject([
    { kind: "problem", code: "unreadable", place: { line: 1, column: 1 }, input: "2 lines" },
    { kind: "right" },
    { kind: "problem", code: "unreadable", input: "1 line" },
  ]);
});
