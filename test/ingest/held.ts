// Holds answers against the document of the interface: what it says is true of every answer that a test gets.

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { documentOf } from "../../ingest/api/document.ts";
import { routes } from "../../ingest/app.ts";

const methods = new Set(["GET", "PUT", "POST"]);
const LINES = "application/x-ndjson";
const document = documentOf(routes);
const ajv = new Ajv2020({ strict: false, validateFormats: true, validateSchema: false });
formats.default(ajv);
ajv.addSchema({ ...document, components: closed(document.components), $id: "document" });

/** An answer may gain fields, the document says. A test is told of each that is not in it yet. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, it]) => [key, closed(it)]);
  const isObject = "properties" in value && "type" in value && !("additionalProperties" in value);
  return { ...Object.fromEntries(entries), ...(isObject ? { additionalProperties: false } : {}) };
}

const templates = Object.keys(document.paths).map((path) => ({
  path,
  // A parameter is one segment, and what is written out comes before one.
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

const checks = new Map<string, ValidateFunction>();
function checkOf(pointer: readonly string[]): ValidateFunction {
  const path = pointer.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
  const check = checks.get(path) ?? ajv.compile({ $ref: `document#/${encodeURI(path)}` });
  checks.set(path, check);
  return check;
}

export interface Heard {
  method: string;
  /** With or without an origin and a query. */
  url: string;
  status: number;
  headers: Headers;
  body: unknown;
}

/** @throws where the document does not say that this may be answered to that */
export function holdToDocument({ method, url, status, headers, body }: Heard): void {
  const { pathname } = new URL(url, "http://keyhouse.test");
  const path = templates.find(({ pattern }) => pattern.test(pathname))?.path;
  const isKnown = path !== undefined && methods.has(method) && method.toLowerCase() in document.paths[path]!;
  const media = headers.get("content-type")?.split(";")[0] ?? "";
  const response = isKnown ? ["paths", path, method.toLowerCase(), "responses", String(status)] : [];
  const pointer = isKnown ? [...response, "content", media, "schema"] : ["components", "schemas", "Problem"];
  const where = `${method} ${pathname} → ${status} ${media}`;
  if (at(pointer) === undefined) throw new Error(`${where} is not in the document: ${JSON.stringify(body)}`);
  for (const name of Object.keys((isKnown && at([...response, "headers"])) || {}))
    if (document.components.headers[name]?.required && !headers.has(name))
      throw new Error(`${where} lacks ${name}, which the document promises`);
  const check = checkOf(pointer);
  // A stream of lines is as good as each of them.
  const parts = media === LINES ? linesOf(String(body)) : [body];
  for (const part of parts)
    if (!check(part))
      throw new Error(
        `${where} does not fit the document: ${ajv.errorsText(check.errors)}\n${JSON.stringify(body)}`,
      );
}

/** Whether a body is one that the document allows to be sent. */
export function fitsRequest(method: string, path: string, body: unknown): boolean {
  const { content = {} } = document.paths[path]?.[method.toLowerCase()]?.requestBody ?? {};
  // What may come as a list and as lines comes as text where it is lines.
  const media = Object.keys(content).at(typeof body === "string" ? -1 : 0) ?? "";
  const check = checkOf(["paths", path, method.toLowerCase(), "requestBody", "content", media, "schema"]);
  return (media === LINES ? linesOf(String(body)) : [body]).every((part) => check(part));
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

const at = (pointer: readonly string[]): unknown =>
  pointer.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
