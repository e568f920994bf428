import { expect, test } from "vitest";
import type { Customer } from "../../reports/src/components/customerData.ts";
import type { ChangeRow, EntitlementRow } from "../../reports/src/components/history.ts";
import { endOfDay, seatsAt, standingAt } from "../../reports/src/components/standing.ts";

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

const change = (day: string, type: string, facts: Partial<ChangeRow> = {}): ChangeRow => ({
  customer_id: "C",
  entitlement_id: "e1",
  change_number: 1,
  event_type: type,
  occurred_at: at(day),
  what: type,
  subject: null,
  reason: null,
  activation_id: null,
  holder: null,
  is_host: true,
  app_version: null,
  status_after: "active",
  seats_bound_after: 0,
  quantity_after: 2,
  source: "api",
  ...facts,
});

const customer: Customer = {
  entry: { id: "C", name: "C", country: null, entitlements: 2, bucket: 0 },
  entitlements: [{ entitlement_id: "e1" }, { entitlement_id: "e2" }] as EntitlementRow[],
  changes: [
    change("2026-01-01", "entitlement.granted"),
    change("2026-01-05", "activation.bound", { activation_id: "a", seats_bound_after: 1 }),
    change("2026-01-09", "activation.bound", { activation_id: "b", seats_bound_after: 2 }),
    change("2026-02-01", "entitlement.granted", { entitlement_id: "e2", quantity_after: 5 }),
    change("2026-02-03", "activation.ended", { activation_id: "a", seats_bound_after: 1 }),
    change("2026-03-01", "entitlement.cancelled", { status_after: "cancelled" }),
  ],
};

test.each([
  ["2025-12-31", [], []],
  ["2026-01-01", [["e1", "active", 2, 0]], []],
  ["2026-01-31", [["e1", "active", 2, 2]], ["a", "b"]],
  [
    "2026-02-03",
    [
      ["e1", "active", 2, 1],
      ["e2", "active", 5, 0],
    ],
    ["b"],
  ],
  [
    "2026-03-01",
    [
      ["e1", "cancelled", 2, 0],
      ["e2", "active", 5, 0],
    ],
    [],
  ],
] as const)("on %s stands what had happened by the end of it, and nothing later", (day, standings, seats) => {
  expect(
    standingAt(customer, endOfDay(day)).map((row) => [
      row.entitlement.entitlement_id,
      row.status,
      row.quantity,
      row.seats_bound,
    ]),
  ).toEqual(standings);
  expect(seatsAt(customer, endOfDay(day)).map(({ bound }) => bound.activation_id)).toEqual(seats);
});
