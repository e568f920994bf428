// Items of a subscription that change, come and go.

import { describe, expect, test } from "vitest";
import { replay } from "../../../ingest/sources/intake.ts";
import { AUGUST, created, day, pro, rightsOf, SEPTEMBER, told } from "./life.ts";
import { catalog, item, price, store, unix } from "./objects.ts";

describe("items", () => {
  test("of more seats are more seats, of which what staff gave stays", async () => {
    const it = await store();
    await it.deliver(created());
    const [right] = await rightsOf(it);
    await it.app.send("POST", `/v1/entitlements/${right?.entitlementId}/extend`, { added: 10 }, it.admin);
    await it.deliver(told("2026-08-05T00:00:00Z", [item("si_1", 5, pro, AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([{ quantity: 15 }]);
  });

  test("of fewer seats keep them, and wait for people once", async () => {
    const it = await store();
    await it.deliver(created({}, [item("si_1", 10, pro, AUGUST)]));
    const fewer = told("2026-08-05T00:00:00Z", [item("si_1", 7, pro, AUGUST)]);
    expect((await it.deliver(fewer)).body).toMatchObject({
      status: "quarantined",
      problem: { code: "seats_not_taken_back" },
    });
    // The same state again, as of later: no news.
    await it.deliver(told("2026-09-01T00:00:00Z", [item("si_1", 7, pro, SEPTEMBER)]));
    expect(it.waiting()).toHaveLength(1);
    const [right] = await rightsOf(it);
    expect(right?.quantity).toBe(10);
    // Staff and customer agree: three are split off, and rest.
    const path = `/v1/entitlements/${right?.entitlementId}/split`;
    await it.app.send("POST", path, { quantity: 3 }, it.admin);
    await it.deliver(told("2026-11-24T00:00:00Z", [item("si_1", 9, pro, SEPTEMBER)]));
    expect(it.waiting()).toHaveLength(1);
    expect((await rightsOf(it)).map(({ quantity }) => quantity)).toEqual([9, 3]);
  });

  test("of another price are another product, under the model that it is sold under", async () => {
    const it = await store();
    await it.deliver(created());
    await it.deliver(told("2026-08-05T00:00:00Z", [item("si_1", 2, price("cad-max"), AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([{ sku: "cad-max", licenseModel: "month" }]);
    await it.deliver(told("2026-08-06T00:00:00Z", [item("si_1", 2, price("cad-year"), AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([{ sku: "cad-year", licenseModel: "year" }]);
  });

  test("of a price that the catalog lacks wait, all else is done, and a replay does the rest", async () => {
    const it = await store();
    await it.deliver(created());
    const changed = told("2026-08-05T00:00:00Z", [item("si_1", 4, price("gone"), AUGUST)]);
    expect((await it.deliver(changed)).body).toMatchObject({
      status: "quarantined",
      problem: { code: "unknown_sku" },
    });
    expect(await rightsOf(it)).toMatchObject([{ sku: "cad-pro", quantity: 4 }]);
    const [waiting] = it.waiting();
    const again = () => replay(it.app.deps.ledgers, waiting as never, it.app.deps.clock(), "test");
    expect(await again()).toMatchObject({ kind: "not_understood" });
    const products = [...catalog.products, { sku: "gone", name: "Gone", brand: "Atlas" }];
    await it.app.send("PUT", "/v1/catalog", { ...catalog, version: "2", products }, it.admin);
    expect(await again()).toMatchObject({ kind: "recorded" });
    expect(await rightsOf(it)).toMatchObject([{ sku: "gone", quantity: 4 }]);
    expect(it.waiting()).toEqual([]);
  });

  test("that take the place of others are the same line", async () => {
    const it = await store();
    await it.deliver(created());
    const [before] = await rightsOf(it);
    await it.deliver(told("2026-08-05T00:00:00Z", [item("si_9", 3, price("cad-max"), AUGUST)]));
    expect(await rightsOf(it)).toMatchObject([
      { entitlementId: before?.entitlementId, sku: "cad-max", quantity: 3, suspendedAt: null },
    ]);
  });

  test.each([1, 4])("that come later are an order of their own, with %i shards", async (shards) => {
    const it = await store({ shards });
    await it.deliver(created());
    const added = item("si_2", 3, price("render", 500), AUGUST, { created: unix("2026-08-10T00:00:00Z") });
    const both = [item("si_1", 2, pro, AUGUST), added];
    await it.deliver(told("2026-08-10T00:00:00Z", both));
    expect(await rightsOf(it)).toHaveLength(1);
    expect(await rightsOf(it, "stripe:sub_1:si_2")).toMatchObject([
      {
        sku: "render",
        quantity: 3,
        startsAt: "2026-08-10T00:00:00.000000Z",
        endsAt: "2026-09-01T00:00:00.000000Z",
      },
    ]);
    // It follows the subscription: rests with it, is taken off it, comes back, and ends with it.
    await it.deliver(told("2026-08-11T00:00:00Z", both, { status: "past_due" }));
    expect((await rightsOf(it, "stripe:sub_1:si_2"))[0]?.suspendedAt).not.toBeNull();
    await it.deliver(told("2026-08-12T00:00:00Z", both));
    expect((await rightsOf(it, "stripe:sub_1:si_2"))[0]?.suspendedAt).toBeNull();
    await it.deliver(told("2026-08-13T00:00:00Z", [item("si_1", 2, pro, AUGUST)]));
    expect(day((await rightsOf(it, "stripe:sub_1:si_2"))[0]?.suspendedAt)).toBe("2026-08-13");
    const ended = { status: "canceled", ended_at: unix("2026-08-20T00:00:00Z") };
    await it.deliver(told("2026-08-20T00:00:00Z", [item("si_1", 2, pro, AUGUST)], ended, "deleted"));
    expect(day((await rightsOf(it, "stripe:sub_1:si_2"))[0]?.cancelledAt)).toBe("2026-08-20");
    expect(it.waiting()).toEqual([]);
  });

  test("of no seats are none: their line rests", async () => {
    const it = await store();
    await it.deliver(created({}, [item("si_1", 2, pro, AUGUST), item("si_2", 1, price("render"), AUGUST)]));
    await it.deliver(
      told("2026-08-10T00:00:00Z", [item("si_1", 2, pro, AUGUST), item("si_2", 0, price("render"), AUGUST)]),
    );
    expect((await rightsOf(it)).map(({ suspendedAt }) => day(suspendedAt))).toEqual([
      undefined,
      "2026-08-10",
    ]);
  });
});
