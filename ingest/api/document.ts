// Pure. The interface as an OpenAPI 3.1 document: made from the table of routes, and from the schemas that they check with.

import type { Route } from "../route.ts";
import { keyOf } from "../route.ts";
import { statusByCode } from "../problem.ts";
import { type Example, examplesOf } from "./examples.ts";
import { type HeaderObject, headers, headersOf } from "./headers.ts";
import { type Body, codesOf, type Operation, tags } from "./operation.ts";
import { operations } from "./operations.ts";
import { components, type JsonSchema, schemaOf } from "./schemas.ts";

/** As much of https://spec.openapis.org/oas/v3.1.1.html as we write. */
export interface OpenApiDocument {
  openapi: string;
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: {
    schemas: Record<string, JsonSchema>;
    headers: Record<string, HeaderObject>;
    securitySchemes: Record<string, object>;
  };
}

export interface OperationObject {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters: ParameterObject[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<
    string,
    { description: string; headers?: Record<string, { $ref: string }>; content: Content }
  >;
}

interface ParameterObject {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

type Content = Record<
  string,
  { schema: JsonSchema; examples?: Record<string, { summary: string; value: unknown }> }
>;

/** Makes the document of a table of routes. */
export function documentOf(routes: readonly Route[]): OpenApiDocument {
  const paths: OpenApiDocument["paths"] = {};
  for (const route of routes) {
    const [method = "", path = ""] = keyOf(route).split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Keyhouse",
      version: "1",
      description: INTRODUCTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components(),
      headers,
      securitySchemes: {
        [SECURITY]: {
          type: "http",
          scheme: "bearer",
          description:
            "An API key. Which scope each operation needs stands beside it; `admin` may do everything.",
        },
      },
    },
  };
}

const INTRODUCTION = `Orders come in, licenses are generated and signed, computers activate.

What is refused is answered with a problem document (RFC 9457): decide by its \`code\`, which is stable, and show its \`detail\`.
Sending anything again is safe: the same order gives the same answer, the same host keeps its seat; a renewal or a purchase
carries an \`Idempotency-Key\`. Answers may gain fields: pass over those that you do not know.

Requests are counted, by API key, or by address where there is none: a 429 says in \`Retry-After\` when to come again.
A problem's \`instance\` names the request for who runs the service.`;

const SECURITY = "apiKey";

function operationOf(route: Route): OperationObject {
  const key = keyOf(route);
  const operation: Operation = operations[key];
  const examples = examplesOf(key);
  const { id, tag, summary, description, body } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(route, operation),
    parameters: parametersOf(route, operation, examples),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.isOptional !== true,
            content: sentOf(body, examples),
          },
        }),
    responses: { ...answersOf(operation, examples), ...problemsOf(route, operation, examples) },
  };
}

function securityOf({ scope }: Route, { optionalScope }: Operation): OperationObject["security"] {
  if (scope !== "public") return [{ [SECURITY]: [scope] }];
  return optionalScope === undefined ? [] : [{}, { [SECURITY]: [optionalScope] }];
}

function parametersOf(
  { path }: Route,
  operation: Operation,
  examples: readonly Example[],
): ParameterObject[] {
  const [example] = examples;
  const inPath = Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]): ParameterObject => {
    const value = example?.path?.[name];
    return {
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
      ...(value === undefined ? {} : { example: value }),
    };
  });
  const named = (["query", "headers"] as const).flatMap((where) =>
    Object.entries(operation[where]?.shape ?? {}).map(([name, schema]): ParameterObject => {
      const { description, ...rest } = schemaOf(schema, "input");
      return {
        name,
        in: where === "query" ? "query" : "header",
        required: !schema.safeParse(undefined).success,
        ...(typeof description === "string" ? { description } : {}),
        schema: rest,
      };
    }),
  );
  const once: ParameterObject = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "A name for this request, of the caller's making: the same again is decided once.",
    schema: { type: "string", maxLength: 255 },
  };
  return [...inPath, ...named, ...(operation.isOnce ? [once] : [])];
}

function answersOf({ answers }: Operation, examples: readonly Example[]): OperationObject["responses"] {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => {
      const shown = examples.filter((it) => String(it.status) === status);
      return [
        status,
        {
          description: answer.means,
          ...headersOf(status),
          content: contentOf(answer, "output", shown, (it) => it.answer),
        },
      ];
    }),
  );
}

/** A response for each status, with the codes that it may carry here. */
function problemsOf(
  route: Route,
  operation: Operation,
  examples: readonly Example[],
): OperationObject["responses"] {
  const byStatus = Object.groupBy(codesOf(operation, route), (code) => String(statusByCode[code]));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes = []]) => {
      const schema = {
        allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: codes } } }],
      };
      const shown = examples.filter((it) => String(it.status) === status);
      return [
        status,
        {
          description: `Refused: ${codes.map((code) => `\`${code}\``).join(", ")}.`,
          ...headersOf(status),
          content: { "application/problem+json": { schema, ...shownOf(shown, (it) => it.answer) } },
        },
      ];
    }),
  );
}

/** A body; a list as lines too, where it may come so. */
function sentOf(body: NonNullable<Operation["body"]>, examples: readonly Example[]): Content {
  const shown = examples.filter((it) => it.body !== undefined);
  const { lines } = body;
  if (!lines) return contentOf(body, "input", shown, (it) => it.body);
  const [asLines = [], asList = []] = [true, false].map((isText) =>
    shown.filter((it) => (typeof it.body === "string") === isText),
  );
  return {
    ...contentOf(body, "input", asList, (it) => it.body),
    ...contentOf({ schema: lines, type: "application/x-ndjson" }, "input", asLines, (it) => it.body),
  };
}

function contentOf(
  { schema, type = "application/json" }: Body,
  io: "input" | "output",
  examples: readonly Example[],
  valueOf: (example: Example) => unknown,
): Content {
  return { [type]: { schema: schemaOf(schema, io), ...shownOf(examples, valueOf) } };
}

function shownOf(
  examples: readonly Example[],
  valueOf: (example: Example) => unknown,
): Pick<Content[string], "examples"> {
  if (examples.length === 0) return {};
  const shown = examples.map((it) => [nameOf(it), { summary: it.title, value: valueOf(it) }] as const);
  return { examples: Object.fromEntries(shown) };
}

const nameOf = ({ title }: Example): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
