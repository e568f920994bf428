// What names the rights and seats of a table for ever.

import { describe, expect, test } from "vitest";
import type { ColumnName } from "../../../ingest/import/table/columns.ts";
import { parseInstant } from "../../../licensing/index.ts";
import { orderedAt, readCsv as read, rightsOf, rowsOfCsv as rows, tableOf, told } from "./table-support.ts";

describe("identity", () => {
  const columns: ColumnName[] = ["order", "product", "quantity"];
  const identities = async (lines: string[], its = columns) =>
    (rightsOf(await rows(its, lines, {}, { orderedAt })) as { order: string; lineNumber: number }[]).map(
      ({ order, lineNumber }) => `${order}/${lineNumber}`,
    );

  test("a line keeps its number when others are added, taken away, sorted, corrected, or are in another file", async () => {
    const [first, second, third] = await identities(["A,x,1", "A,y,1", "B,x,1"]);
    expect(await identities(["B,x,1", "A,z,1", "A,y,7", "A,x,1"])).toEqual([
      third,
      expect.any(String),
      second,
      first,
    ]);
    expect(await identities(["A,y,1"])).toEqual([second]);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test("the same row twice in an order is two lines, the same two in every file", async () => {
    const twice = await identities(["A,x,1", "A,x,1"]);
    expect(new Set(twice).size).toBe(2);
    expect(await identities(["A,x,1", "B,y,1", "A,x,1"])).toEqual([twice[0], expect.any(String), twice[1]]);
  });

  test("a row that could not be read has its number all the same", async () => {
    const [, second] = await identities(["A,x,1", "A,x,2"]);
    expect(await identities(["A,x,bad", "A,x,2"])).toEqual([second]);
  });

  test("without orders, a row is what its cells say, wherever they stand and whatever stands beside them", async () => {
    const [one] = await identities(["x,1"], ["product", "quantity"]);
    expect(one).toMatch(/^[0-9a-f]{32}\/1$/);
    expect(await identities([" 1 ,x"], ["quantity", "product"])).toEqual([one]);
    const noted = await read("product,note,quantity\nx,hello,1\n", tableOf(["product", "quantity"]), {
      orderedAt,
    });
    expect(rightsOf(noted)).toMatchObject([{ order: one?.slice(0, 32) }]);
    expect(await identities(["x,2"], ["product", "quantity"])).not.toEqual([one]);
  });

  test("an order's column that is none is a problem once a thousand rows share what stands there", async () => {
    const entries = await rows(
      columns,
      Array.from({ length: 1002 }, () => "A,x,1"),
      {},
      { orderedAt },
    );
    expect(entries.filter(({ kind }) => kind === "problem").map(told)).toEqual([
      expect.stringMatching(
        /^invalid 1002:1 order .* more than 1000 lines for one product: is it an order's ID\?/,
      ),
      expect.stringMatching(/^invalid 1003:1 order/),
    ]);
  });

  test.each(["0", "x", "1.5", "1000001", "-1", ""])("a line is no %j", async (line) => {
    const [entry] = await rows(["order", "line", "product"], [`A,${line},x`], {}, { orderedAt });
    expect(entry).toMatchObject({ kind: "problem", place: { line: 2, column: 3, at: "line" } });
  });
});

describe("seats", () => {
  test.each([
    ["by its ID", ["hostId", "hostName"], "h1,ws", { hostId: "h1", hostName: "ws", boundAt: orderedAt }],
    [
      "by its name, where that is all",
      ["hostName"],
      "ws",
      { hostId: "ws", hostName: "ws", boundAt: orderedAt },
    ],
    ["by its user, where that is all", ["user"], "jo", { hostId: "jo", user: "jo", boundAt: orderedAt }],
    [
      "when it was taken",
      ["hostId", "activatedAt"],
      "h1,2026-02-01",
      { hostId: "h1", boundAt: parseInstant("2026-02-01T00:00:00Z") },
    ],
  ] as [string, ColumnName[], string, unknown][])(
    "a computer is known %s",
    async (_what, columns, row, seat) => {
      const [entry] = await rows(["order", "product", ...columns], [`A,x,${row}`], {}, { orderedAt });
      expect(entry).toMatchObject({ kind: "right", right: { seats: [seat] } });
    },
  );

  test("a time without a computer or a user is a problem", async () => {
    const [entry] = await rows(["product", "hostId", "activatedAt"], ["x,,2026-02-01"], {}, { orderedAt });
    expect(entry && told(entry)).toMatch(/^incomplete 2:4 activatedAt/);
  });
});
