import * as fc from "fast-check";
import { assert } from "fast-check";
import { expect, test } from "vitest";
import { fromBase64Url, olderToBase64Url, toBase64Url } from "../../licensing/index.ts";

test("writes what Node writes, and reads it back", () => {
  assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64url"));
      expect(olderToBase64Url(bytes)).toBe(text);
      expect(fromBase64Url(text)).toEqual(Uint8Array.from(bytes));
    }),
    { numRuns: 200 },
  );
});

test("reads one text for each value only: no padding, no stray bits, no other alphabet", () => {
  const refused = ["A", "AB", "AAB", "AAAAA", "AA==", "AA=", "AA+A", "AA/A", "AA AA", "AAAA\n", "ÄAAA"];
  expect(refused.filter((text) => fromBase64Url(text) !== undefined)).toEqual([]);
});
