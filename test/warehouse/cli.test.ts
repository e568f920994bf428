import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { formatAnswer } from "../../warehouse/format.ts";
import { parseAsOf } from "../../warehouse/time.ts";
import { bind, catalog, day, sale } from "./facts.ts";
import { writeSegments } from "./support.ts";
import { temporaryFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function run(home: string, ...args: string[]): Promise<Ended> {
  return runWith({ KEYHOUSE_HOME: home }, ...args);
}

function runWith(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      join(root, "node_modules/.bin/node"),
      [join(root, "warehouse/cli.ts"), ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("load, then ask, then load again", async () => {
  const home = await temporaryFolder();
  const early = await run(home, "sql", "select 1");
  expect(early).toMatchObject({ code: 1, stdout: "" });
  expect(early.stderr).toContain("run npm run load first");

  const A = { orderId: "A" };
  await writeSegments(home, [
    ...catalog(day(0)),
    ...sale({ ...A, orderedAt: day(1) }),
    ...bind(A, { at: day(3), activationId: "a1" }),
  ]);
  const loaded = await run(home, "load", "--as-of", "2026-03-31");
  expect(loaded).toMatchObject({ code: 0, stderr: "" });
  expect(loaded.stdout).toMatch(
    /^Snapshot 1: 5 events, 5 new, as of 2026-03-31T23:59:59\.999999Z, in [\d.]+ s\.\n$/,
  );
  const again = await run(home, "load", "--as-of", "2026-03-31");
  expect(again.stdout).toBe("Nothing new: snapshot 1 has all 5 events, as of 2026-03-31T23:59:59.999999Z.\n");

  const answer = await run(home, "sql", "--format", "csv", "select sku, amount_major from fct_order_line");
  expect(answer).toEqual({ code: 0, stdout: "sku,amount_major\r\nCAD-PRO,100.000\r\n", stderr: "" });
  const then = await run(home, "sql", "--snapshot", "1", "--format", "csv", "select snapshot from meta");
  expect(then).toEqual({ code: 0, stdout: "snapshot\r\n1\r\n", stderr: "" });
  const later = await run(home, "sql", "--snapshot", "2", "select 1");
  expect(later).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("no snapshot 2 yet") as string,
  });
  const listed = await run(home, "snapshots", "--format", "json");
  expect(JSON.parse(listed.stdout)).toMatchObject([{ snapshot: 1, events: 5, files: "all there" }]);
  for (const verify of [
    ["sql", "--verify"],
    ["snapshots", "--verify", "1"],
  ])
    expect((await run(home, ...verify)).stdout).toMatch(/^Snapshot 1 is sound: \d+ files, \d+ bytes/);
  const wrong = await run(home, "sql", "select skew from fct_order_line");
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  expect(wrong.stderr).toContain('Referenced column "skew" not found');
});

describe("what cannot be done is told before it is tried", () => {
  let home: string;
  beforeAll(async () => {
    home = join(root, "no-such-home");
  });
  test.each<[string, string[], number, string]>([
    ["no command", ["lode"], 2, "There is no command lode."],
    ["a time that is none", ["load", "--as-of", "soon"], 2, "soon is not a time"],
    ["an option that is none", ["load", "--fast"], 2, "--fast"],
    ["a word too many", ["load", "now"], 2, "load takes no now"],
    ["no query", ["sql"], 2, "Give one query"],
    [
      "a format that is none",
      ["sql", "--format", "xml", "select 1"],
      2,
      "--format is one of table, csv, json.",
    ],
    ["a snapshot that is none", ["sql", "--snapshot", "last", "select 1"], 2, "is not a snapshot's number"],
    ["a table that is none", ["sql", "--describe", "orders"], 1, "There is no table orders. There are agg_"],
    ["no table to export", ["export"], 2, "Give one table."],
    ["no month", ["month-end"], 2, "Give one month"],
  ])("%s", async (_name, args, code, message) => {
    const ended = await run(home, ...args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(message);
  });
});

test.each([
  [["--help"]],
  ...["load", "sql", "snapshots", "export", "month-end"].map((name): [string[]] => [[name, "--help"]]),
])("%j tells how to use it", async (args) => {
  const ended = await run(root, ...args);
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(ended.stdout).toMatch(/^Usage: /);
});

test("--describe says what a column is, with or without a lake", async () => {
  const home = join(root, "no-such-home");
  const text = await run(home, "sql", "--describe", "fct_order_line");
  expect(text.stdout).toContain(
    "amount  (BIGINT, minor units of currency)\n    What was paid for the line; below zero for what went back.",
  );
  expect(text.stdout).toContain("    e.g. 499500\n");
  expect((await run(home, "sql", "--describe")).stdout).toContain("fct_order_line  ");
  const rows = JSON.parse((await run(home, "sql", "--describe", "--format", "json")).stdout) as unknown[];
  expect(rows).toContainEqual(expect.objectContaining({ table: "dim_date", column: "date", is_key: true }));
});

const answer = {
  names: ["name", "seats", "note"],
  types: ["VARCHAR", "BIGINT", "VARCHAR"],
  rows: [
    ["Ada", "12", null],
    ["Zoë, B", "9007199254740993", ""],
  ],
};

test("a table lines numbers up to the right", () => {
  expect(formatAnswer(answer, "table")).toBe(
    [
      "name               seats  note",
      "──────  ────────────────  ────",
      "Ada                   12",
      "Zoë, B  9007199254740993",
      "(2 rows)",
      "",
    ].join("\n"),
  );
});

test("a table lets no cell move the cursor, and cuts what is long", () => {
  const cell = `\u001B[2Ja\nb${"x".repeat(100)}`;
  const [, , line] = formatAnswer({ names: ["c"], types: ["VARCHAR"], rows: [[cell]] }, "table").split("\n");
  expect(line).toBe(` [2Ja b${"x".repeat(52)}…`);
});

test("csv tells null from an empty text", () => {
  expect(formatAnswer(answer, "csv")).toBe('name,seats,note\r\nAda,12,\r\n"Zoë, B",9007199254740993,""\r\n');
});

test("json has numbers as numbers, unless they would be rounded", () => {
  expect(JSON.parse(formatAnswer(answer, "json"))).toEqual([
    { name: "Ada", seats: 12, note: null },
    { name: "Zoë, B", seats: "9007199254740993", note: "" },
  ]);
});

test("json has lists as lists", () => {
  const text = formatAnswer(
    { names: ["sources"], types: ["VARCHAR[]"], rows: [['["api"]'], [null]] },
    "json",
  );
  expect(JSON.parse(text)).toEqual([{ sources: ["api"] }, { sources: null }]);
});

test.each([
  ["2026-03-31", "2026-03-31T23:59:59.999999Z"],
  ["2026-03-31T10:00:00Z", "2026-03-31T10:00:00.000000Z"],
  ["2026-03-31T10:00:00.5+02:00", "2026-03-31T08:00:00.500000Z"],
  ["2026-02-30", undefined],
  ["2026-03-31T25:00:00Z", undefined],
  ["2026-03-31 10:00", undefined],
  ["now", undefined],
])("as of %s is %s", (text, instant) => {
  expect(parseAsOf(text)).toBe(instant);
});

test.each(["0", "two", "-1", "1.5", ""])(
  "KEYHOUSE_THREADS=%s is said not to be a number of threads",
  async (threads) => {
    const { code, stderr } = await runWith(
      { KEYHOUSE_HOME: await temporaryFolder(), KEYHOUSE_THREADS: threads },
      "load",
    );
    expect([code, stderr]).toEqual([
      1,
      `KEYHOUSE_THREADS is "${threads}": give how many threads loads and reports may use.\n`,
    ]);
  },
);
