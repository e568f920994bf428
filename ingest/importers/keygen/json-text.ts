// Pure. JSON that can be read in one way only, or where it cannot. What is said of a fault quotes nothing: it may be secret.

import { faultOfJson } from "../../json.ts";

export type ReadJson = { ok: true; value: unknown } | { ok: false; offset: number; detail: string };

/** Reads a text as JSON, as strictly as bodies of requests are read. `offset` is where it is none. */
export function readJson(text: string): ReadJson {
  const fault = faultOfJson(text);
  if (fault) {
    const field = SHOWN_PATH.test(fault.field) ? fault.field : "A member";
    return { ok: false, offset: 0, detail: `${field} ${fault.message}.` };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    const offset = whereNotJson(text);
    const detail =
      offset < text.length ? "Here it is no JSON any more." : "Here it ends before it is complete.";
    return { ok: false, offset, detail };
  }
}

/** A path of names that JSON:API or Keygen may have given; any other may be a secret that got there. */
const SHOWN_PATH = /^(?=.{1,100}$)[a-z][A-Za-z]*(?:\.[a-z][A-Za-z]*|\[\d+\])*$/;

// Each matches as much as there is, so that none goes back on its way: https://www.rfc-editor.org/rfc/rfc8259#section-2
const WHITE_SPACE = /[ \t\r\n]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// oxlint-disable-next-line no-control-regex
const TEXT = /"(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/y;

type Expected = "value" | "value or ]" | "name" | "name or }" | "colon" | "comma";

/** @returns the offset of the first character that cannot stand there; the text's length where only more would have to come */
function whereNotJson(text: string): number {
  const closing: string[] = [];
  let expected: Expected = "value";
  let at = skip(WHITE_SPACE, text, 0);
  for (; at < text.length; at = skip(WHITE_SPACE, text, at)) {
    const char = text[at] ?? "";
    if (closing.length > 0 && char === closing.at(-1) && isEnd(expected, char)) {
      closing.pop();
      expected = "comma";
      at++;
    } else if (expected === "comma") {
      if (char !== "," || closing.length === 0) return at;
      expected = closing.at(-1) === "}" ? "name" : "value";
      at++;
    } else if (expected === "colon") {
      if (char !== ":") return at;
      expected = "value";
      at++;
    } else if (char === '"') {
      const end = skip(TEXT, text, at);
      if (text[end] !== '"') return end;
      expected = expected.startsWith("name") ? "colon" : "comma";
      at = end + 1;
    } else if (expected.startsWith("name")) return at;
    else if (char === "{" || char === "[") {
      closing.push(char === "{" ? "}" : "]");
      expected = char === "{" ? "name or }" : "value or ]";
      at++;
    } else {
      const end = skip(SCALAR, text, at);
      if (end === at) return at;
      expected = "comma";
      at = end;
    }
  }
  return at;
}

const isEnd = (expected: Expected, char: string): boolean =>
  expected === "comma" || expected === (char === "}" ? "name or }" : "value or ]");

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
