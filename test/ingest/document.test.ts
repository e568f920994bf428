// The document of the interface: that it is one, that it is whole, and that its examples are what the service answers.

import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { documentOf } from "../../ingest/api/document.ts";
import { type Example, examples } from "../../ingest/api/examples.ts";
import { codesOf } from "../../ingest/api/operation.ts";
import { operations } from "../../ingest/api/operations.ts";
import { routes } from "../../ingest/app.ts";
import { type ProblemCode, statusByCode } from "../../ingest/problem.ts";
import { keyOf } from "../../ingest/route.ts";
import { fitsRequest, holdToDocument } from "./held.ts";
import { playStory } from "./story.ts";
import { testApp } from "./support.ts";

const document = documentOf(routes);
const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    key: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

describe("the document", () => {
  test("is what GET /openapi.json answers, without a key", async () => {
    const app = await testApp();
    expect(await app.send("GET", "/openapi.json")).toMatchObject({ status: 200, body: document });
  });

  test("has every route of the table, and no other", () => {
    const keys = routes.map(keyOf).toSorted();
    expect(documented.map(({ key }) => key).toSorted()).toEqual(keys);
    expect(Object.keys(operations).toSorted()).toEqual(keys);
  });

  test("fits the schema of OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const { info, ...broken } = document;
    expect((await new Validator().validate(broken)).valid, `without ${info.title}`).toBe(false);
  });

  test("refers to nothing that is not in it", () => {
    const refs = Array.from(JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g), ([, ref = ""]) => ref);
    const { schemas, headers } = document.components;
    const places = Object.entries({ schemas, headers }).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect(refs.length).toBeGreaterThan(100);
    expect(refs.filter((ref) => !places.includes(ref))).toEqual([]);
    expect(
      places.filter((place) => !refs.includes(place)),
      "named, and used nowhere",
    ).toEqual([]);
  });

  test("knows every code from an operation, but for those of a single line or delivery within an answer", () => {
    const known = new Set(routes.flatMap((route) => codesOf(operations[keyOf(route)], route)));
    const others = Object.keys(statusByCode).filter((code) => !known.has(code as ProblemCode));
    expect(others.toSorted()).toEqual([
      "activation_code_sent",
      "event_id_conflict",
      "line_too_long",
      "occurred_at_out_of_range",
      "order_superseded",
      "order_unpaid",
      "order_voided",
      "seats_not_taken_back",
      "unknown_event_type",
    ]);
  });

  test("calls every operation by a name of its own", () => {
    const ids = documented.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(routes)("says of $method $path that it needs $scope", (route) => {
    const found = documented.find(({ key }) => key === keyOf(route));
    // An empty one says that it works without a key, whatever a key adds.
    const needed = found?.operation.security.some((it) => Object.keys(it).length === 0)
      ? []
      : found?.operation.security;
    expect(needed).toEqual(route.scope === "public" ? [] : [{ apiKey: [route.scope] }]);
  });
});

describe("its examples", () => {
  // It would hold itself.
  const shown = Object.keys(operations).filter((key) => key !== "GET /openapi.json");
  test.each(shown)("show %s", (key) => {
    const own = examples.filter(({ call }) => call === key);
    expect(own.filter(({ status }) => status < 300)).not.toEqual([]);
    expect(new Set(own.map(({ title }) => title)).size).toBe(own.length);
  });

  test.each(examples)("$call: $title fits its request's schema, and its answer's", (example) => {
    const { call, status, body, answer } = example;
    const [method = "", path = ""] = call.split(" ");
    expect(body === undefined || fitsRequest(method, path, body)).toBe(true);
    const said = documented.find(({ key }) => key === call)?.operation.responses[status];
    const [type = ""] = Object.keys(said?.content ?? {});
    const url = path.replaceAll(/\{\w+\}/g, "x");
    const headers = new Headers({ "content-type": type, "x-request-id": "x" });
    expect(() => holdToDocument({ method, url, status, headers, body: answer })).not.toThrow();
  });

  test("are what the service answers to them, one after another; `npm run examples` writes them anew", async () => {
    expect(plain(await playStory())).toEqual(plain(examples));
  });
});

/** What is another one each time, numbered as it comes: that the same ID comes back is part of what an example says. */
function plain(story: readonly Example[]): unknown {
  const seen = new Map<string, number>();
  const drawn =
    /eyJ[\w-]+\.[\w-]+\.[\w-]+|\b(?:ent|act|lic|qtn)_\w{28}\b|\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|-----BEGIN [^"]*-----END/g;
  const text = JSON.stringify(story).replaceAll(drawn, (found) => {
    const number = seen.get(found) ?? seen.size;
    seen.set(found, number);
    return `#${number}`;
  });
  return JSON.parse(text) as unknown;
}
