// What computers and people are known by in the lake.

import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hashUnder } from "../../ingest/keys-ring.ts";

test("an ID is known by half of its HMAC-SHA-256 under the key, whatever it is", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.string({ unit: "grapheme", maxLength: 200 }), { minLength: 1 }),
      (key, ids) => {
        const hashId = hashUnder(key);
        for (const id of ids)
          expect(hashId(id)).toBe(createHmac("sha256", key).update(id).digest("hex").slice(0, 32));
      },
    ),
  );
});

test("a key of more than a block is none", () => {
  expect(() => hashUnder(new Uint8Array(65))).toThrow("64 bytes at most");
});
