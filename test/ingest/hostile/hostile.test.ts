import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { routes } from "../../../ingest/app.ts";
import { makeStage, requests } from "./requests.ts";
import type { Stage, Valid } from "./stage.ts";
import { bodies, noIds, noTexts, places, unknownFields, values } from "./values.ts";

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test("every route has a valid request here to be spoiled", () => {
  expect(Object.keys(requests).toSorted()).toEqual(routes.map(nameOf).toSorted());
});

interface Answer {
  status: number;
  type: string | null;
  // What a test reads of an answer is what it asserts.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

let stage: Stage;

/** Each route has a stage of its own, for some change what others need. Nothing on it is a fault of ours. */
function onStage(): void {
  beforeAll(async () => {
    stage = await makeStage();
  });
  afterAll(() => expect(stage.app.reported).toEqual([]));
}

/** Sends a body; what a line, or a storefront, is told stands for the answer as a whole. */
async function send(
  method: string,
  { path, sign }: Valid,
  body: string | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await stage.app.fetch(path, {
    method,
    headers: { ...stage.admin, ...(body === undefined ? {} : sign?.(body)), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type");
  const [line = ""] = text.split("\n");
  const answer = { status: response.status, type, body: line === "" ? undefined : JSON.parse(line) };
  const told = answer.body?.problem ?? answer.body?.outcomes?.[0]?.problem;
  return told ? { status: told.status, type: "application/problem+json", body: told } : answer;
}

const sendJson = async (method: string, valid: Valid, text: string): Promise<Answer> =>
  send(method, valid, (await valid.wrap?.(text)) ?? text);

const MAX_PROBLEM_CHARACTERS = 20_000;

/** What is wrong with an answer: a fault of ours, a refusal that no program can decide by, or a grant where none may be. */
function faultsOf(answer: Answer, what: string, mayPass: boolean): string[] {
  const { status, type, body } = answer;
  // A body with everything wrong is not told everything.
  const isShort = JSON.stringify(body ?? null).length <= MAX_PROBLEM_CHARACTERS;
  const isRefusal =
    isShort &&
    status >= 400 &&
    status < 500 &&
    type === "application/problem+json" &&
    typeof body?.code === "string" &&
    typeof body.detail === "string";
  return isRefusal || (mayPass && status < 300)
    ? []
    : [`${what}: ${status} ${JSON.stringify(body)?.slice(0, 500)}`];
}

/** Whether a refusal of the body names a field: itself, what holds it, or what is in it. */
function names({ body }: Answer, field: string, { refersTo }: Valid): boolean {
  if (body.code !== "invalid_request") return true;
  const said = (body.errors as { field: string }[]).map((error) => error.field);
  return (
    String(body.detail).includes(field.replaceAll(/\[(\d+)\]/g, ".$1")) ||
    said.some((it) => it !== "" && (it.startsWith(field) || field.startsWith(it) || refersTo?.test(it)))
  );
}

const make = (name: string): Promise<Valid> => {
  const request = requests[name];
  if (!request) throw new TypeError(`no valid request for ${name}`);
  return request(stage);
};

const withBody = routes.filter(({ method }) => method !== "GET");

describe.each(withBody.map((route) => [nameOf(route), route] as const))("%s", (name, { method }) => {
  onStage();

  test("grants its valid request", async () => {
    const valid = await make(name);
    const answer = await sendJson(method, valid, JSON.stringify(valid.json ?? {}));
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: expect.toSatisfy((it) => it < 300) });
  });

  test("refuses every body that is none, and never fails", async () => {
    const valid = await make(name);
    const faults: string[] = [];
    for (const [what, body] of Object.entries({ nothing: "", ...bodies })) {
      const mayPass =
        valid.json === undefined ||
        (valid.isBodyOptional && (what === "nothing" || what === "spaces")) ||
        (valid.passesEmptyList && what === "a list") ||
        (valid.passesUnknownFields && unknownFields.has(what));
      faults.push(...faultsOf(await send(method, valid, body), what, mayPass ?? false));
    }
    expect(faults).toEqual([]);
  });

  test("refuses what does not fit in the place of any field, names the field, and never fails", async () => {
    const valid = await make(name);
    const faults: string[] = [];
    for (const { field, leaf, put } of places(valid.json ?? {}))
      for (const [value, text] of Object.entries(values)) {
        const what = `${field}: ${value}`;
        const answer = await sendJson(method, valid, put(text));
        const isNoText = typeof leaf === "string" && noTexts.has(value) && !isEither(field, name);
        const isNoId = isId(field, name) && noIds.has(value);
        faults.push(...faultsOf(answer, what, !isNoText && !isNoId));
        if (answer.status >= 400 && !names(answer, field, valid))
          faults.push(`${what} is not named: ${JSON.stringify(answer.body)}`);
      }
    expect(faults).toEqual([]);
  });

  test("takes no field twice over, and no prototype for a field", async () => {
    const valid = await make(name);
    const text = JSON.stringify(valid.json ?? {});
    const inner = text.slice(1, -1);
    const spoiled = inner === "" ? [] : [`{${inner},${inner}}`, `{"__proto__":{${inner}}}`];
    for (const body of spoiled) expect((await sendJson(method, valid, body)).status).toBeLessThan(500);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test("asks nobody for a content type, and is not misled by one", async () => {
    for (const type of [
      "text/xml",
      "multipart/form-data; boundary=x",
      "application/json; charset=utf-16",
      "a",
    ]) {
      const valid = await make(name);
      const text = JSON.stringify(valid.json ?? {});
      const body = (await valid.wrap?.(text)) ?? text;
      const answer = await send(method, valid, body, { "content-type": type });
      expect(answer.status, `${type}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    }
  });

  test("grants a valid request after all that", async () => {
    const valid = await make(name);
    const answer = await sendJson(method, valid, JSON.stringify(valid.json ?? {}));
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  });
});

/** Fields that are a text or a number, as their sender likes. */
const isEither = (field: string, name: string) => /(^|\.)overdraft$/.test(field) || name.endsWith("/shopify");

/** Fields that name an order, a customer or a product, wherever they stand. An event's ID is its sender's, of any kind. */
const isId = (field: string, name: string) =>
  /^(orderId|customer\.id|customerId|into|version)$|\b(sku|licenseModel|defaultLicenseModel)$/.test(field) ||
  (field === "id" && name.endsWith("/shopify"));

const segments = [
  "%00",
  "%ED%A0%80",
  "%",
  "%2e%2e",
  "..%2f",
  "'%20or%201=1",
  "x".repeat(8000),
  "__proto__",
  "%F0%9F%98%80",
];

describe.each(routes.map((route) => [nameOf(route), route] as const))("%s", (_name, { method, path }) => {
  onStage();

  test("takes any path and any query for what they are", async () => {
    for (const segment of segments)
      for (const query of [
        "",
        "?after=NaN",
        "?after=1e400",
        "?after=-1",
        "?after=%00",
        "?after=1&after=2",
        `?${"a&".repeat(2000)}`,
      ]) {
        const at = path.replaceAll(/:\w+/g, segment) + query;
        const answer = await send(method, { path: at }, method === "GET" ? undefined : "{}");
        expect(answer.status, at.slice(0, 100)).toBeLessThan(500);
      }
  });

  test("takes any header for what it is", async () => {
    const at = path.replaceAll(/:\w+/g, "x");
    const body = method === "GET" ? undefined : "{}";
    for (const [header, value] of [
      ["authorization", "Bearer"],
      ["authorization", "Bearer kh__"],
      ["authorization", `Bearer ${"x".repeat(60_000)}`],
      ["authorization", "Basic YTpi"],
      ["idempotency-key", ""],
      ["idempotency-key", "x".repeat(60_000)],
      ["x-shopify-hmac-sha256", "ÿ"],
      ["stripe-signature", "t=1,v1=ÿ"],
    ] as const)
      expect((await send(method, { path: at }, body, { [header]: value })).status, header).toBeLessThan(500);
  });
});

/** What the heap holds when everything that nobody needs is gone. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

const MOST_KEPT_BYTES = 8 * 1024 * 1024;

describe("memory", () => {
  onStage();

  test("of thousands of hostile requests nothing is kept", { timeout: 120_000 }, async () => {
    const sweep = async () => {
      for (const { method, path } of withBody)
        for (const body of Object.values(bodies).filter(({ length }) => length < 100_000))
          for (let n = 0; n < 5; n += 1)
            await send(method, { path: path.replaceAll(/:\w+/g, `x${n}`) }, body);
    };
    await sweep();
    const before = heapBytes();
    await sweep();
    expect(heapBytes() - before).toBeLessThan(MOST_KEPT_BYTES);
  });
});
