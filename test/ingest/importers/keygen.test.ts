// Exports of Keygen's API: what is told of each resource, in whatever documents they come.

import { describe, expect, test } from "vitest";
import type { Entry, Source } from "../../../ingest/importers/importer.ts";
import { importer } from "../../../ingest/importers/keygen/importer.ts";
import { parseInstant } from "../../../licensing/index.ts";
import {
  entitled,
  entitlement,
  FINGERPRINT,
  license,
  machine,
  policy,
  product,
  user,
} from "./keygen-support.ts";
import { entriesOf, sourceOf } from "./support.ts";

const read = (content: unknown, context = {}) =>
  entriesOf(importer, sourceOf(typeof content === "string" ? content : JSON.stringify(content)), context);

/** An entry in short: what it is, and where. */
function short(entry: Entry): string {
  const { line, column, at } = entry.place;
  const what =
    entry.kind === "problem"
      ? entry.code
      : entry.kind === "right"
        ? `right ${entry.right.order}`
        : entry.kind === "reference"
          ? entry.reference.of
          : entry.kind;
  return `${what} ${line}:${column ?? ""} ${at ?? ""}`.trim();
}

describe("documents", () => {
  const L1 = license();
  const M1 = machine();
  const [l, m] = [L1, M1].map((one) => JSON.stringify(one).length) as [number, number];
  const lines = JSON.stringify({ data: M1 }, null, 1).split("\n").length;
  test.each<[what: string, content: unknown, entries: string[]]>([
    ["one resource", { data: L1 }, ["right L1 1:9 data"]],
    [
      "a page",
      { data: [L1, license({}, "L2")], meta: {} },
      ["right L1 1:10 data[0]", `right L2 1:${10 + l + 1} data[1]`],
    ],
    [
      "what is included",
      { included: [L1], data: M1 },
      ["right L1 1:14 included[0]", `seat 1:${14 + l + 9} data`],
    ],
    ["an empty page", { data: [], links: { next: null } }, []],
    ["resources without a document", [L1, M1], ["right L1 1:2 [0]", `seat 1:${2 + l + 1} [1]`]],
    ["one without anything around it", L1, ["right L1 1:1"]],
    [
      "an array of pages",
      [{ data: [M1] }, { data: [L1] }],
      ["seat 1:11 [0].data[0]", `right L1 1:${11 + m + 12} [1].data[0]`],
    ],
    [
      "documents by lines",
      `${JSON.stringify({ data: L1 })}\r\n\n${JSON.stringify({ data: [M1, M1] })}\n`,
      ["right L1 1:9 data", "seat 3:10 data[0]", `seat 3:${10 + m + 1} data[1]`],
    ],
    [
      "documents one after another, as people read them",
      `\uFEFF${JSON.stringify({ data: M1 }, null, 2)}\n${JSON.stringify({ data: [M1] }, null, "\t")}`,
      ["seat 2:11 data", `seat ${lines + 3}:3 data[0]`],
    ],
    // As some write them, to be read by lines and as a whole.
    [
      "a line for each resource",
      `{"data":[\n${JSON.stringify(L1)},\n${JSON.stringify(M1)}\n]}`,
      ["right L1 2:1 data[0]", "seat 3:1 data[1]"],
    ],
    // Python's json.dumps(…, indent=0).
    [
      "no indentation at all",
      JSON.stringify({ data: [M1], included: [L1] }, null, 1).replaceAll(/^ +/gm, ""),
      ["seat 3:1 data[0]", `right L1 ${lines + 3}:1 included[0]`],
    ],
  ])("are read: %s", async (_what, content, entries) => {
    expect((await read(content)).map(short)).toEqual(entries);
  });

  test("entries are the same however the file is cut into pieces", async () => {
    const text = JSON.stringify(
      [{ data: [L1, M1], included: [user, policy()] }, entitled("L2", "E")],
      null,
      1,
    );
    const bytes = new TextEncoder().encode(text.replaceAll("\n", "\r\n"));
    const whole = await entriesOf(importer, sourceOf(bytes));
    expect(whole.length).toBeGreaterThan(5);
    for (const size of [1, 2, 7, 64, bytes.length]) {
      const source: Source = {
        ...sourceOf(bytes),
        async *bytes() {
          for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
        },
      };
      expect(await entriesOf(importer, source), `pieces of ${size}`).toEqual(whole);
    }
  });
});

describe("resources", () => {
  test("a license is a right of its own, for its owner, with its codes as features", async () => {
    const codes = [entitlement("E1", "EXPORT"), entitlement("E2", "PRINT")];
    const [, right] = await read({ data: entitled("L1", "E2", "E1", "E9"), included: [user, ...codes] });
    expect(right).toMatchObject({
      kind: "right",
      place: { line: 1, column: 9, at: "data" },
      right: {
        order: "L1",
        lineNumber: 1,
        product: "J",
        // What is not told is named by its ID.
        features: ["PRINT", "EXPORT", "E9"],
        quantity: 3,
        customer: { id: "U" },
        orderedAt: parseInstant("2024-02-01T10:00:00Z"),
        endsAt: null,
        seats: [],
      },
    });
  });

  test("codes that stood in an earlier document are known", async () => {
    const lines = [{ data: entitlement("E1", "EXPORT") }, { data: entitled("L1", "E1") }];
    const entries = await read(lines.map((line) => JSON.stringify(line)).join("\n"));
    expect(entries).toMatchObject([
      { kind: "problem", code: "void", place: { line: 1, at: "data" } },
      { kind: "right", right: { features: ["EXPORT"] } },
    ]);
  });

  test("a machine is a seat of its license, by its fingerprint, wherever the license is", async () => {
    const told = { name: "Ada's\u0007 Mac ", hostname: "mac-17", platform: "darwin/arm64" };
    const owned = { ...machine(told).relationships, owner: { data: { type: "users", id: "U" } } };
    expect(await read({ data: { ...machine(told), relationships: owned } })).toMatchObject([
      {
        kind: "seat",
        seat: {
          order: "L1",
          lineNumber: 1,
          hostId: FINGERPRINT,
          hostName: "Ada's  Mac",
          user: "U",
          platform: { os: "darwin", arch: "arm64" },
          boundAt: parseInstant("2024-02-02T10:00:00Z"),
        },
      },
    ]);
    const [bare] = await read({ data: machine({ hostname: "mac-17", platform: "Windows 11" }) });
    expect(bare).toMatchObject({ seat: { hostName: "mac-17", platform: { os: "Windows 11" } } });
  });

  test("a product is named by its ID, and a user as a customer", async () => {
    const nameless = {
      ...user,
      id: "V",
      attributes: { fullName: null, firstName: "Bo", email: "bo@example.com" },
    };
    const entries = await read([product, user, nameless]);
    expect(entries.map((entry) => entry.kind === "reference" && entry.reference)).toEqual([
      { of: "product", key: "J", name: "Jupiter" },
      { of: "customer", key: "U", customer: { id: "U", name: "Ada Lovelace", email: "ada@example.com" } },
      { of: "customer", key: "V", customer: { id: "V", name: "Bo", email: "bo@example.com" } },
    ]);
  });

  test("what was created at no known time is dated by whoever knows it, or said to be undated", async () => {
    const undated = [license({ created: null }), machine({ created: null })];
    expect(await read(undated)).toMatchObject([
      {
        code: "incomplete",
        place: { at: "[0].attributes.created" },
        detail: expect.stringContaining("--ordered-at"),
      },
      { code: "incomplete", place: { at: "[1].attributes.created" } },
    ]);
    const orderedAt = parseInstant("2020-01-01T00:00:00Z") ?? 0;
    expect(await read(undated, { orderedAt })).toMatchObject([
      { kind: "right", right: { orderedAt } },
      { kind: "seat", seat: { boundAt: orderedAt } },
    ]);
  });
});
