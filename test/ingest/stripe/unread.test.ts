// What Stripe tells, and nobody can help but people.

import { describe, expect, test } from "vitest";
import { AUGUST, created, pro, told } from "./life.ts";
import { item, price, store } from "./objects.ts";

describe("what cannot be read waits, and says why", () => {
  const [si] = [item("si_1", 2, pro, AUGUST)];
  test.each<[string, object, string, string]>([
    ["an unknown SKU", created({}, [item("si_1", 1, price("nothing"), AUGUST)]), "unknown_sku", "nothing"],
    [
      "a SKU without a term",
      created({}, [item("si_1", 1, price("cad-ever"), AUGUST)]),
      "endless_term",
      "perpetual",
    ],
    [
      "a list that goes on elsewhere",
      created({ items: { data: [si], has_more: true } }),
      "invalid_request",
      "more items than this message holds",
    ],
    ["no items", created({ items: { data: [], has_more: false } }), "invalid_request", "lines"],
    ["a status that we do not know", created({ status: "dormant" }), "invalid_request", "data.object.status"],
    [
      "no end of the period",
      created({}, [{ ...si, current_period_end: null }]),
      "invalid_request",
      "until when it is paid",
    ],
    ["an item without a price", created({}, [{ ...si, price: null }]), "invalid_request", "no price"],
    [
      "a price between two króna",
      created({}, [item("si_1", 1, price("cad-pro", 150, { currency: "isk" }), AUGUST)]),
      "invalid_request",
      "no whole number",
    ],
    ["a time that has not come", told("2026-11-25T00:00:00Z", [si]), "invalid_request", "created"],
    ["no JSON at all", "hello" as unknown as object, "malformed_json", "JSON"],
    ["no object of Stripe's", { customers: [] }, "invalid_request", "object"],
  ])("%s", async (_what, sent, code, detail) => {
    const it = await store();
    expect((await it.deliver(sent)).body).toMatchObject({ status: "quarantined", problem: { code } });
    const [waiting, ...others] = it.waiting();
    expect([waiting?.code, others]).toEqual([code, []]);
    expect(waiting?.detail).toContain(detail);
    // The same event again waits once.
    await it.deliver(sent);
    expect(it.waiting().length).toBe("id" in Object(sent) ? 1 : 2);
  });
});
