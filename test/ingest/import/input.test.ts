import { expect, test } from "vitest";
import { cut, MAX_INPUT_LENGTH } from "../../../ingest/import/input.ts";

test.each<[string, string, number | undefined, string]>([
  ["a short text stays", "short", undefined, "short"],
  ["one of just so many stays", "12345", 5, "12345"],
  ["one more is cut", "123456", 5, "1234…"],
  ["a long one is cut", "x".repeat(5000), undefined, `${"x".repeat(MAX_INPUT_LENGTH - 1)}…`],
  ["half a character is none", "123😀😀", 5, "123�…"],
])("%s", (_what, text, maxLength, expected) => {
  expect(cut(text, maxLength)).toBe(expected);
});
