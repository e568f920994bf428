// Files that Keygen made.

import { isDeepStrictEqual } from "node:util";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SourceFault, type Entry } from "../../ingest/importers/importer.ts";
import { Armor } from "../../ingest/importers/keygen/armor.ts";
import { keysOf, openBlock } from "../../ingest/importers/keygen/certificate.ts";
import { importer } from "../../ingest/importers/keygen/importer.ts";
import { parseInstant } from "../../licensing/index.ts";
import { entriesOf, sourceOf } from "../ingest/importers/support.ts";

const samples = new URL("../../../shared/samples/keygen/", import.meta.url);
const reason = existsSync(samples) ? "" : " (skipped: ../shared/samples is not here)";
const sample = (name: string) => readFileSync(new URL(name, samples));

const FINGERPRINT = "198e9fe586114844f6a4eaca5069b41a7ed43fb5a2df84892b69826d64573e39";
const options = {
  "public-key": ["e8601e48b69383ba520245fd07971e983d06d22c4257cfd82304601479cee788"],
  "license-key": [
    "DC00E8-CC6DA1-2E35BF-BBDC02-E80494-V3",
    "9E32DD-D8CC22-771926-C2D834-C506DC-V3",
    "B10760-1B177D-656D1F-C03298-9AF89E-V3",
  ],
  fingerprint: [FINGERPRINT],
};
const secrets = [...options["public-key"], ...options["license-key"], "test@example.com", "Test User"];

const at = (timestamp: string) => parseInstant(timestamp) ?? Number.NaN;

/** What stands in each, worked out by hand from what is in it. */
const told: [name: string, entries: object[]][] = [
  [
    "license_file_node",
    [
      // included[0]: the user. included[1] is an entitlement, which is a feature of the license's.
      {
        place: { at: "included[0]" },
        kind: "reference",
        reference: {
          of: "customer",
          key: "893201f7-e0f8-4a5a-99b5-c567e73f1366",
          customer: {
            id: "893201f7-e0f8-4a5a-99b5-c567e73f1366",
            name: "Test User",
            email: "test@example.com",
          },
        },
      },
      // data: for three machines, without heartbeats, for ever.
      {
        place: { at: "data" },
        kind: "right",
        right: {
          order: "b336e03d-0cad-46e2-b4ed-0ea9c35c612a",
          lineNumber: 1,
          product: "c9544ed3-f215-4fb5-bfa7-626bb03125a0",
          features: ["OFFLINE_SUPPORT"],
          model: {
            name: "8c843ea3-c9fa-4239-bc06-dfdea7335882/node-locked/perpetual",
            term: "perpetual",
            metric: "node-locked",
          },
          quantity: 3,
          customer: { id: "893201f7-e0f8-4a5a-99b5-c567e73f1366" },
          orderedAt: at("2024-04-10T14:57:26.692Z"),
          endsAt: null,
          seats: [],
        },
      },
    ],
  ],
  [
    "machine_file_python",
    [
      // data: the machine.
      {
        place: { at: "data" },
        kind: "seat",
        seat: {
          order: "7bb84d91-919e-4bf6-8b58-bc204c3797a7",
          lineNumber: 1,
          hostId: FINGERPRINT,
          boundAt: at("2022-07-28T14:22:13.868Z"),
        },
      },
      // included[0]: its license, for three machines; it belongs to no user.
      {
        place: { at: "included[0]" },
        kind: "right",
        right: {
          order: "7bb84d91-919e-4bf6-8b58-bc204c3797a7",
          lineNumber: 1,
          product: "6e34d8ef-8dff-4507-8294-c063fbece9b7",
          model: {
            name: "dfbcdb94-51f9-48df-a548-29e645b189c8/node-locked/perpetual",
            term: "perpetual",
            metric: "node-locked",
          },
          quantity: 3,
          orderedAt: at("2022-06-23T02:20:01.368Z"),
          endsAt: null,
          seats: [],
        },
      },
    ],
  ],
  [
    "relay_license_1",
    [
      // data: it has no limit at all.
      {
        place: { at: "data" },
        kind: "right",
        right: {
          order: "dcea31a4-1664-4633-9f52-4a1b0b5ea2ef",
          lineNumber: 1,
          product: "310f683f-f618-4b25-be77-016bd6acb088",
          model: {
            name: "8b63d7bb-cb71-4e32-96a0-1f8ecfb3dd22/site/perpetual",
            term: "perpetual",
            metric: "site",
          },
          quantity: 1,
          orderedAt: at("2024-09-06T21:55:40.129Z"),
          endsAt: null,
          seats: [],
        },
      },
    ],
  ],
];
const names = told.map(([name]) => name);

describe.skipIf(reason !== "")(`Keygen's own files${reason}`, () => {
  test.each(told)("%s holds what was counted by hand", async (name, entries) => {
    const read = await entriesOf(importer, sourceOf(sample(`${name}.lic`)), { options });
    expect(read.map(withoutInput)).toEqual(entries.map(atLineOne));
  });

  test.each(told)("%s says the same as its content, given as an export", async (name, entries) => {
    const read = await entriesOf(importer, sourceOf(sample(`${name}.decrypted.json`)));
    const placed = read.map((entry) => ({ ...withoutInput(entry), place: { at: entry.place.at } }));
    expect(placed).toEqual(entries);
  });

  test.each(names)("the signature of %s holds, and its content is that which was written", async (name) => {
    const armor = new Armor();
    const lines = sample(`${name}.lic`).toString().trimEnd().split("\n");
    const last = lines.flatMap((line, index) => armor.take(line, index + 1)).at(-1);
    const block = last?.is === "block" ? last.block : { label: "", body: "", line: 0 };
    const opened = await openBlock(block, keysOf(options));
    expect(opened).toEqual({ ok: true, content: JSON.parse(sample(`${name}.decrypted.json`).toString()) });
  });

  test.each(names)("%s without its keys is a problem that names the options", async (name) => {
    const isMachine = name.startsWith("machine");
    const read = await entriesOf(importer, sourceOf(sample(`${name}.lic`)));
    const says = (read[0] as { detail?: string }).detail ?? "";
    expect(read).toMatchObject([{ kind: "problem", code: "unverified", place: { line: 1 } }]);
    expect(
      ["--public-key", "--license-key", "--fingerprint"].filter((option) => says.includes(option)),
    ).toEqual(["--public-key", "--license-key", ...(isMachine ? ["--fingerprint"] : [])]);
  });

  test("all three in one file are read as three, and no secret is in what is shown", async () => {
    const all = names.map((name) => sample(`${name}.lic`).toString()).join("\n");
    const read = await entriesOf(importer, sourceOf(all), { options });
    expect(read.map(({ kind }) => kind)).toEqual(["reference", "right", "seat", "right", "right"]);
    const shown = read.map(({ input }) => input).join("\n");
    expect([...secrets, FINGERPRINT].filter((secret) => shown.includes(secret))).toEqual([]);
  });

  // Whatever is written in the place of a byte: another bit, or a letter in its other case. `enc` is signed; around it are JSON
  // of three members and base64, whose unused last bits must be 0. So nothing may change but what is around all that.
  test("a changed byte is refused, at every place of a file, or it is read as the same", async () => {
    const original = sample("license_file_node.lic");
    const [, entries = []] = told[0] ?? [];
    const same: string[] = [];
    for (const [index, byte] of original.entries())
      for (const other of [byte ^ 1, byte ^ 0x20]) {
        const changed = Buffer.from(original);
        changed[index] = other;
        const read = await entriesOf(importer, sourceOf(changed), { options }).catch(refusal);
        const granted = read.filter(({ kind }) => kind !== "problem");
        if (granted.length === 0) continue;
        same.push(`${String.fromCharCode(byte)} → ${String.fromCharCode(other)}`);
        if (!isDeepStrictEqual(read.map(withoutInput), entries.map(atLineOne)))
          same.push("and not as the same");
      }
    // The words may be in small letters, and white space may follow on the last of them.
    const words = Array.from(
      "BEGINLICENSEFILEENDLICENSEFILE",
      (letter) => `${letter} → ${letter.toLowerCase()}`,
    );
    expect(same.toSorted()).toEqual([...words, "\n → \u000b"].toSorted());
  });
});

/** A file that is refused as a whole tells nothing; any other exception is a fault of ours. */
function refusal(fault: unknown): Entry[] {
  if (fault instanceof SourceFault) return [];
  throw fault;
}

/** An entry without its text for the quarantine. */
function withoutInput(entry: Entry): object {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== "input"));
}

const atLineOne = (entry: object) => ({ ...entry, place: { line: 1, ...(entry as Entry).place } });
