import { describe, expect, test } from "vitest";
import { takeBack } from "../../../ingest/import/runs.ts";
import { checkLedger } from "../../../ingest/ledger/check.ts";
import { at, type Desk, desk, fileOf, MAPPING, right } from "./support.ts";

const counts = (read: number, accepted: number, duplicate = 0, conflict = 0, quarantined = 0) => ({
  read,
  accepted,
  duplicate,
  conflict,
  quarantined,
});

const seat = (hostId: string, boundAt = at("2024-02-01T00:00:00Z")) => ({ hostId, boundAt });

/** The state of a ledger is what its events say, imports or not. */
function expectSound({ sql }: Desk): void {
  const faults = sql.transaction(() => checkLedger(sql, 0, () => undefined));
  expect(faults).toEqual([]);
}

describe("an import", () => {
  test("records orders with their rights, seats and ends, and says what it added to the catalog", async () => {
    const it = desk();
    const report = await it.bring({
      a: fileOf(
        right({ seats: [seat("h1"), seat("h2")] }),
        right({
          order: "O-2",
          ended: { kind: "suspended", at: at("2025-01-01T00:00:00Z"), reason: "unpaid" },
        }),
        right({
          order: "O-3",
          ended: { kind: "cancelled", at: at("2025-01-01T00:00:00Z"), reason: "returned" },
        }),
        { kind: "seat", seat: { order: "O-2", lineNumber: 1, ...seat("h3") } },
      ),
    });
    expect(report.counts).toEqual(counts(4, 4));
    expect(report.problems).toEqual([]);
    expect(report.added).toMatchObject({
      products: [{ sku: "ORBIT-GUI", name: "Orbit GUI", brand: "Orbit" }],
      licenseModels: [{ id: "scheme.classic-node-lock", name: "Classic node lock", metric: "node-locked" }],
    });
    expect(
      it.sql.all(
        "select order_id, customer_id, state ->> '$.seatsBound' as seats from entitlement order by order_id",
      ),
    ).toEqual([
      { order_id: "scheme:O-1", customer_id: "scheme:77", seats: 2 },
      { order_id: "scheme:O-2", customer_id: "scheme:77", seats: 1 },
      { order_id: "scheme:O-3", customer_id: "scheme:77", seats: 0 },
    ]);
    expect(it.events("entitlement.suspended")).toBe(1);
    expect(it.events("entitlement.cancelled")).toBe(1);
    // The licenses that its hosts have are another scheme's.
    expect(it.events("license.issued")).toBe(0);
    expect(it.events("import.finished")).toBe(1);
    expectSound(it);
  });

  test("that names more products than a catalog holds is taken for a wrong column, and records nothing", async () => {
    const it = desk();
    const files = (products: number) => ({
      a: fileOf(...Array.from({ length: products }, (_, n) => right({ order: `O-${n}`, product: `P-${n}` }))),
    });
    await expect(it.bring(files(10_001))).rejects.toThrow("names more than 10000 products");
    expect(it.events()).toBe(0);
    await expect(it.bring(files(10_000), { maxQuarantined: 1 })).rejects.toThrow(
      "10000 of 10000 entries do not fit",
    );
  });

  test("that comes again records nothing at all", async () => {
    const it = desk();
    const files = { a: fileOf(right({ seats: [seat("h1")] }), right({ product: "unknown", order: "O-2" })) };
    await it.bring(files);
    const before = it.events();
    const again = await it.bring(files);
    expect(again.counts).toEqual(counts(2, 0, 1, 0, 1));
    expect(it.events()).toBe(before);
    // With other white space, in another file, it is the same.
    const other = await it.bring({ b: fileOf(right({ seats: [seat("h1")] })), c: fileOf(right()) });
    expect(other.counts).toEqual(counts(2, 0, 2));
    expect(it.events()).toBe(before);
  });

  test("counts a right once that stands in two files, and the same line with another content as a conflict", async () => {
    const it = desk();
    const report = await it.bring({ a: fileOf(right()), b: fileOf(right(), right({ quantity: 9 })) });
    expect(report.counts).toEqual(counts(3, 1, 1, 1));
    expect(report.problems).toMatchObject([{ file: "b", place: { line: 2 }, code: "conflict" }]);
    expect(report.problems[0]?.detail).toContain("a, line 1");
    const later = await it.bring({ c: fileOf(right({ quantity: 9 })) });
    expect(later.counts).toEqual(counts(1, 0, 0, 1));
    expect(it.sql.all("select state ->> '$.quantity' as quantity from entitlement")).toEqual([
      { quantity: 5 },
    ]);
  });

  test("takes seats that an order got since, and none again that was given back", async () => {
    const it = desk();
    await it.bring({ a: fileOf(right({ seats: [seat("h1")] })) });
    const [bound] = it.sql.all<{ id: string }>("select activation_id as id from seat");
    await it.ledger.execute("useSeat", {
      request: "return",
      activationId: bound?.id ?? "",
      credential: "vendor",
      host: null,
      hostName: null,
      kind: "failure",
      units: 0,
      occurredAt: null,
      source: "api",
    });
    const before = it.events("activation.bound");
    const report = await it.bring({
      a: fileOf(right({ seats: [seat("h1"), seat("h2", at("2026-11-24T12:00:00Z"))] })),
    });
    expect(report.counts).toEqual(counts(1, 0, 1));
    expect(it.events("activation.bound") - before).toBe(1);
    expectSound(it);
  });

  test("puts a seat aside for which there is no room, and leaves its order on record", async () => {
    const it = desk();
    const report = await it.bring({ a: fileOf(right({ quantity: 1, seats: [seat("h1"), seat("h2")] })) });
    expect(report.counts).toEqual(counts(1, 1));
    expect(report.problems).toMatchObject([{ file: "a", place: { line: 1 }, code: "no_seats_left" }]);
    expect(it.events("input.quarantined")).toBe(1);
  });

  test("lists what is not mapped with what hangs on it, most seats first, and lets it through once it is", async () => {
    const it = desk();
    const files = {
      a: fileOf(
        right({ order: "1", product: "small" }),
        right({ order: "2", product: "large", quantity: 900 }),
        right({ order: "3", model: { name: "Odd one" } }),
        right({ order: "4", customer: {} }),
      ),
    };
    const first = await it.bring(files);
    expect(first.counts).toEqual(counts(4, 0, 0, 0, 4));
    expect(first.unmapped.map(({ of, value, seats }) => [of, value, seats])).toEqual([
      ["product", "large", 900],
      ["product", "small", 5],
      ["model", "Odd one", 5],
    ]);
    expect(first.problems.map(({ code }) => code).toSorted()).toEqual([
      "unmapped_customer",
      "unmapped_model",
      "unmapped_product",
      "unmapped_product",
    ]);
    const yaml = `${MAPPING}
  - { from: "*a*", sku: ORBIT-ALL, name: Everything, brand: Orbit }
models:
  - { from: odd one, term: subscription, duration: P1M, metric: floating }
customer: C-42
`;
    const second = await it.bring(files, { yaml });
    expect(second.counts).toEqual(counts(4, 4));
    expect(it.events("input.replayed")).toBe(4);
    expect(it.sql.all("select 1 from quarantine where replayed_at is null")).toEqual([]);
  });

  test("brings an order in whole or not at all", async () => {
    const it = desk();
    const report = await it.bring({ a: fileOf(right(), right({ lineNumber: 2, product: "unknown" })) });
    expect(report.counts).toEqual(counts(2, 0, 0, 0, 2));
    expect(report.problems.map(({ code }) => code).toSorted()).toEqual([
      "incomplete_order",
      "unmapped_product",
    ]);
    expect(it.events("order.recorded")).toBe(0);
  });

  test("records nothing of files of which one is broken", async () => {
    const it = desk();
    const broken = it.bring({ a: fileOf(right()), b: fileOf(right({ order: "O-2" }), "broken") });
    await expect(broken).rejects.toThrow("b, line 2: The file ends here.");
    expect(it.events()).toBe(0);
  });

  test("records nothing where nearly nothing fits, and says which rules to write", async () => {
    const it = desk();
    const many = Array.from({ length: 12 }, (_, i) => right({ order: `${i}`, product: "unknown" }));
    await expect(it.bring({ a: fileOf(...many) }, { maxQuarantined: 10 })).rejects.toThrow(
      /product unknown: 12/,
    );
    expect(it.events()).toBe(0);
  });

  test("names no customer in an ID, and takes no ID of theirs for one of ours", async () => {
    const it = desk();
    await it.bring({
      a: fileOf(
        right({ order: "1", customer: { name: "Erika Mustermann", email: "erika@example.com" } }),
        right({ order: "2", customer: { email: "ERIKA@example.com " } }),
        right({ order: "3", customer: { id: "C-42" } }),
      ),
    });
    const ids = it.sql
      .all<{ id: string }>("select customer_id as id from orders order by order_id")
      .map(({ id }) => id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).toBe("scheme:C-42");
    expect(ids.join()).not.toMatch(/erika|mustermann/i);
  });
});

describe("an import that was stopped", () => {
  const orders = 23;
  const files = {
    a: fileOf(
      ...Array.from({ length: orders }, (_, i) => right({ order: `O-${i}`, seats: [seat(`h${i}`)] })),
      right({ order: "O-3", quantity: 7 }),
      right({ order: "bad", product: "unknown" }),
      { kind: "problem", code: "unreadable", detail: "It says nothing." },
    ),
  };
  /** What stays the same however often it was stopped: all but IDs and times of record. */
  const story = ({ sql }: Desk) =>
    sql
      .all<{ line: string }>("select line from event order by seq")
      .map(({ line }) => JSON.parse(line) as { type: string; order_id?: string; occurred_at: string })
      .map(({ type, order_id, occurred_at }) => `${type} ${order_id} ${occurred_at}`)
      .toSorted();

  test("goes on from any point, and comes to what it comes to in one go", async () => {
    const whole = desk();
    const expected = await whole.bring(files, { batch: 4 });
    for (let stops = 0; stops < 8; stops++) {
      const it = desk();
      let batches = 0;
      const stopped = await it.bring(files, {
        batch: 4,
        onProgress: (step) => void (batches += step === "record" ? 1 : 0),
        isStopped: () => batches > stops,
      });
      const resumed = stopped.isStopped ? await it.bring(files, { batch: 4 }) : stopped;
      expect(resumed.counts).toEqual(expected.counts);
      expect(resumed.isResumed).toBe(stopped.isStopped);
      expect(resumed.importId).toBe(stopped.importId);
      expect(story(it)).toEqual(story(whole));
    }
  });
});

describe("an import that is taken back", () => {
  test("ends all that it granted, and what comes again is recorded anew beside it", async () => {
    const it = desk();
    const files = { a: fileOf(right({ seats: [seat("h1")] }), right({ order: "O-2" })) };
    const { importId } = await it.bring(files);
    await takeBack(it.ledger, importId ?? "", "test", () => undefined);
    expect(it.events("order.taken_back")).toBe(2);
    expect(it.events("entitlement.cancelled")).toBe(2);
    expect(it.events("import.taken_back")).toBe(1);
    expectSound(it);
    const before = it.events();
    await takeBack(it.ledger, importId ?? "", "test", () => undefined);
    expect(it.events()).toBe(before);

    const second = await it.bring(files);
    expect(second.counts).toEqual(counts(2, 2));
    expect(it.sql.all("select order_id from orders where taken_back_at is null order by 1")).toEqual([
      { order_id: "scheme:O-1~2" },
      { order_id: "scheme:O-2~2" },
    ]);
    expect((await it.bring(files)).counts).toEqual(counts(2, 0, 2));
    expectSound(it);
  });
});
