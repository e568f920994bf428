// What nobody should send: values, as JSON text, in the place of a field; and bodies as a whole.

const quoted = (text: string) => JSON.stringify(text);

/** Values in the place of a field. JSON text, for JavaScript cannot hold some of them. */
export const values: Record<string, string> = {
  null: "null",
  true: "true",
  "a list": "[]",
  "an object": "{}",
  "a list of itself": '[["a"]]',
  "a number": "7",
  "no number": quoted("NaN"),
  "beyond a double": "1e400",
  "below a double": "-1e400",
  "no whole number": "0.5",
  "beyond whole numbers": "9007199254740993",
  "minus nothing": "-0",
  "minus one": "-1",
  "the least": "5e-324",
  "an empty text": quoted(""),
  "a text of spaces": quoted("   "),
  "a text with NUL": '"a\\u0000b"',
  "half a surrogate pair": '"\\ud800"',
  "a text turned around": quoted("\u202egpj.exe"),
  "a long text": quoted("x".repeat(100_000)),
  "a prototype's name": quoted("__proto__"),
  "a property of every object": quoted("constructor"),
  SQL: quoted("'; drop table event; --"),
  "a day that is none": quoted("2026-02-30T00:00:00Z"),
  "the year 10000": quoted("+010000-01-01T00:00:00Z"),
  "the year 10000 in short": quoted("10000-01-01T00:00:00Z"),
  "before all time": quoted("0000-01-01T00:00:00Z"),
  "the end of time": quoted("9999-12-31T23:59:59Z"),
  "a long time": quoted("P9999Y"),
  "no time": quoted("PT0S"),
  "deep lists": "[".repeat(20_000) + "]".repeat(20_000),
  "deep objects": '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000),
  "a long list": `[${Array(20_000).fill("1").join(",")}]`,
  "a prototype": '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
};

/** Of the values: what is no text, whatever the field. */
export const noTexts = new Set(
  Object.keys(values).filter((name) => !(values[name] ?? "").startsWith('"') && name !== "null"),
);

const bytes = (...codes: number[]) => new Uint8Array(codes);

/** Bodies that no route grants anything for. */
export const bodies: Record<string, string | Uint8Array<ArrayBuffer>> = {
  spaces: " \n\t ",
  "a byte of nothing": "\0",
  null: "null",
  "a list": "[]",
  "a text": '"text"',
  "a number": "7",
  "beyond a double": "1e400",
  "no JSON": "NaN",
  "half of an object": '{"a":',
  "an object and more": "{} {}",
  "a comment": "{} // nothing",
  "deep lists": "[".repeat(100_000),
  "deep and closed": "[".repeat(100_000) + "]".repeat(100_000),
  "deep objects": '{"a":'.repeat(100_000),
  "no UTF-8": bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
  "UTF-16": new Uint8Array(Buffer.from('\ufeff{"a":1}', "utf16le")),
  "a form": "activationCode=1&host=2",
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  "10 MB of text": `"${"x".repeat(10_000_000)}"`,
  "10,000 unknown fields": JSON.stringify(
    Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field${n}`, n])),
  ),
  "a field of a long name": `{"${"x".repeat(1_000_000)}":1}`,
  "a prototype": '{"__proto__":{"isAdmin":true}}',
};

/** Of the values: texts that are no ID of an order, a customer or a product. */
export const noIds = new Set(["an empty text", "a text of spaces", "a text turned around", "SQL"]);

/** Of the bodies: objects with nothing wrong but fields that we do not know. */
export const unknownFields = new Set(["10,000 unknown fields", "a field of a long name", "a prototype"]);

/** Every place in a JSON value, as the path that a problem names it by, and how to put another JSON text there. */
export function places(json: unknown): { field: string; leaf: unknown; put: (text: string) => string }[] {
  const whole = json as object;
  return pathsOf(json).map((path) => ({
    field: path
      .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`))
      .join(""),
    leaf: path.reduce<unknown>((value, part) => (value as Record<string | number, unknown>)[part], whole),
    put: (text) => {
      const copy = structuredClone(whole) as Record<string | number, unknown>;
      const holder = path
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>(
          (value, part) => value[part] as Record<string | number, unknown>,
          copy,
        );
      holder[path.at(-1) ?? ""] = HERE;
      return JSON.stringify(copy).replace(`"${HERE}"`, () => text);
    },
  }));
}

const HERE = "the place of another value";

function pathsOf(json: unknown): (string | number)[][] {
  if (typeof json !== "object" || json === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(json)
    ? json.map((value, index) => [index, value])
    : Object.entries(json);
  return entries.flatMap(([key, value]) => [[key], ...pathsOf(value).map((rest) => [key, ...rest])]);
}
