// A request's body → what its schema promises, or the problem that answers it.

import type { Context } from "hono";
import type { z } from "zod";
import { faultOfJson } from "./json.ts";
import { invalid, type Problem, problem } from "./problem.ts";

/** A value, or the problem that the caller is answered with. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Reads a JSON body and checks it. The size was bounded before. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const text = await readText(c);
  return text.ok ? parseAndCheck(text.value, schema) : text;
}

/** The same where no body at all says as much as an empty object. */
export async function readOptionalJson<T>(c: Context, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const text = await readText(c);
  return text.ok ? parseAndCheck(text.value === "" ? "{}" : text.value, schema) : text;
}

function parseAndCheck<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  const json = parseJson(text);
  return json.ok ? check(json.value, schema) : json;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/** A body as text. JSON is UTF-8 (RFC 8259 section 8.1): other bytes would be read as something that nobody meant. */
async function readText(c: Context): Promise<Parsed<string>> {
  const bytes = await c.req.arrayBuffer();
  try {
    return { ok: true, value: strictUtf8.decode(bytes) };
  } catch {
    return { ok: false, problem: problem("malformed_json", "The body is not UTF-8: send JSON in UTF-8.") };
  }
}

/** Checks a value against its schema. */
export function check<T>(value: unknown, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(value);
  return result.success ? { ok: true, value: result.data } : { ok: false, problem: invalid(result.error) };
}

/** Reads text as JSON that means one thing, keeping the parser's word on where it stopped. */
export function parseJson(body: string): Parsed<unknown> {
  if (body.trim() === "")
    return { ok: false, problem: problem("malformed_json", "The body is empty: send JSON.") };
  const fault = faultOfJson(body);
  if (fault) {
    const { kind, field, message } = fault;
    const code = kind === "ambiguous" ? "ambiguous_json" : "json_too_complex";
    const where = field === "" ? "The body" : field;
    return { ok: false, problem: problem(code, `${where} ${message}.`, [{ field, message }]) };
  }
  try {
    return { ok: true, value: JSON.parse(body) as unknown };
  } catch (error) {
    return {
      ok: false,
      problem: problem("malformed_json", `The body is not JSON: ${(error as Error).message}.`),
    };
  }
}

/** SHA-256 of a value's JSON, as hex: tells whether the same thing was sent again. */
export async function fingerprintOf(value: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(value)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
