import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainEnvelope, readEnvelope } from "../../ingest/telemetry/envelope.ts";

const short = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("linux", "7.2", "a b") },
  fc.constantFrom("linux", "7.2", "", " ", "ü", "a\tb", "x".repeat(101), "x".repeat(600), "\ud800"),
  fc.string(),
);
/** A value of the kind that a field wants, or anything. */
const or = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 20, arbitrary }, { weight: 1, arbitrary: fc.jsonValue() });
const ownId = (prefix: string) =>
  fc.constantFrom(`${prefix}_00${"0".repeat(26)}`, `${prefix}_00${"i".repeat(26)}`, `${prefix}_0`);

const sent = fc.record(
  {
    id: or(short),
    occurredAt: or(
      fc.constantFrom("2026-11-24T11:00:00Z", "2026-11-24T11:00:00+01:00", "2026-02-30T00:00:00Z", "x"),
    ),
    activationId: or(ownId("act")),
    entitlementId: or(ownId("ent")),
    host: or(fc.record({ id: or(short), name: or(short) }, { requiredKeys: [] })),
    user: or(short),
    platform: or(
      fc.record(
        { os: or(fc.record({ type: or(short), version: or(short) }, { requiredKeys: [] })), arch: or(short) },
        { requiredKeys: [] },
      ),
    ),
    app: or(fc.record({ version: or(short), build: short }, { requiredKeys: [] })),
  },
  { requiredKeys: ["id", "occurredAt"] },
);

test("what is read as plain is what the schema reads", () => {
  let plain = 0;
  fc.assert(
    fc.property(sent, (json) => {
      const read = plainEnvelope(json);
      if (!read) return;
      plain += 1;
      // With a field that is not plain, the schema reads it all.
      const bySchema = readEnvelope({ ...json, user: "ü" });
      if (!bySchema.ok) throw new Error(JSON.stringify(bySchema.problem.errors));
      const { host, platform, app, ...rest } = read;
      expect(bySchema.value).toEqual({
        ...rest,
        user: "ü",
        host: host && { id: host.id },
        app: app && { version: app.version },
        platform: platform && {
          os: { type: platform.os.type, version: platform.os.version },
          arch: platform.arch,
        },
      });
    }),
    { numRuns: 5000 },
  );
  expect(plain).toBeGreaterThan(50);
});
