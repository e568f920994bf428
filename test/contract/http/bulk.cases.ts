import { expect } from "vitest";
import { activate, type Cases, daysAgo, ordered } from "./vendor.ts";

const hosts = (entitlementId: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ entitlementId, host: { id: `host-${i}` } }));
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status);

export const bulk: Cases = {
  "every line is answered in its place, with a license for its host; the same again to the byte": async (
    api,
  ) => {
    const { entitlementId, events } = await ordered(api, { quantity: 600 });
    const lines = hosts(entitlementId, 601);
    const first = await api.generate(lines);
    expect(first.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1));
    expect(statuses(first)).toEqual([...Array<number>(600).fill(201), 409]);
    const count = (await events()).length;
    const second = await api.generate(lines);
    expect(second.slice(0, -1)).toEqual(first.slice(0, -1).map((answer) => ({ ...answer, status: 200 })));
    expect(await events()).toHaveLength(count);
  },

  "a single activation of the same host has the same license": async (api) => {
    const { code, entitlementId } = await ordered(api);
    const [line] = await api.generate([{ entitlementId, host: { id: "fingerprint-1" } }]);
    expect(await activate(api, code)).toMatchObject({ status: 200, body: { license: line.license } });
  },

  "a line that cannot be decided does not stop those around it": async (api) => {
    const { code, entitlementId } = await ordered(api, { quantity: 3 });
    const host = (id: number) => ({ host: { id: `host-${id}` } });
    const good = (id: number) => ({ entitlementId, ...host(id) });
    const cases: [object | string, number, string | undefined][] = [
      [good(1), 201, undefined],
      ["not json", 400, "malformed_json"],
      [`"${"x".repeat(20_000)}"`, 413, "line_too_long"],
      [{ entitlementId: "ent_00none", ...host(1) }, 404, "unknown_entitlement"],
      [{ activationCode: "00K3D-7TQ2M-9XH4V-A6BPX", ...host(1) }, 404, "unknown_activation_code"],
      [{ activationCode: "00000-00000-00000-00000", ...host(1) }, 404, "unknown_activation_code"],
      [host(1), 422, "invalid_request"],
      [{ entitlementId, activationCode: code, ...host(1) }, 422, "invalid_request"],
      [{ entitlementId }, 422, "invalid_request"],
      [{ ...good(2), hostname: "a mistake" }, 422, "invalid_request"],
      [{ ...good(2), occurredAt: "2099-01-01T00:00:00Z" }, 422, "invalid_request"],
      [{ activationCode: code.toLowerCase(), ...host(2) }, 201, undefined],
      [good(1), 200, undefined],
      [good(3), 201, undefined],
      [good(4), 409, "no_seats_left"],
    ];
    const answers = await api.generate(cases.map(([line]) => line));
    expect(answers.map(({ status, problem }) => [status, problem?.code])).toEqual(
      cases.map(([, ...expected]) => expected),
    );
    expect(answers[6].problem.errors[0].field).toBe("entitlementId");
  },

  "empty lines have a number and no answer; Windows' line ends are none of our business": async (api) => {
    const { entitlementId } = await ordered(api);
    const line = (id: number) => `${JSON.stringify({ entitlementId, host: { id: `host-${id}` } })}\r`;
    const answers = await api.generate(["", line(1), "\r", line(2)]);
    expect(answers.map(({ line: number, status }) => [number, status])).toEqual([
      [2, 201],
      [4, 201],
    ]);
  },

  "a body of nothing is answered with nothing": async (api) => {
    expect(await api.generate([])).toEqual([]);
  },

  "seats of named users are bound to the user, wherever": async (api) => {
    const { entitlementId } = await ordered(api, { licenseModel: "perp-user" });
    const line = (host: number, user?: string) => ({ entitlementId, host: { id: `host-${host}` }, user });
    const answers = await api.generate([line(1, "ada"), line(2, "ada"), line(3), line(3, "grace")]);
    expect(statuses(answers)).toEqual([201, 200, 422, 201]);
    expect(answers[1].license).toBe(answers[0].license);
    expect(answers[2].problem.code).toBe("user_required");
  },

  "lines of many orders mix, and each counts its own seats": async (api) => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => ordered(api)));
    const lines = [1, 2, 3].flatMap((host) =>
      orders.map(({ entitlementId }) => ({ entitlementId, host: { id: `host-${host}` } })),
    );
    const answers = await api.generate(lines);
    expect(statuses(answers)).toEqual([...Array<number>(24).fill(201), ...Array<number>(12).fill(409)]);
    expect(answers.slice(0, 24).map(({ activation }) => activation.entitlementId)).toEqual(
      lines.slice(0, 24).map(({ entitlementId }) => entitlementId),
    );
    const bound = await Promise.all(orders.map(async ({ now }) => (await now()).seatsBound));
    expect(new Set(bound)).toEqual(new Set([2]));
  },

  "the past is for those who may bring history in": async (api) => {
    const { entitlementId } = await ordered(api);
    const past = { entitlementId, host: { id: "host-1" }, occurredAt: daysAgo(15) };
    const [denied] = await api.generate([past], await api.as("licenses:write"));
    expect(denied).toMatchObject({ status: 403, problem: { code: "insufficient_scope" } });
    const [granted] = await api.generate([past]);
    expect(Date.parse(granted.activation.boundAt)).toBe(Date.parse(past.occurredAt));
  },
};
