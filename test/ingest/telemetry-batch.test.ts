// Telemetry read from bytes: the same as line by line, whatever is sent.

import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bodyReader } from "../../ingest/telemetry/body-reader.ts";
import { hashUnder } from "../../ingest/keys-ring.ts";
import { readBatch } from "../../ingest/telemetry/read-body.ts";
import { telemetryLines } from "../bench/telemetry-lines.ts";
import { NOW } from "./support.ts";
import { anyLine, CODE } from "./telemetry-any-line.ts";
import { byLine, isPlain, ofBatch } from "./telemetry-batch-support.ts";
import { beat } from "./telemetry-support.ts";

const utf8 = new TextEncoder();
const reading = {
  now: Date.parse(NOW) * 1000,
  mayTellHistory: false,
  hashId: (id: string) => createHash("md5").update(id).digest("hex"),
};
const lineBreak = fc.constantFrom("\n", "\n", "\n", "\r\n", "\n\n");

test("a body is read from bytes as each of its lines is by itself", async () => {
  let plain = 0;
  let all = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyLine, lineBreak), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      async (lines, isOpen, mayTellHistory) => {
        const told = { ...reading, mayTellHistory };
        const text = lines.map(([line, end]) => line + end).join("");
        const body = utf8.encode(isOpen ? text.trimEnd() : text);
        expect(ofBatch(readBatch(body, told))).toEqual(await byLine(body, told));
        all += lines.length;
        plain += lines.filter(([line]) => isPlain(line, told)).length;
      },
    ),
    { numRuns: 1500 },
  );
  // Else it would say nothing of the short way, or of the long one.
  expect(plain / all).toBeGreaterThan(0.15);
  expect(plain / all).toBeLessThan(0.85);
});

test("a body of any size is read so: larger than what is kept for the next one, and then smaller ones", async () => {
  const lines = Array.from({ length: 6000 }, (_, i) =>
    JSON.stringify(
      beat(
        i,
        i % 50 < 2 ? { app: { version: "7".repeat(i % 90) + 1 }, data: { a: "b".repeat(i % 700) } } : {},
      ),
    ),
  );
  for (const count of [6000, 3, 3000]) {
    const body = utf8.encode(lines.slice(0, count).join("\n"));
    expect(ofBatch(readBatch(body, reading))).toEqual(await byLine(body, reading));
  }
});

/** A heartbeat as text, with text in it replaced. */
const beatText = (changes: object, [from, to]: readonly [string, string] = ["", ""]) =>
  JSON.stringify(beat(1, changes)).replace(from, to);
const data = (text: string) => beatText({ data: { x: 1 } }, ['{"x":1}', text]);
const used = (text: string) => data(text).replace("heartbeat", "feature_used");
const consumed = (text: string) => data(text).replace("heartbeat", "units_consumed");

test.each<[what: string, line: string, plain: boolean]>([
  ["an event as most are", beatText({}), true],
  ["what a host is called", beatText({ host: { id: "h", name: "ws-17" } }), true],
  ["a host of 64 characters", beatText({ host: { id: "h".repeat(64) }, user: "u".repeat(65) }), true],
  ["a host of 500 characters", beatText({ host: { id: "h".repeat(500) }, user: "u".repeat(300) }), true],
  ["a host of 501 characters", beatText({ host: { id: "h".repeat(501) } }), false],
  ["another ID of a host", beatText({ host: { id: "h" } }, ['"h"', '"h","id":"i"']), false],
  ["a user of 301 characters", beatText({ user: "u".repeat(301) }), false],
  ["an ID of 128 characters", beatText({ id: "i".repeat(128) }), true],
  ["an ID of 129 characters", beatText({ id: "i".repeat(129) }), false],
  ["an empty ID", beatText({ id: "" }), false],
  ["no ID", beatText({ id: undefined }), false],
  ["a field twice", beatText({}, ["{", '{"id":"other",']), false],
  ["a field that is not known", beatText({ more: 1 }), false],
  ["a field's name with an escape", beatText({}, ['"id"', '"\\u0069d"']), false],
  ["white space", beatText({}, [":", ": "]), false],
  ["a line that goes on", `${beatText({})}{}`, false],
  ["a comma at the end", beatText({}, ["}", ",}"]), false],
  ["an activation and an entitlement", beatText({ entitlementId: `ent_11${"0".repeat(26)}` }), true],
  ["neither of them", beatText({ activationId: undefined }), false],
  [
    "an activation with a letter that IDs have not",
    beatText({ activationId: `act_00${"l".repeat(26)}` }),
    false,
  ],
  ["an activation in upper case", beatText({ activationId: `act_00${"A".repeat(26)}` }), false],
  ["a code as an ID", beatText({ id: CODE }), false],
  ["a code as a version", beatText({ app: { version: `v ${CODE}` } }), false],
  ["a code as a system", beatText({ platform: { os: { type: CODE.replaceAll("-", " ") } } }), false],
  ["a code in data", data(`{"a":["${CODE}"]}`), false],
  ["a code as a name", data(`{"${CODE}":1}`), false],
  ["a field for a code", data('{"My_Activation_Code":1}'), false],
  ["what is almost such a field", data('{"my_activation_cod":1}'), true],
  ["separators as codes have them, and no code", data('{"a":"AAAAA-AAAAA-AAAAA-AAAAA"}'), false],
  ["words and a UUID", data('{"a":"it is as it was","b":"0b37b0a4-6a4d-4d6e-8a4c-4f1a2b3c4d5e"}'), true],
  ["data that is empty", data("{}"), true],
  ["data that is no object", data("[]"), false],
  ["data that is null", data("null"), false],
  ["data of all kinds", data('{"a":[1,-2.5,"x",true,false,null,{"b":[],"c":{}}]}'), true],
  ["names that are numbers", data('{"b":1,"1":2}'), false],
  ["a name twice", data('{"a":1,"a":2}'), false],
  ["a name twice, further in", data('{"a":{"b":1,"b":2}}'), false],
  ["a name again, further in", data('{"a":{"a":1},"b":{"a":2}}'), true],
  ["a prototype", data('{"__proto__":{"a":1}}'), false],
  ["negative zero", data('{"a":-0}'), false],
  ["zero with places", data('{"a":1.0}'), false],
  ["an exponent", data('{"a":1e3}'), false],
  ["a number that begins with zero", data('{"a":01}'), false],
  ["fifteen digits", data('{"a":999999999999999}'), true],
  ["sixteen digits", data('{"a":9007199254740993}'), false],
  ["the smallest fraction", data('{"a":0.000001}'), true],
  ["a smaller one", data('{"a":0.0000001}'), false],
  ["eight levels", data(`{"a":${"[".repeat(7)}${"]".repeat(7)}}`), true],
  ["nine levels", data(`{"a":${"[".repeat(8)}${"]".repeat(8)}}`), false],
  [
    "24 names",
    data(JSON.stringify(Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`n${i}`, i])))),
    true,
  ],
  [
    "25 names",
    data(JSON.stringify(Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`n${i}`, i])))),
    false,
  ],
  ["a name of 64 characters", data(`{"${"n".repeat(64)}":1}`), true],
  ["a name of 65 characters", data(`{"${"n".repeat(65)}":1}`), false],
  ["a name that begins as another does", data('{"speed":1,"speech":2,"spee":3,"":4}'), true],
  ["an empty name twice", data('{"":1,"":2}'), false],
  ["a feature", used(`{"feature":"${"f".repeat(200)}","count":1000000000}`), true],
  ["a feature and no count", used('{"feature":"f"}'), true],
  ["a feature that is too long", used(`{"feature":"${"f".repeat(201)}"}`), false],
  ["a feature that is empty", used('{"feature":""}'), false],
  ["a feature that is a number", used('{"feature":1}'), false],
  ["a feature further in", used('{"a":{"feature":"f"}}'), false],
  ["a count of zero", used('{"feature":"f","count":0}'), false],
  ["a count with places", used('{"feature":"f","count":1.5}'), false],
  ["a count below zero", used('{"feature":"f","count":-1}'), false],
  ["a count that is too much", used('{"feature":"f","count":1000000001}'), false],
  ["a count that is a text", used('{"feature":"f","count":"1"}'), false],
  ["no data where some is needed", beatText({ type: "telemetry.feature_used" }), false],
  ["units of a meter", consumed('{"meter":"m","units":1}'), true],
  ["units of none", consumed('{"units":1}'), false],
  ["a meter without units", consumed('{"meter":"m"}'), false],
  [
    "a new version",
    beatText({ type: "telemetry.version_changed", app: { version: "2" }, data: { from: "1" } }),
    true,
  ],
  [
    "a new version of 1",
    beatText({ type: "telemetry.version_changed", app: { version: "2" }, data: { from: 1 } }),
    false,
  ],
  ["a new version that is not said", beatText({ type: "telemetry.version_changed" }), false],
  [
    "a new platform",
    beatText({ type: "telemetry.platform_changed", platform: { os: { type: "BeOS" } } }),
    true,
  ],
  ["a new platform that is not said", beatText({ type: "telemetry.platform_changed" }), false],
  ["a platform without a system", beatText({ platform: { arch: "x64" } }), false],
  ["a type that is not known", beatText({ type: "telemetry.heartbeats" }), false],
  ["a day ahead", beatText({ occurredAt: "2026-11-25T12:00:00.000000Z" }), true],
  ["a microsecond more", beatText({ occurredAt: "2026-11-25T12:00:00.000001Z" }), false],
  ["a year ago", beatText({ occurredAt: "2025-11-23T12:00:00Z" }), true],
  ["longer ago", beatText({ occurredAt: "2025-11-23T11:59:59.999999Z" }), false],
  ["a day that is none", beatText({ occurredAt: "2026-02-29T12:00:00Z" }), false],
  ["a time in another zone", beatText({ occurredAt: "2026-11-24T12:00:00+01:00" }), false],
])("%s is read as it is by itself", async (_, line, plain) => {
  const body = utf8.encode(`${line}\n${line}`);
  const told = await byLine(body, reading);
  expect(ofBatch(readBatch(body, reading))).toEqual(told);
  expect(isPlain(line, reading)).toBe(plain);
});

test("lines as a vendor's collector sends them all go the short way", () => {
  const reader = { ...reading, now: Date.now() * 1000 };
  expect(telemetryLines(1, 1000).filter((line) => !isPlain(line, reader))).toEqual([]);
});

test("every day is told from every other, and from those that are none, whichever was read before", async () => {
  const days = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, "0"));
  const pairs = ["02", "11", "12"].flatMap((month) =>
    days.flatMap((day) => [`2026-${month}-${day}`, `2026-${month}-${day[1]}${day[0]}`]),
  );
  // In order as well: neighbors differ in their last digit alone, or in the month, or in the year.
  const dates = [...pairs, ...pairs.toSorted(), "2026-11-24", "2027-11-24", "2025-11-24", "2025-11-23"];
  const body = utf8.encode(dates.map((date) => beatText({ occurredAt: `${date}T11:00:00Z` })).join("\n"));
  expect(ofBatch(readBatch(body, reading))).toEqual(await byLine(body, reading));
});

test("bytes that are no UTF-8 are read as a stream would read them", async () => {
  const body = utf8.encode(`${beatText({ id: "a?b" })}\n${beatText({ data: { "?": "?" } })}`);
  for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    const odd = Uint8Array.from(Array.from(body).flatMap((byte) => (byte === 0x3f ? bytes : [byte])));
    expect(ofBatch(readBatch(odd, reading))).toEqual(await byLine(odd, reading));
  }
});

const KEYS = ["07".repeat(32), "08".repeat(32)] as const;
const readers = KEYS.map((key) => {
  const hashId = hashUnder(Uint8Array.fromHex(key));
  return { hashId, read: bodyReader(key, hashId) };
});

test("bodies of any size come to the same on another thread, under each key", async () => {
  const lines = fc.sample(anyLine, { numRuns: 400, seed: 1 });
  for (const count of [0, 1, 20, 400])
    for (const { hashId, read } of readers) {
      const body = utf8.encode(lines.slice(0, count).join("\n"));
      const here = readBatch(body.slice(), { ...reading, hashId });
      expect(await read(body.slice(), reading)).toEqual(here);
      // A part of a buffer leaves the rest of it where it was, whichever kind of view it is.
      const around = new Uint8Array(body.length + 2);
      around.set(body, 1);
      const { buffer } = around;
      for (const part of [new Uint8Array(buffer, 1, body.length), Buffer.from(buffer, 1, body.length)]) {
        expect(ofBatch(await read(part, reading))).toEqual(ofBatch(here));
        expect(buffer.byteLength).toBe(body.length + 2);
      }
    }
  expect(await readers[0]?.read(utf8.encode("{}\n".repeat(10_001)), reading)).toBe("too_many_lines");
});
