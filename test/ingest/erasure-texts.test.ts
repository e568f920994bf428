import { describe, expect, test } from "vitest";
import { type Known, spellings, tellingValues } from "../../ingest/erasure/needles.ts";

const NAME = "Jo Example-Smith";
const EMAIL = "jo.smith@example.org";

describe("texts to search for", () => {
  const known = { customerId: "C-42", names: [NAME], emails: [EMAIL], isShared: () => false };
  test.each<[string, Partial<Known>, object]>([
    ["are name and address", {}, { values: [EMAIL, NAME], isIdTelling: false, shared: 0 }],
    ["once each", { names: [NAME, NAME] }, { values: [EMAIL, NAME] }],
    ["not what is short", { names: ["Jo"] }, { values: [EMAIL], shared: 1 }],
    ["not what others bear", { isShared: (text) => text === NAME }, { values: [EMAIL], shared: 1 }],
    [
      "not what the ID says, which stays",
      { customerId: EMAIL.toUpperCase() },
      { values: [NAME], isIdTelling: true, shared: 1 },
    ],
  ])("%s", (_what, changes, expected) => {
    expect(tellingValues({ ...known, ...changes })).toMatchObject(expected);
  });

  test("are looked for as JSON and HTML write them", () => {
    expect(spellings('A & "B"')).toEqual(['A & "B"', 'A & \\"B\\"', "A &amp; &quot;B&quot;"]);
  });
});
