import { describe, expect, test } from "vitest";
import { holdToDocument } from "./held.ts";
import { appWithOrder } from "./support.ts";

type App = Awaited<ReturnType<typeof appWithOrder>>;

/** What a line is answered with, as text and as what it says. */
// What a test reads of an answer is what it asserts.
// oxlint-disable-next-line typescript/no-explicit-any
type Answered = { status: number; text: string; lines: any[] };

/** Sends lines, each an object or what a client should not have written, and reads the answers. */
async function generate({ app, admin }: App, lines: readonly (object | string)[]): Promise<Answered> {
  const body = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  const response = await app.fetch("/v1/licenses", { method: "POST", headers: admin, body });
  const text = await response.text();
  const { status, headers } = response;
  holdToDocument({ method: "POST", url: "/v1/licenses", status, headers, body: text });
  return { status, text, lines: text.trimEnd().split("\n").map(parse) };
}

const parse = (line: string): unknown => JSON.parse(line);
const host = (id: number | string) => ({ host: { id: `host-${id}` } });

/** An app with an order of so many seats, and a line for each of so many hosts. */
async function withSeats(quantity: number, line: object = {}) {
  const it = await appWithOrder({ line: { quantity, ...line } });
  const { entitlementId } = it.entitlement as { entitlementId: string };
  return { it, entitlementId, linesOf: (count: number) => hosts(entitlementId, count) };
}

const hosts = (entitlementId: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ entitlementId, ...host(i) }));

describe("POST /v1/licenses", () => {
  test("a lapsed seat that one line freed for another host is not given back by the next", async () => {
    const { it, entitlementId } = await withSeats(2, { licenseModel: "perp-float" });
    const lineOf = (id: number) => ({ entitlementId, ...host(id) });
    await generate(it, [lineOf(1), lineOf(2)]);
    it.app.setNow("2026-11-24T21:00:00Z");
    const { lines } = await generate(it, [3, 4, 1, 2].map(lineOf));
    expect(lines.map(({ status, problem }) => [status, problem?.code])).toEqual([
      [201, undefined],
      [201, undefined],
      [409, "no_seats_left"],
      [409, "no_seats_left"],
    ]);
    const live = it.app.sql.get<{ count: number }>(
      "select count(*) as count from seat where ended_at is null",
    );
    expect(live?.count).toBe(2);
  });

  test("where the ledger cannot be written, every line is told to come again, and then it goes through", async () => {
    const { it, linesOf } = await withSeats(3);
    it.app.sql.run("create trigger full before insert on event begin select raise(abort, 'a mistake'); end");
    const failed = await generate(it, linesOf(3));
    expect(failed.lines.map(({ status }) => status)).toEqual([500, 500, 500]);
    expect(it.app.reported.length).toBeGreaterThan(0);
    it.app.sql.run("drop trigger full");
    expect((await generate(it, linesOf(3))).lines.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  test("a line that the ledger chokes on does not take its group along", async () => {
    const { it, linesOf } = await withSeats(3);
    it.app.sql.run(
      "create trigger odd before update of host_name on seat when new.host_name = 'odd' begin select raise(abort, 'odd'); end",
    );
    const lines = linesOf(3).map((line, i) =>
      i === 1 ? { ...line, host: { ...line.host, name: "odd" } } : line,
    );
    expect((await generate(it, lines)).lines.map(({ status }) => status)).toEqual([201, 500, 201]);
  });
});

describe("with a signer that signs many at once", () => {
  test("licenses are the same to the byte, and what it cannot sign waits for the same request again", async () => {
    const { it, linesOf } = await withSeats(600);
    const lines = [...linesOf(599), { entitlementId: "ent_00none", ...host(1) }];
    const { deps } = it.app;
    let isBroken = true;
    deps.signer.signAll = async (header, payloads) => {
      if (isBroken) throw new Error("the thread is gone");
      return Promise.all(
        payloads.map(async (payload) => {
          const input = `${header}.${Buffer.from(payload).toString("base64url")}`;
          return `${input}.${Buffer.from(await deps.signer.sign(new TextEncoder().encode(input))).toString("base64url")}`;
        }),
      );
    };
    const failed = await generate(it, lines);
    expect(failed.lines.map(({ status }) => status)).toEqual([...Array<number>(599).fill(500), 404]);
    expect(it.app.reported).not.toEqual([]);
    isBroken = false;
    const batch = await generate(it, lines);
    expect(batch.lines.map(({ status }) => status)).toEqual([...Array<number>(599).fill(200), 404]);
    delete deps.signer.signAll;
    expect((await generate(it, lines)).text).toBe(batch.text);
  });
});
