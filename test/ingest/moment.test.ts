import * as fc from "fast-check";
import { expect, test } from "vitest";
import { momentOf } from "../../ingest/telemetry/moment.ts";
import { formatInstant, parseInstant } from "../../licensing/index.ts";

const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));

const stamp = fc
  .tuple(
    fc.integer({ min: 1969, max: 2201 }),
    two(13),
    two(32),
    two(25),
    two(61),
    two(61),
    fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{1,10}$/), fc.constant(".")),
    fc.constantFrom("Z", "z", "+00:00", "-05:30", ""),
  )
  .map(([year, month, day, hour, minute, second, fraction, zone]) =>
    [`${year}-${month}-${day}T${hour}:${minute}:${second}`, fraction, zone].join(""),
  );

test("a moment is read and written as every other instant is, whatever its form", () => {
  fc.assert(
    fc.property(fc.oneof(stamp, fc.string()), (text) => {
      const at = parseInstant(text);
      expect(momentOf(text)).toEqual(at === undefined ? undefined : { at, written: formatInstant(at) });
    }),
    { numRuns: 5000 },
  );
});

test.each(["2026-02-29T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T23:59:60Z", "2200-01-01T00:00:00Z"])(
  "%s is none",
  (text) => expect(momentOf(text)).toBeUndefined(),
);
