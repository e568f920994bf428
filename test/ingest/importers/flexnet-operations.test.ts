import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Table } from "../../../ingest/import/table/columns.ts";
import { isOperationsExport, readOperations } from "../../../ingest/importers/flexnet/operations.ts";
import type { Importer, ReadContext } from "../../../ingest/importers/importer.ts";
import { parseInstant } from "../../../licensing/index.ts";
import { entriesOf, sourceOf } from "./support.ts";
import { placesOf, rightsOf, saying, tableOf, told } from "./table-support.ts";

const importer: Importer = { about: "", maxBytes: 1e9, read: readOperations };
const read = (lines: readonly string[], context: Partial<ReadContext> = {}) =>
  entriesOf(importer, sourceOf(lines.join("\r\n")), context);

const at = (day: string) => parseInstant(day.includes("T") ? day : `${day}T00:00:00Z`);

/** As the extract of line items is written: trailing commas, `null` for nothing, states by their keys. */
const EXTRACT =
  "EntitlementID,EntitlementState,ShipToEmail,End Customer|Account,End Customer|AccountName,ActivationID,LineItemState,ProductName,ProductVersion,PartNumber,LicenseModel,Quantity,StartDate,ExpirationDate,IsPermanent,CreatedOn,LastModifiedDate,";

test("line items of the extract are rights, by their activation IDs", async () => {
  const entries = await read([
    EXTRACT,
    "ENT-1,bo.constants.states.deployed,it@acme.example,ACME-1,Acme Inc,a1b2-c3d4,bo.constants.states.deployed,Orbit,3.0,ORB-3,Floating Counted,10,2026-01-01,2026-12-31,false,2025-12-20 14:35:11.313,2026-01-02 00:00:00.000,",
    "ENT-1,bo.constants.states.deployed,it@acme.example,ACME-1,Acme Inc,e5f6-a7b8,bo.constants.states.deployed,Orbit Viewer,null,null,Node Locked,1,2026-01-01,null,true,2025-12-20 14:35:11.313,null,",
  ]);
  expect(entries.map(told)).toEqual(["right", "right"]);
  expect(rightsOf(entries)).toEqual([
    {
      order: "a1b2-c3d4",
      lineNumber: 1,
      product: "ORB-3",
      productName: "Orbit",
      version: "3.0",
      model: { name: "Floating Counted" },
      quantity: 10,
      customer: { id: "ACME-1", name: "Acme Inc", email: "it@acme.example" },
      orderedAt: "2025-12-20T14:35:11.313000Z",
      startsAt: "2026-01-01",
      endsAt: "2027-01-01",
      seats: [],
    },
    {
      order: "e5f6-a7b8",
      lineNumber: 1,
      // A product without a part number goes by its name.
      product: "Orbit Viewer",
      productName: "Orbit Viewer",
      model: { name: "Node Locked" },
      quantity: 1,
      customer: { id: "ACME-1", name: "Acme Inc", email: "it@acme.example" },
      orderedAt: "2025-12-20T14:35:11.313000Z",
      startsAt: "2026-01-01",
      endsAt: null,
      seats: [],
    },
  ]);
});

test("a list of the portal is read as well, with days as the mapping says", async () => {
  const lines = [
    "Entitlement ID;Line Item Activation ID;Product Name;Product Version;Total Quantity;Sold To;Order Date;Start Date;Expiration Date;Status",
    "ENT-1;a1;Orbit;3.0;1.000;Acme Inc;20.12.2025;01.01.2026;PERMANENT;Deployed",
  ];
  const table = { ...tableOf([]), delimiter: ";" as const, dates: "DD.MM.YYYY", decimal: "," as const };
  expect(rightsOf(await read(lines, { table }))).toMatchObject([
    { order: "a1", quantity: 1000, customer: { name: "Acme Inc" }, orderedAt: "2025-12-20", endsAt: null },
  ]);
});

test("columns that a producer renamed are named by the mapping", async () => {
  const table: Table = { ...tableOf([]), columns: { order: "Key", product: "Thing", quantity: "N" } };
  const entries = await read(["Key,Thing,N,Entitlement ID,Status", "k1,Orbit,3,ENT-1,Deployed"], {
    table,
    orderedAt: 1,
  });
  expect(rightsOf(entries)).toMatchObject([{ order: "k1", lineNumber: 1, product: "Orbit", quantity: 3 }]);
});

test("where line items have no IDs, the entitlement's rows are told apart by what they are of", async () => {
  const lines = ["Entitlement ID,Part Number,Quantity", "ENT-1,A,1", "ENT-1,B,1", "ENT-1,A,1"];
  const rights = rightsOf(await read(lines, { orderedAt: 1 })) as { order: string; lineNumber: number }[];
  expect(rights.map(({ order }) => order)).toEqual(["ENT-1", "ENT-1", "ENT-1"]);
  expect(new Set(rights.map(({ lineNumber }) => lineNumber)).size).toBe(3);
});

describe("what a state comes to", () => {
  const outcome = async (entitlement: string, item: string, changed: string) => {
    const [entry] = await read(
      [
        "Entitlement State,Activation ID,Line Item State,Product Name,Last Modified Date",
        `${entitlement},a1,${item},Orbit,${changed}`,
      ],
      { orderedAt: 1 },
    );
    if (entry?.kind !== "right") return entry && told(entry);
    return { isTest: entry.right.isTest, ended: entry.right.ended };
  };
  test.each([
    ["DEPLOYED", "DEPLOYED", "", {}],
    ["DEPLOYED", "", "", {}],
    ["", "", "", {}],
    ["bo.constants.states.deployed", "Active", "", {}],
    ["DEPLOYED", "TEST", "", { isTest: true }],
    [
      "Deployed",
      "Inactive",
      "2026-02-01",
      { ended: { kind: "suspended", at: at("2026-02-01"), reason: "INACTIVE in FlexNet Operations" } },
    ],
    [
      "On Hold",
      "Deployed",
      "2026-02-01",
      { ended: { kind: "suspended", at: at("2026-02-01"), reason: "ON_HOLD in FlexNet Operations" } },
    ],
    [
      "DEPLOYED",
      "OBSOLETE",
      "2026-02-01",
      { ended: { kind: "cancelled", at: at("2026-02-01"), reason: "OBSOLETE in FlexNet Operations" } },
    ],
    ["DEPLOYED", "DRAFT", "", /^void 2:13 Line Item State .*never granted/],
    ["DRAFT", "DEPLOYED", "", /^void 2:1 Entitlement State .*never granted/],
    ["DEPLOYED", "INACTIVE", "", /^incomplete 2:28 Last Modified Date .*no day says since when/],
    ["DEPLOYED", "SOLD", "", /^invalid 2:13 Line Item State "SOLD" is no state/],
  ])("%s, %s, changed %s", async (entitlement, item, changed, expected) => {
    const is = await outcome(entitlement, item, changed);
    expect(is).toEqual(expected instanceof RegExp ? saying(expected) : expected);
  });
});

test("a line item that is not permanent and has no day is a problem", async () => {
  const [entry] = await read(["Activation ID,Product Name,Is Permanent,Expiration Date", "a1,Orbit,false,"], {
    orderedAt: 1,
  });
  expect(entry && told(entry)).toBe(
    "incomplete 2:16 Expiration Date The line item is not permanent, and no day says when it expires.",
  );
});

describe("fulfillments are seats", () => {
  const HEADINGS =
    "FulfillmentID,Status,ActivationID,FulfillmentDate,FulfillCount,HostEntityID,HostUserId,IsServer,";
  test.each([
    [
      "FID_1,bo.constants.states.active,a1,2026-01-05 10:30:00.000,1,001122AABBCC,null,false,",
      { order: "a1", lineNumber: 1, hostId: "001122AABBCC", boundAt: at("2026-01-05T10:30:00Z") },
    ],
    [
      "FID_2,ACTIVE,a1,2026-01-05,1,ws-17,jo,,",
      { order: "a1", lineNumber: 1, hostId: "ws-17", user: "jo", boundAt: at("2026-01-05") },
    ],
    [
      "FID_3,bo.constants.states.obsolete,a1,2026-01-05,1,h,null,false,",
      /^void .*is OBSOLETE: nobody has a seat/,
    ],
    ["FID_4,Returned,a1,2026-01-05,1,h,null,false,", /^void .*is RETURNED/],
    ["FID_5,Active,a1,2026-01-05,0,h,null,false,", /^void .*no copies/],
    ["FID_6,Active,a1,2026-01-05,5,ANY,null,true,", /^void 2:\d+ HostEntityID .*license server/],
    ["FID_7,Active,a1,2026-01-05,1,ANY,null,false,", /^void 2:\d+ HostEntityID .*any host/],
    ["FID_8,Active,null,2026-01-05,1,h,null,false,", /^incomplete 2:14 ActivationID/],
    ["FID_9,Active,a1,2026-01-05,1,null,null,false,", /^incomplete 2:\d+ HostEntityID/],
    ["FID_10,Active,a1,null,1,h,null,false,", /^incomplete 2:\d+ FulfillmentDate/],
    [
      "FID_11,Active,a1,05/01/2026,1,h,null,false,",
      /^invalid 2:\d+ FulfillmentDate .*is no day written YYYY-MM-DD/,
    ],
  ])("%s", async (row, expected) => {
    const [entry, ...others] = await read([HEADINGS, row]);
    expect(others).toEqual([]);
    const is = entry?.kind === "seat" ? entry.seat : entry && told(entry);
    expect(is).toEqual(expected instanceof RegExp ? saying(expected) : expected);
    expect(entry?.input).not.toContain("jo");
  });

  test("an activation ID names the same right in both exports", async () => {
    const [right] = await read(["Activation ID,Product Name", "a b!,Orbit"], { orderedAt: 1 });
    const [seat] = await read([HEADINGS, "F,Active,a b!,2026-01-05,1,h,,,"]);
    expect(right?.kind === "right" && right.right.order).toBe(seat?.kind === "seat" && seat.seat.order);
  });
});

test.each([
  ["Fulfillment ID,Foo", /export of fulfillments has no column for order/],
  ["Fulfillment ID,Activation ID", /no column for hostId, such as "host id"/],
  ["Foo,Bar", /export of entitlements has no column for order/],
  ["Entitlement ID,Foo", /no column for product.*The headings are: Entitlement ID, Foo/],
  ["Activation ID,Product Name,Product Name", /more than once/],
])("%s has not all that is needed, which is said", async (headings, message) => {
  await expect(read([headings, "x,y"])).rejects.toThrow(message);
});

test.each([
  [EXTRACT, true],
  ["FulfillmentID, Status, ParentFulfillmentID, ActivationID", true],
  ['"Entitlement ID";"Product Name"', true],
  ["Activation ID\tLicense Model", true],
  ["Order,Product,Quantity", false],
  ["FEATURE f1 vendor 1.0 permanent 4 SIGN=0", false],
  ["SERVER host ANY 27000", false],
  ["# a comment", false],
  ['"', false],
  ["", false],
])("%j is the first line of an export: %s", (line, expected) => {
  expect(isOperationsExport(line)).toBe(expected);
});

test("any rows under these headings end in entries, or in a fault with a place", async () => {
  const cell = fc.constantFrom(
    "",
    "null",
    "a1",
    "ACTIVE",
    "DRAFT",
    "TEST",
    "x.y.obsolete",
    "2026-01-05",
    "0",
    "1",
    "true",
    "false",
    "ANY",
    '"',
    "\n",
    "=1",
    "é",
  );
  const row = fc.array(cell, { minLength: 8, maxLength: 18 }).map((cells) => cells.join());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        EXTRACT,
        "FulfillmentID,Status,ActivationID,FulfillmentDate,FulfillCount,HostEntityID,IsServer,x",
      ),
      fc.array(row, { maxLength: 5 }),
      async (headings, rows) => {
        for (const { line } of await placesOf(read([headings, ...rows]))) expect(line).toBeGreaterThan(0);
      },
    ),
  );
});
