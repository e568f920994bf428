// Lines of telemetry of every kind: JSON as senders write it, each as its text, for most things can be written in several ways.

import * as fc from "fast-check";
import { ACTIVATION_CODE_BYTES, makeActivationCode } from "../../licensing/index.ts";
import { telemetryDetail } from "../../ingest/telemetry/types.ts";
import { ACTIVATION, ENTITLEMENT } from "./telemetry-support.ts";

/** A good activation code, as it is written. */
export const CODE = makeActivationCode(0, new Uint8Array(ACTIVATION_CODE_BYTES).fill(5));

/** How much rarer the odd is: a line has some thirty places for it, and half of all lines should have none. */
const RARE = 4;
const often = <T>(weight: number, plain: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: RARE * weight, arbitrary: plain }, { weight: 1, arbitrary: odd });

const plainText = fc.constantFrom('"a"', '"export"', '"a-b c_d"', '"~!@#$%^&*()"', `"${"x".repeat(100)}"`);
const oddText = fc.constantFrom(
  '""',
  '"ü"',
  '"\\u0061"',
  '"a\\"b"',
  '"a\\\\"',
  '"\\n"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"😀"',
  '"a\tb"',
  '"\u007f"',
  '"\u2028"',
  `"${CODE}"`,
  `"is ${CODE.toLowerCase().replaceAll("-", " ")}"`,
  `"${CODE.slice(0, -1)}?"`,
  `"${CODE.replace("-", " ")}"`,
  `"${CODE.replaceAll("-", "\u2010")}"`,
  '"AAAAA-AAAAA-AAAAA-AAAAA"',
  `"${"x".repeat(101)}"`,
  `"${"x".repeat(201)}"`,
  `"${"x".repeat(501)}"`,
  '"a',
);
const plainNumber = fc.oneof(
  fc.constantFrom("0", "1", "-1", "0.5", "-0.25", "12.125", "999999999999999", "0.000001", "1000000000"),
  fc.integer().map(String),
);
const oddNumber = fc.oneof(
  fc.constantFrom(
    "-0",
    "-0.0",
    "1.0",
    "1.50",
    "1e3",
    "1E400",
    "-1e-7",
    "01",
    "1.",
    ".5",
    "+1",
    "-",
    "1-",
    "1_000",
  ),
  fc.constantFrom(
    "9007199254740993",
    "12345678901234567890",
    "0.1234567",
    "1000000001",
    "123456789.1234567",
    "00",
  ),
  fc.maxSafeInteger().map(String),
  fc.stringMatching(/^-?\d{1,20}(\.\d{1,20})?$/),
  fc.double().map((value) => JSON.stringify(value)),
);
const value: fc.Arbitrary<string> = often(
  12,
  fc.oneof(plainText, plainNumber, fc.constantFrom("true", "false", "null")),
  fc.oneof(
    oddText,
    oddNumber,
    fc.constantFrom("tru", "nulll", "NaN", "undefined", "", "'a'", "[1,]", '{"a":}'),
  ),
);
const plainName = fc.constantFrom("a", "b", "seconds_of_the_day", "_a", "Feature");
const oddName = fc.constantFrom(
  "feature",
  "meter",
  "from",
  "count",
  "units",
  "",
  "1",
  "01",
  "__proto__",
  "constructor",
  "activation_code",
  "myActivationCode",
  "activationCode2",
  "a\\u0062",
  "ü",
  "a b",
  CODE,
);
const name = often(10, plainName, oddName);
const white = often(40, fc.constant(""), fc.constantFrom(" ", "\t", "\r", "  "));

const joined = (open: string, parts: readonly string[], close: string, gap: string) =>
  open + parts.join(`,${gap}`) + gap + close;
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 10, withCrossShrink: true },
    { weight: 3, arbitrary: value },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(tie("tree"), { maxLength: 3 }), white)
        .map(([parts, gap]) => joined("[", parts, "]", gap)),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.array(fc.tuple(name, tie("tree")), { maxLength: 4 }), white)
        .map(([fields, gap]) =>
          joined(
            "{",
            fields.map(([key, it]) => `"${key}":${it}`),
            "}",
            gap,
          ),
        ),
    },
  ),
}));
const data = fc
  .tuple(
    fc.uniqueArray(fc.tuple(name, tree), { maxLength: 5, selector: ([key]) => key }),
    often(
      1,
      fc.constant('"feature":"export","meter":"pages","units":2'),
      fc.constantFrom("", '"feature":"export"', '"feature":"","units":2'),
    ),
    often(1, fc.constant(0), fc.constantFrom(6, 7, 8, 9)),
    white,
  )
  .map(([fields, first, depth, gap]) => {
    const deep = depth === 0 ? [] : [`"deep":${"[".repeat(depth)}${"]".repeat(depth)}`];
    const rest = fields.map(([key, it]) => `"${key}":${it}`);
    return joined("{", [...(first === "" ? [] : [first]), ...rest, ...deep], "}", gap);
  });

const object = (fields: Record<string, fc.Arbitrary<string>>, required: readonly string[]) =>
  fc.record(fields, { requiredKeys: [...required] }).map((it) =>
    joined(
      "{",
      Object.entries(it).map(([key, text]) => `"${key}":${text}`),
      "}",
      "",
    ),
  );
const short = often(20, plainText, fc.oneof(oddText, value));

/** Fields of an event, each with its usual text and what else may come. */
const field: Record<string, fc.Arbitrary<string>> = {
  id: often(
    20,
    fc.uuid().map((id) => `"${id}"`),
    fc.oneof(short, value, fc.constant(`"${"i".repeat(129)}"`)),
  ),
  type: often(
    30,
    fc.constantFrom(...Object.keys(telemetryDetail)).map((type) => `"${type}"`),
    fc.oneof(short, fc.constantFrom('"telemetry.heartbeats"', '"telemetry.heart"', "null")),
  ),
  occurredAt: often(
    12,
    fc.oneof(
      fc
        .date({ min: new Date("2026-10-01"), max: new Date("2026-11-25"), noInvalidDate: true })
        .map((date) => JSON.stringify(date)),
      fc.constantFrom(
        '"2026-11-24T11:00:00Z"',
        '"2026-11-23T23:59:59.9Z"',
        '"2026-02-28T00:00:00.123456Z"',
        '"2026-11-25T12:00:00Z"',
      ),
    ),
    fc.constantFrom(
      '"2026-11-25T12:00:00.000001Z"',
      '"2025-11-23T12:00:00Z"',
      '"2025-11-23T11:59:59.999999Z"',
      '"2026-11-24T11:00:00.1234567Z"',
      '"2026-11-24T11:00:00+01:00"',
      '"2026-11-24T24:00:00Z"',
      '"2026-11-24T23:60:00Z"',
      '"2026-11-24T23:00:60Z"',
      '"2026-02-29T11:00:00Z"',
      '"2026-13-01T11:00:00Z"',
      '"2026-1a-01T11:00:00Z"',
      '"2026-11-24T1b:00:00Z"',
      '"2026-11-24t11:00:00z"',
      '"2026-11-24T11:00:00.Z"',
      '"2026-11-24T11:00:00"',
      '"2026/11/24T11:00:00Z"',
      "1764000000",
    ),
  ),
  activationId: often(
    20,
    fc.constantFrom(`"${ACTIVATION}"`, `"act_zz${"z".repeat(26)}"`),
    fc.constantFrom(`"act_00${"i".repeat(26)}"`, `"${ENTITLEMENT}"`, `"${ACTIVATION}0"`, '"act_0"', "null"),
  ),
  entitlementId: often(20, fc.constant(`"${ENTITLEMENT}"`), fc.constantFrom(`"${ACTIVATION}"`, "1")),
  host: often(
    20,
    object({ id: short, name: short }, ["id"]),
    fc.oneof(tree, object({ name: short, id: short }, [])),
  ),
  user: short,
  platform: often(
    20,
    fc
      .tuple(
        object(
          { type: often(9, fc.constantFrom('"Linux"', '"darwin"', '"Plan 9"'), short), version: short },
          ["type"],
        ),
        short,
      )
      .map(([os, arch]) => `{"os":${os},"arch":${arch}}`),
    fc.oneof(object({ os: object({ type: short, version: short }, []), arch: short }, []), tree),
  ),
  app: often(
    20,
    object({ version: short }, ["version"]),
    fc.oneof(object({ version: short, build: short }, []), tree),
  ),
  data: often(20, data, tree),
  more: tree,
};

const event = fc
  .tuple(
    fc.record(field, { requiredKeys: ["id", "type", "occurredAt", "data"] }),
    often(2, fc.constant(false), fc.constant(true)),
    often(6, fc.constant(null), fc.constantFrom(...Object.keys(field))),
    white,
    fc.infiniteStream(fc.nat()),
  )
  .map(([{ more, ...known }, hasMore, twice, gap, order]) => {
    const fields = Object.entries({ activationId: `"${ACTIVATION}"`, ...known, ...(hasMore && { more }) })
      .map((entry) => ({ entry, at: order.next().value ?? 0 }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ entry: [key, text] }) => `"${key}":${gap}${text}`);
    const again = fields.find((text) => twice !== null && text.startsWith(`"${twice}"`));
    return joined("{", again === undefined ? fields : [...fields, again], "}", gap);
  });

/** A line of a body, of any kind. */
export const anyLine = fc.oneof(
  { weight: 12, arbitrary: event },
  { weight: 1, arbitrary: fc.tuple(event, fc.nat(400)).map(([line, at]) => line.slice(0, at)) },
  // One character is another one.
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        event,
        fc.nat(400),
        fc.constantFrom('"', "\\", ",", ":", "{", "}", "[", "]", " ", "-", "0", "\u0001", "é"),
      )
      .map(([line, at, character]) => line.slice(0, at) + character + line.slice(at + 1)),
  },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", " ", "\r", "\u00a0", "\ufeff", "\u2028", "{}", "{", "null", "[]"),
  },
);
