import { describe, expect, test } from "vitest";
import {
  type ChangeRow,
  changeSentence,
  endOf,
  standing,
  told,
} from "../../reports/src/components/history.ts";

const change = (event_type: string, more: Partial<ChangeRow> = {}): ChangeRow => ({
  customer_id: "C-1",
  entitlement_id: "E-1",
  change_number: 1,
  event_type,
  occurred_at: 0,
  what: "Something",
  subject: null,
  reason: null,
  activation_id: null,
  holder: null,
  is_host: true,
  app_version: null,
  status_after: "active",
  seats_bound_after: 3,
  quantity_after: 5,
  source: "api",
  ...more,
});

describe("a change is told in plain words", () => {
  test.each<[ChangeRow, string]>([
    [change("entitlement.granted", { subject: "5 × Atlas, Annual" }), "Bought 5 × Atlas, Annual"],
    [
      change("activation.bound", { subject: "windows 11 amd64", holder: "3fa9c01b" }),
      "A seat was activated on host 3fa9c01b, Windows 11 x86-64",
    ],
    [change("activation.bound", { holder: "77aa", is_host: false }), "A seat was activated on user 77aa"],
    [
      change("activation.refused", { reason: "no_seats_left" }),
      "An activation was refused: All seats in use",
    ],
    [change("entitlement.expired"), "The term ended"],
    [
      change("entitlement.renewed", { what: "Renewed", subject: "Atlas", reason: "by_phone" }),
      "Renewed: Atlas: By phone",
    ],
  ])("%o", (row, sentence) => expect(changeSentence(row)).toBe(sentence));
});

test("a license that was issued with its seat is told with it; one that was issued anew is told by itself", () => {
  const changes = [
    change("activation.bound", { activation_id: "A-1", occurred_at: 1 }),
    change("license.issued", { activation_id: "A-1", occurred_at: 1 }),
    change("license.issued", { activation_id: "A-1", occurred_at: 9 }),
  ];
  expect(told(changes).map(({ sentence }) => sentence)).toEqual([
    "A seat was activated, and its license was issued",
    "A license was issued",
  ]);
});

test("how an entitlement stood is said in seats and state", () => {
  expect(standing(change("x"), "node-locked")).toBe("3 of 5 seats, in force");
  expect(standing(change("x", { status_after: "expired" }), "node-locked")).toBe("3 of 5 seats, term ended");
  // A site binds as many hosts as come: "3 of 1 seat" would be no sense.
  expect(standing(change("x", { quantity_after: 1 }), "site")).toBe("3 hosts, in force");
});

test.each([
  [null, null, null],
  [500, null, 500],
  [500, 300, 300],
])("with a term to %s and a cancellation at %s it ends at %s", (ends_at, cancelled_at, end) => {
  expect(endOf({ ends_at, cancelled_at } as Parameters<typeof endOf>[0])).toBe(end);
});
