import { describe, expect, test } from "vitest";
import { counted, heading, read, report, usesOf } from "./lmstat-report.ts";

test("all that a report says of a feature", async () => {
  const text = report(
    counted,
    '  "cad" v31.0, vendor: acme, expiry: permanent(no expiration date)',
    "  vendor_string: vi=0",
    "  floating license",
    "",
    "\t1 RESERVATION for GROUP staff (h1/27000)",
    "    ann ws-1 ws-1 (v30.0) (h1/27000 5226), start Fri 10/20 16:40",
    "    bob ws-2 /dev/pts/0 (v31.0) (h1/27000 91), start Thu 10/19 8:05, 1 license",
    "    eve ws-3 :0 31.0 (v31.0) (h1/27000 92) queued for 2 licenses",
  );
  const entries = await read(text);
  expect(entries).toEqual([
    {
      kind: "use",
      place: { line: 15, column: 1 },
      input: "Users of cad: (Total of 10 licenses issued; Total of 3 licenses in use)",
      use: {
        product: "acme/cad",
        version: "31.0",
        server: "27000@h1",
        at: Date.parse("2017-10-20T17:02:00Z") * 1000,
        issued: 10,
        inUse: 3,
        reserved: 1,
        queued: 2,
        users: [
          {
            user: "ann",
            host: "ws-1",
            since: Date.parse("2017-10-20T16:40:00Z") * 1000,
            count: 1,
            version: "30.0",
          },
          {
            user: "bob",
            host: "ws-2",
            since: Date.parse("2017-10-19T08:05:00Z") * 1000,
            count: 1,
            version: "31.0",
          },
        ],
      },
    },
  ]);
});

describe("what a server says of a feature", () => {
  test.each<[total: string, lines: string[], issued: number | null, inUse: number]>([
    [counted, [], 10, 3],
    ["cad:  (Total of 1 license issued;  Total of 1 license in use)", [], 1, 1],
    [
      "cad:  (Total of 10 licenses available)",
      ["2 RESERVATIONs for HOST h (h1/1)", "ann ws ws (v1) (h1/1 1), start Fri 10/20 1:00, 3 licenses"],
      10,
      5,
    ],
    ["cad:  (Uncounted, node-locked)", ["ann ws ws (v1) (h1/1 1), start Fri 10/20 1:00"], null, 1],
  ])("%s", async (total, lines, issued, inUse) => {
    expect(await usesOf(report(total, ...lines))).toMatchObject([{ product: "acme/cad", issued, inUse }]);
  });

  test.each([
    "cad:  (Error: 1 licenses, unsupported by licensed server)",
    "cad: Cannot get users of cad: No such feature exists. (-5,222)",
    "cad",
    ":",
    "cad:  (Total of many licenses issued;  Total of 3 licenses in use)",
  ])("%j does not say how many", async (total) => {
    expect(await usesOf(report(total))).toEqual(["incomplete"]);
  });

  test("several licenses of one feature are one use, of no one version", async () => {
    const text = report(
      counted,
      '  "cad" v12, vendor: acme',
      '  nodelocked license, locked to "ID=1"',
      "  1 RESERVATION for GROUP g (h1/1)",
      '"cad" v53, vendor: acme, expiry: 01-jan-2099',
      "  uncounted nodelocked license locked to NOTHING (hostid=ANY)",
      "  ann ws ws (v44) (h1/1 104), start Fri 10/20 8:13, 2 licenses",
    );
    const [use, ...others] = await usesOf(text);
    expect(others).toEqual([]);
    expect(use).toMatchObject({ inUse: 3, reserved: 1, users: [{ count: 2, version: "44" }] });
    expect(use).not.toHaveProperty("version");
  });

  test("whose a feature is, is known by the one daemon, the feature's own word, or an option", async () => {
    const two = heading.replace("acme: UP v11.13", "acme: UP v11.13\n   Other: UP v11.13");
    const text = `${two}Users of ${counted}\n\nUsers of x:  (Total of 1 license issued;  Total of 0 licenses in use)\n`;
    expect(await usesOf(text)).toEqual(["incomplete", "incomplete"]);
    expect(await usesOf(text, { vendor: ["acme"] })).toMatchObject([
      { product: "acme/cad" },
      { product: "acme/x" },
    ]);
    const told = text.replace("\n\nUsers of x", '\n  "cad" v1, vendor: Other\n\nUsers of x');
    expect(await usesOf(told)).toMatchObject([{ product: "Other/cad" }, "incomplete"]);
  });
});

describe("what cannot be asked is told", () => {
  test.each<[from: string, to: string]>([
    ["h1: license server UP (MASTER) v11.13", "h1: license server UP v11\nh2: license server DOWN"],
    [
      "h1: license server UP (MASTER) v11.13",
      'h3: Cannot connect to license server system. (-15,570:115 "Operation now in progress")',
    ],
    [
      "h1: license server UP (MASTER) v11.13",
      "Error getting status: License server machine is down or not responding. (-96,7)",
    ],
    ["acme: UP v11.13", "acme: The desired vendor daemon is down. (-97,121)"],
  ])("%#: %s as %s", async (from, to) => {
    const [problem, use] = await read(report(counted).replace(from, to));
    expect(problem).toMatchObject({
      kind: "problem",
      code: "incomplete",
      detail: expect.stringContaining("is missing"),
    });
    expect(use).toMatchObject({ kind: "use", use: { inUse: 3 } });
  });

  test("a line that is none loses neither its feature nor the next", async () => {
    const text = report(
      counted,
      "what is this",
      "ann ws ws (v1) (h1/1 1), start Fri 10/20 1:00",
      "",
      "Users of x:  (Total of 1 license issued;  Total of 0 licenses in use)",
    );
    expect(await usesOf(text)).toMatchObject([
      { product: "acme/cad", users: [{ user: "ann" }] },
      "unreadable",
      { product: "acme/x" },
    ]);
  });
});

describe("a file", () => {
  test("may have several reports, each with its time and servers", async () => {
    const later = report(counted).replace("17:02", "17:07").replaceAll("h1", "h2");
    const uses = await usesOf(report(counted) + later);
    expect(uses).toMatchObject([
      { server: "27000@h1", at: Date.parse("2017-10-20T17:02Z") * 1000 },
      { server: "27000@h2", at: Date.parse("2017-10-20T17:07Z") * 1000 },
    ]);
  });

  test("may have several servers in one report", async () => {
    const [, second = ""] = report(counted).replaceAll("h1", "h2").split("[Detecting lmgrd processes...]");
    expect(await usesOf(`${report(counted)}----------------\n${second}`)).toMatchObject([
      { server: "27000@h1", at: Date.parse("2017-10-20T17:02Z") * 1000 },
      { server: "27000@h2", at: Date.parse("2017-10-20T17:02Z") * 1000 },
    ]);
  });

  test("of lmstat -i says what a license file says, which is void", async () => {
    const text =
      "NOTE: lmstat -i does not give information from the server,\n      but only reads the license file.  For this reason,\n      lmstat -a is recommended instead.\n\nFeature    Version     #licenses    Expires      Vendor\n_______    _________   _________    __________   ______\ncad        31.0        uncounted    1-jan-0      acme\nwhat";
    expect(await read(text)).toMatchObject([
      { place: { line: 7, column: 1 }, code: "void", detail: expect.stringContaining("`flexnet`") },
      { place: { line: 8, column: 1 }, code: "unreadable" },
    ]);
  });

  test.each(["Fri 10/21/2017 17:02", "Fri 20/10/2017 17:02", "tomorrow", "Fri 10/20 17:02"])(
    "whose report is of %s has no time",
    async (time) => {
      expect(await usesOf(report(counted).replace("Fri 10/20/2017 17:02", time))).toEqual([
        "invalid",
        "incomplete",
      ]);
    },
  );

  test("of something else is refused, and what stands before a report is told", async () => {
    await expect(read("\n  not this\n")).rejects.toMatchObject({
      name: "SourceFault",
      place: { line: 2, column: 3 },
    });
    await expect(read("line\n".repeat(1_000) + heading)).rejects.toMatchObject({ place: { line: 1 } });
    expect(await usesOf(`$ lmstat -a\n${report(counted)}`)).toMatchObject(["unreadable", { inUse: 3 }]);
    expect(await read("\n\n")).toEqual([]);
  });
});
