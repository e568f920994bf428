import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../licensing/index.ts";
import { counted, heading, read, report, usesOf } from "./lmstat-report.ts";

describe("a line of a user", () => {
  const end = "(v31.0) (h1/27000 5226), start Fri 10/20 16:40";
  test.each<[line: string, user: string, host: string, count: number]>([
    [`ann ws-1 /dev/pts/0 ${end}`, "ann", "ws-1", 1],
    [`ann ws-1 ${end}`, "ann", "ws-1", 1],
    [`ann ws-1 ws-1 ${end}, 16 licenses`, "ann", "ws-1", 16],
    [`ann ws-1 ws-1 ${end}, 16 licenses  (linger: 885098 / 1340160)`, "ann", "ws-1", 16],
    [`ann ws-1 ws-1 ${end} (linger: 432000)`, "ann", "ws-1", 1],
    [`ann ws-1 ws-1 ${end}:59, PID: 2593569 `, "ann", "ws-1", 1],
    [`ann ws-1 ws-1:0.0 lc80a28012593569_1 ${end}`, "ann", "ws-1", 1],
    [`ann ws-1 ws-1:0895184_3 31.0 ${end}`, "ann", "ws-1", 1],
    [`John Doe ws-1 ws-1 ${end}`, "John Doe", "ws-1", 1],
    [`John Doe Jr. ws-1 "U,K$\`Ct\`0'"C iQwgGsne<&! ${end}`, "John Doe Jr.", "ws-1", 1],
    // Taken from the server for good: it has a host alone.
    [`ACTIVATED LICENSE(S) ws-1 ${end}`, "ACTIVATED LICENSE(S)", "ws-1", 1],
    [`Administrator ws-1 |)8<fZ)=Y[<7L$lY-p\\<6nn^Y ${end}`, "Administrator", "ws-1", 1],
    [
      `ann host.example.com display (v31.0) (server.example.com/[port]), start Fri 10/20 16:40`,
      "ann",
      "host.example.com",
      1,
    ],
    [`ann ws-1 a(b)c (v1) (v31.0) (h1/27000 5226), start Fri 10/20 16:40`, "ann", "ws-1", 1],
  ])("%s", async (line, user, host, count) => {
    const [use] = await usesOf(report(counted, line));
    expect(use).toMatchObject({ users: [{ user, host, count, version: "31.0" }] });
  });

  test.each<[start: string, since: string]>([
    ["Fri 10/20 16:40", "2017-10-20T16:40"],
    ["Fri 10/20 17:02", "2017-10-20T17:02"],
    // As told with seconds, within the minute of the report.
    ["Fri 10/20 17:02:31", "2017-10-20T17:02"],
    ["Thu 10/19 8:33", "2017-10-19T08:33"],
    // It would be after the report, so it was in the year before.
    ["Fri 10/21 8:33", "2016-10-21T08:33"],
    ["Sat 12/31 23:59", "2016-12-31T23:59"],
    // The last year before the report in which the weekday is true.
    ["Mon 6/11 11:01", "2012-06-11T11:01"],
    ["Mon 2/29 7:00", "2016-02-29T07:00"],
    ["10/20 16:40", "2017-10-20T16:40"],
    ["Mon 10/17/2016 9:00", "2016-10-17T09:00"],
  ])("since %s", async (start, since) => {
    const [use] = await usesOf(report(counted, `ann ws-1 ws-1 (v31.0) (h1/27000 5226), start ${start}`));
    const [user] = typeof use === "object" ? use.users : [];
    expect(user?.since && formatInstant(user.since).slice(0, 16)).toBe(since);
  });

  test.each(["Fri 13/20 16:40", "Fri 2/30 16:40", "Sat 2/29 25:00", "Tue 2/29 7:00"])(
    "since %s, which never was, it counts all the same, and that is told",
    async (start) => {
      const text = report(counted, `ann ws-1 ws-1 (v31.0) (h1/27000 5226), start ${start}`);
      expect(await read(text)).toMatchObject([
        { kind: "use", use: { inUse: 3, users: [{ user: "ann", since: null, count: 1 }] } },
        { kind: "problem", code: "invalid", place: { line: 17, column: 1 } },
      ]);
    },
  );
});

describe("times are by the clock of who ran it", () => {
  const text = (time: string, start: string) =>
    report(counted, `ann ws-1 ws-1 (v31.0) (h1/27000 5226), start ${start}`).replace(
      "Fri 10/20/2017 17:02",
      time,
    );

  test.each<[zone: string, time: string, start: string, at: string, since: string]>([
    ["Europe/Berlin", "Fri 10/20/2017 17:02", "Fri 10/20 16:40", "2017-10-20T15:02", "2017-10-20T14:40"],
    ["America/New_York", "Mon 1/1/2018 0:10", "Sun 12/31 23:50", "2018-01-01T05:10", "2018-01-01T04:50"],
    // 29 October, 2:00 to 3:00, came twice.
    ["Europe/Berlin", "Sun 10/29/2017 2:10", "Sun 10/29 2:10", "2017-10-29T00:10", "2017-10-29T00:10"],
    // 26 March, 2:00 to 3:00, did not come.
    ["Europe/Berlin", "Sun 3/26/2017 2:30", "Sun 3/26 1:30", "2017-03-26T01:30", "2017-03-26T00:30"],
  ])("in %s, %s", async (zone, time, start, at, since) => {
    const [use] = await usesOf(text(time, start), { zone: [zone] });
    if (typeof use !== "object") throw new Error(use);
    expect([use.at, use.users[0]?.since ?? 0].map((it) => formatInstant(it).slice(0, 16))).toEqual([
      at,
      since,
    ]);
  });

  test("a zone that there is not is refused", async () => {
    await expect(read(heading, { zone: ["Mars/Olympus"] })).rejects.toMatchObject({
      name: "SourceFault",
      message: expect.stringContaining("Mars/Olympus"),
    });
  });
});
