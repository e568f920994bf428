// What of an export of Keygen's is wrong, and what becomes of it.

import { describe, expect, test } from "vitest";
import { type Source, SourceFault } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/keygen/importer.ts";
import { entitled, FINGERPRINT, license, LICENSE_KEY, machine, product, user } from "./keygen-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (content: unknown) =>
  entriesOf(importer, sourceOf(typeof content === "string" ? content : JSON.stringify(content)));

describe("what is wrong is said, and its neighbors are read", () => {
  const good = JSON.stringify({ data: machine() });
  test.each<[what: string, bad: string, problem: object]>([
    [
      "a word that is none",
      '{"data":{"type":"users","id":U}}',
      { code: "unreadable", place: { line: 2, column: 30 } },
    ],
    [
      "a line that is cut in a text",
      '{"data":{"type":"us',
      { code: "unreadable", place: { line: 2, column: 20 } },
    ],
    [
      "a line that is cut after a value",
      '{"data":{"type":"users"',
      { code: "unreadable", place: { line: 2, at: "data" } },
    ],
    [
      "a bracket of another kind",
      '{"data":[{"type":"users"]}',
      { code: "unreadable", place: { line: 2, column: 25 } },
    ],
    ["a bracket too many", `${good}}`, { code: "unreadable", place: { line: 2, column: good.length + 1 } }],
    ["no JSON", "hello, {world}", { code: "unreadable", place: { line: 2, column: 1 } }],
    [
      "a name twice",
      '{"type":"users","id":"U","id":"V"}',
      { code: "unreadable", detail: "id comes twice in one object." },
    ],
    [
      "a name twice that may be secret",
      '{"type":"users","A-1":1,"A-1":2}',
      { detail: "A member comes twice in one object." },
    ],
    ["many levels", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`, { code: "unreadable" }],
    ["no resource", '{"hello":"world"}', { code: "invalid", place: { line: 2, at: "type" } }],
    ["no object", '{"data":[7]}', { code: "invalid", place: { line: 2, at: "data[0]" } }],
    ["an ID that is none", '{"type":"users","id":"a b"}', { code: "invalid", place: { line: 2, at: "id" } }],
    [
      "an error of the API",
      '{"errors":[{"title":"Unauthorized"}]}',
      { code: "incomplete", place: { line: 2 } },
    ],
    ["a resource of no use", '{"type":"tokens","id":"T"}', { code: "void", place: { line: 2 } }],
    [
      "a long one",
      `{"data":{"type":"users","x":"${"x".repeat(2 ** 20)}"}}`,
      { code: "unreadable", place: { at: "data" } },
    ],
  ])("%s", async (_what, bad, problem) => {
    const entries = await read(`${good}\n${bad}\n${good}\n`);
    expect(entries.filter(({ kind }) => kind === "seat").map(({ place }) => place.line)).toContain(1);
    expect(entries.at(-1)).toMatchObject({ kind: "seat", place: { line: 3 } });
    expect(entries.find(({ kind }) => kind === "problem")).toMatchObject(problem);
  });

  test.each<[attributes: object, code: string, at: string]>([
    [{ expiry: "2024-02-31T00:00:00Z" }, "invalid", "attributes.expiry"],
    [{ expiry: 1e99 }, "invalid", "attributes.expiry"],
    [{ created: "yesterday" }, "invalid", "attributes.created"],
    [{ maxMachines: -1 }, "invalid", "attributes.maxMachines"],
    [{ maxMachines: 1e300 }, "invalid", "attributes.maxMachines"],
    [{ maxMachines: "3" }, "invalid", "attributes.maxMachines"],
    [{ floating: "yes" }, "invalid", "attributes.floating"],
    [{ status: "FROZEN" }, "invalid", "attributes.status"],
    [{ maxMachines: 0 }, "void", "attributes.maxMachines"],
    [{ maxUses: 0 }, "void", "attributes.maxUses"],
    [{ expiry: "2024-02-01T10:00:00.000Z" }, "void", "attributes.expiry"],
  ])("a license with %j is %s", async (attributes, code, at) => {
    const entries = await read({ data: [license(attributes), machine()] });
    expect(entries.map(({ kind }) => kind)).toEqual(["problem", "seat"]);
    expect(entries[0]).toMatchObject({ code, place: { at: `data[0].${at}` } });
  });

  test.each(["product", "policy"])("a license that names no %s is incomplete", async (name) => {
    const whole = license();
    const entries = await read({
      data: { ...whole, relationships: { ...whole.relationships, [name]: { data: null } } },
    });
    expect(entries).toMatchObject([{ code: "incomplete", place: { at: `data.relationships.${name}` } }]);
  });

  test("a machine without a fingerprint, or without a license, is no seat", async () => {
    const entries = await read([machine({ fingerprint: "" }), { ...machine(), relationships: {} }]);
    expect(entries).toMatchObject([
      { code: "invalid", place: { at: "[0].attributes.fingerprint" } },
      { code: "incomplete", place: { at: "[1].relationships.license" } },
    ]);
  });
});

describe("a file as a whole is refused, with the place", () => {
  test.each<[what: string, content: string, place: object]>([
    ["nothing", "", { line: 1, column: 1 }],
    ["blank lines", "\n \r\n\t\n", { line: 1, column: 1 }],
    ["another format", "SERVER a ANY\nFEATURE f v 1 permanent\n", { line: 1, column: 1 }],
    ["another's JSON", '\n{"object":"customer","name":"x"}', { line: 1, column: 1 }],
    ["a document without its end", `{"data":[${JSON.stringify(machine())},`, { line: 1, column: 1 }],
    [
      "a resource without its end",
      `{"data":[\n {"type":"users","id":"U"`,
      { line: 2, column: 2, at: "data[0]" },
    ],
    ["a text without its end", `[\n {"type":"us`, { line: 2, column: 2, at: "[0]" }],
    ["an array without its end", `\n [${JSON.stringify(machine())}`, { line: 2, column: 2 }],
    ["brackets without end", "[".repeat(100_000), { line: 1 }],
    ["binary", '{"data":\0', { line: 1, column: 9 }],
  ])("%s", async (_what, content, place) => {
    const fault = await read(content).then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(SourceFault);
    expect((fault as SourceFault).place).toMatchObject(place);
  });
});

// Of a gigabyte of each, no more than 190 MB were in memory, all of Node counted, and it took 3 to 33 seconds: here are 16 MB.
test.each<[what: string, begin: string, endless: string]>([
  ["a text", '{"data":[{"type":"', "x"],
  ["escapes", '{"data":[{"type":"', "\\u0041"],
  ["brackets", "", "["],
  ["objects in one another", "", '{"a":'],
  ["documents in one another", "", '{"data":['],
  ["digits", '{"data":[', "1"],
  ["members", '{"data":[{', '"a":1,'],
  ["a license file", "-----BEGIN LICENSE FILE-----\n", `${"QUFB".repeat(16)}\n`],
  ["a line", "", "x"],
  ["blank lines", "", "\r\n"],
])("%s without end is refused as a whole", async (_what, begin, endless) => {
  const piece = new TextEncoder().encode(endless.repeat(Math.ceil(2 ** 18 / endless.length)));
  const source: Source = {
    ...sourceOf(""),
    async *bytes() {
      yield new TextEncoder().encode(begin);
      for (let i = 0; i < 64; i++) yield piece;
    },
  };
  const fault = await entriesOf(importer, source).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(SourceFault);
  expect((fault as SourceFault).place.line).toBe(1);
});

test("neither keys nor people nor notes are in what is shown, whatever is wrong", async () => {
  const secrets = [LICENSE_KEY, FINGERPRINT, "PRIVATE-NOTE", "ada@example.com", "Lovelace", "Ada"];
  const wrong = [
    license(),
    license({ expiry: LICENSE_KEY }),
    license({ status: "FROZEN", maxMachines: { key: LICENSE_KEY } }),
    { ...license(), type: "tokens" },
    { ...license(), id: `a ${"b".repeat(9000)}` },
    machine({ fingerprint: [FINGERPRINT], hostname: "Ada" }),
    { ...user, attributes: { ...user.attributes, fullName: 7 } },
    entitled("L9", "E"),
  ];
  const json = wrong.map((one) => JSON.stringify(one));
  const broken = json.flatMap((line) => [line, line.replace("{", "{,"), line.replace(':"', ":"), `"${line}`]);
  const entries = await read([...broken, JSON.stringify(product)].join("\n"));
  // A text without its end may take the rest of its line, and what follows up to the next that begins with a bracket.
  expect(entries.length).toBeGreaterThan(3 * json.length);
  const shown = entries.map(
    (entry) =>
      `${entry.input} ${JSON.stringify(entry.place)} ${entry.kind === "problem" ? entry.detail : ""}`,
  );
  expect(secrets.filter((secret) => shown.some((text) => text.includes(secret)))).toEqual([]);
  expect(Math.max(...entries.map(({ input }) => input.length))).toBeLessThanOrEqual(4000);
});
