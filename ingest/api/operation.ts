// Pure. What is said of a route beside its place in the table: the shape of its documentation.

import type { z } from "zod";
import type { ProblemCode } from "../problem.ts";
import type { Scope } from "../scope.ts";

/** The chapters of the document, in the order in which a newcomer needs them. */
export const tags = {
  Catalog: "What is sold: products, license models, policies and price bands.",
  Orders: "What customers bought, and the activation codes that they get for it.",
  Activations:
    "Seats: what customers' software asks. The activation code, or the seat's license, is the credential.",
  Entitlements:
    "What becomes of a right: renewed, upgraded, extended, split, transferred, at rest and in force again.",
  Licenses: "Bulk generation, and what must not run any more.",
  Customers: "What a customer is entitled to, and every event that led to it.",
  Telemetry: "What products tell of themselves. It is counted, and decides nothing.",
  Service: "Keys, health, metrics, and this document.",
} as const;

export type MediaType = "application/json" | "application/x-ndjson" | "text/plain";

/** A body, as JSON where its type says nothing else. Of NDJSON, the schema is that of a line. */
export interface Body {
  schema: z.ZodType;
  type?: MediaType;
  /** It may be left out, and is then what its schema makes of `{}`. */
  isOptional?: true;
}

export interface Operation {
  /** `operationId`: what generated clients call it. */
  id: string;
  tag: keyof typeof tags;
  /** One line. */
  summary: string;
  description?: string;
  /** What an API key adds where none is needed. */
  optionalScope?: Scope;
  /** Parameters of the path that are not plain names, and those of the query. */
  query?: z.ZodObject;
  /** Headers that it needs beside the usual ones. */
  headers?: z.ZodObject;
  /** It takes an `Idempotency-Key`. */
  isOnce?: true;
  /** `lines`: of a list that may come as NDJSON as well, the schema of a line. */
  body?: Body & { lines?: z.ZodType };
  answers: { 200?: Body & { means: string }; 201?: Body & { means: string } };
  /** The codes that it is refused with, beside those that follow from its kind ({@link codesOf}). */
  problems: readonly ProblemCode[];
}

/** What any request may be answered with. */
const anywhere = [
  "unauthorized",
  "internal_error",
  "storage_unavailable",
  "overloaded",
  "rate_limited",
  "url_too_long",
  "headers_too_large",
  // Of Node's own parser, which closes the connection.
  "malformed_request",
  "request_timeout",
  // Of a deployment on Workers whose secrets were not set.
  "keys_missing",
] as const;
const ofBodies = [
  "malformed_json",
  "ambiguous_json",
  "json_too_complex",
  "invalid_request",
  "body_too_large",
] as const;
/** What follows from the kind of a request, and is said of none. */
export type CommonCode =
  (typeof anywhere)[number] | (typeof ofBodies)[number] | "insufficient_scope" | "idempotency_conflict";

/** Every code that an operation may be refused with. */
export function codesOf(
  { problems, body, isOnce }: Operation,
  { scope, isStreamed }: { scope: Scope | "public"; isStreamed?: boolean },
): ProblemCode[] {
  const codes = new Set<ProblemCode>([
    ...problems,
    ...anywhere,
    ...(scope === "public" ? [] : (["insufficient_scope"] as const)),
    ...(body === undefined || isStreamed ? [] : ofBodies),
    ...(isOnce ? (["idempotency_conflict"] as const) : []),
  ]);
  return Array.from(codes).toSorted();
}
