import { describe, expect, test } from "vitest";
import { verifyLicense } from "../../licensing/index.ts";
import { activation, appWithOrder, NOW, order } from "./support.ts";

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
  return { status: response.status, text, lines: text.trimEnd().split("\n").map(parse) };
}

const parse = (line: string): unknown => JSON.parse(line);
const host = (id: number | string) => ({ host: { id: `host-${id}` } });
const countEvents = ({ app }: App) =>
  app.sql.get<{ count: number }>("select count(*) as count from event")?.count;

/** An app with an order of so many seats, and a line for each of so many hosts. */
async function withSeats(quantity: number, line: object = {}) {
  const it = await appWithOrder({ line: { quantity, ...line } });
  const { entitlementId } = it.entitlement as { entitlementId: string };
  return { it, entitlementId, linesOf: (count: number) => hosts(entitlementId, count) };
}

const hosts = (entitlementId: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ entitlementId, ...host(i) }));

describe("POST /v1/licenses", () => {
  test("answers every line in its place, with a license for its host", async () => {
    const { it, linesOf } = await withSeats(2000);
    const { status, lines } = await generate(it, linesOf(2000));
    expect(status).toBe(200);
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
    expect(new Set(lines.map((line) => line.status))).toEqual(new Set([201]));
    const { keys } = (await it.app.send("GET", "/.well-known/jwks.json")).body;
    for (const i of [0, 511, 512, 1999]) {
      const options = { keys, now: Date.parse(NOW), host: `host-${i}` };
      expect(await verifyLicense(lines[i].license, options)).toMatchObject({ ok: true });
    }
  });

  test("the same request again gives the same licenses to the byte, and no event", async () => {
    const { it, linesOf } = await withSeats(1200);
    const first = await generate(it, linesOf(1200));
    const events = countEvents(it);
    const second = await generate(it, linesOf(1200));
    expect(second.text).toBe(first.text.replaceAll(`"status":201`, `"status":200`));
    expect(countEvents(it)).toBe(events);
  });

  test("a single activation of the same host has the same license", async () => {
    const { it, entitlementId } = await withSeats(1);
    const { lines } = await generate(it, [{ entitlementId, host: { id: "fingerprint-1" } }]);
    const single = await it.app.send("POST", "/v1/activations", activation(it.code));
    expect(single).toMatchObject({ status: 200, body: { license: lines[0].license } });
  });

  test("a line that cannot be decided does not stop those around it", async () => {
    const { it, entitlementId } = await withSeats(3);
    const good = (id: number) => ({ entitlementId, ...host(id) });
    const cases: [object | string, number, string | undefined][] = [
      [good(1), 201, undefined],
      ["not json", 400, "malformed_json"],
      [`"${"x".repeat(20_000)}"`, 413, "line_too_long"],
      [{ entitlementId: "ent_00none", ...host(1) }, 404, "unknown_entitlement"],
      [{ activationCode: "00K3D-7TQ2M-9XH4V-A6BPX", ...host(1) }, 404, "unknown_activation_code"],
      [{ activationCode: "00000-00000-00000-00000", ...host(1) }, 404, "unknown_activation_code"],
      [host(1), 422, "invalid_request"],
      [{ entitlementId, activationCode: it.code, ...host(1) }, 422, "invalid_request"],
      [{ entitlementId }, 422, "invalid_request"],
      [{ ...good(2), hostname: "a mistake" }, 422, "invalid_request"],
      [{ ...good(2), occurredAt: "2099-01-01T00:00:00Z" }, 422, "invalid_request"],
      [{ activationCode: it.code.toLowerCase(), ...host(2) }, 201, undefined],
      [good(1), 200, undefined],
      [good(3), 201, undefined],
      [good(4), 409, "no_seats_left"],
    ];
    const { lines } = await generate(
      it,
      cases.map(([line]) => line),
    );
    expect(lines.map(({ status, problem }) => [status, problem?.code])).toEqual(
      cases.map(([, status, code]) => [status, code]),
    );
    expect(lines[6].problem.errors[0].field).toBe("entitlementId");
  });

  test("empty lines have a number and no answer; Windows' line ends and a missing last one are none of our business", async () => {
    const { it, entitlementId } = await withSeats(2);
    const line = (id: number) => `${JSON.stringify({ entitlementId, ...host(id) })}\r`;
    const { lines } = await generate(it, ["", line(1), "\r", line(2)]);
    expect(lines.map(({ line: number, status }) => [number, status])).toEqual([
      [2, 201],
      [4, 201],
    ]);
  });

  test("a body of nothing is answered with nothing", async () => {
    const { it } = await withSeats(1);
    const response = await it.app.fetch("/v1/licenses", { method: "POST", headers: it.admin });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("seats of named users are bound to the user, wherever", async () => {
    const { it, entitlementId } = await withSeats(2, { licenseModel: "perp-user" });
    const { lines } = await generate(it, [
      { entitlementId, ...host(1), user: "ada" },
      { entitlementId, ...host(2), user: "ada" },
      { entitlementId, ...host(3) },
      { entitlementId, ...host(3), user: "grace" },
    ]);
    expect(lines.map(({ status }) => status)).toEqual([201, 200, 422, 201]);
    expect(lines[1].license).toBe(lines[0].license);
    expect(lines[2].problem.code).toBe("user_required");
  });

  test("lines of many entitlements mix, and each counts its own seats", async () => {
    const { it, entitlementId } = await withSeats(2);
    const other = await it.app.send(
      "POST",
      "/v1/orders",
      order({ orderId: "SO-2", line: { quantity: 1, licenseModel: "perp-float" } }),
      it.admin,
    );
    const second = other.body.entitlements[0].entitlementId as string;
    const ids = [entitlementId, second, entitlementId, second, entitlementId];
    const { lines } = await generate(
      it,
      ids.map((id, i) => ({ entitlementId: id, ...host(i) })),
    );
    expect(lines.map(({ status }) => status)).toEqual([201, 201, 201, 409, 409]);
    const seats = await Promise.all(
      [entitlementId, second].map((id) => it.app.send("GET", `/v1/entitlements/${id}`, undefined, it.admin)),
    );
    expect(seats.map(({ body }) => [body.seatsBound, body.activations.length])).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });

  test("the past is for those who may bring history in", async () => {
    const { it, entitlementId } = await withSeats(2);
    const past = { entitlementId, occurredAt: "2026-11-06T10:00:00Z" };
    const writer = { ...it, admin: await it.app.as("licenses:write") };
    expect((await generate(writer, [{ ...past, ...host(1) }])).lines[0]).toMatchObject({
      status: 403,
      problem: { code: "insufficient_scope" },
    });
    expect((await generate(it, [{ ...past, ...host(1) }])).lines[0]).toMatchObject({
      status: 201,
      activation: { boundAt: "2026-11-06T10:00:00.000000Z" },
    });
  });

  test.each([
    ["no key", 401, undefined],
    ["a key of another scope", 403, "orders:write"],
  ] as const)("needs the scope licenses:write: %s", async (_what, status, scope) => {
    const { it, linesOf } = await withSeats(1);
    const headers = scope === undefined ? {} : await it.app.as(scope);
    const answer = await it.app.send("POST", "/v1/licenses", JSON.stringify(linesOf(1)[0]), headers);
    expect(answer.status).toBe(status);
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
