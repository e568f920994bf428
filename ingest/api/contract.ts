// Pure. The operations as types: what a call of each takes, and what it may come to. Nothing of it is left at run time.

import type { z } from "zod";
import type { Problem } from "../problem.ts";
import type { CommonCode } from "./operation.ts";
import type { OperationKey, Operations } from "./operations.ts";

/** Operations whose bodies are lines. */
export type LinesKey = {
  [K in OperationKey]: Operations[K] extends { body: { type: "application/x-ndjson" } } ? K : never;
}[OperationKey];

/** Operations that a client calls: not those of lines, those that only a storefront can sign, nor what a monitor reads. */
export type CallKey = {
  [K in OperationKey]: Operations[K] extends
    { headers: unknown } | { answers: { 200: { type: "text/plain" } } }
    ? never
    : K;
}[Exclude<OperationKey, LinesKey>];

/** What is sent: as it goes over the wire, with everything that has a default left to its sender. */
export type BodyOf<K extends OperationKey> = Operations[K] extends { body: { schema: infer Schema } }
  ? z.input<Schema>
  : never;

type Answers<K extends OperationKey> = Operations[K]["answers"];
type AnswerAt<K extends OperationKey, Status extends keyof Answers<K>> = Answers<K>[Status] extends {
  schema: infer Schema;
}
  ? z.output<Schema>
  : never;

/** What is answered where nothing is refused, by status. */
export type AnswerOf<K extends OperationKey> = {
  [Status in keyof Answers<K>]: { ok: true; status: Status; body: AnswerAt<K, Status> };
}[keyof Answers<K>];

/** What is answered to a line. */
export type LineOf<K extends LinesKey> = AnswerAt<K, keyof Answers<K>>;

/** Why it may be refused. The codes are those of the operation, so that a switch over them can be exhaustive. */
export type RefusalOf<K extends OperationKey, More extends string = never> = Omit<Problem, "code"> & {
  code: Operations[K]["problems"][number] | CommonCode | More;
};

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type InPath<K extends string> = [NamesIn<K>] extends [never] ? unknown : { path: Record<NamesIn<K>, string> };
type InQuery<K extends OperationKey> = Operations[K] extends { query: infer Schema extends z.ZodType }
  ? { query?: z.input<Schema> }
  : unknown;
type InBody<K extends OperationKey> = Operations[K] extends { body: { isOptional: true } }
  ? { body?: BodyOf<K> }
  : Operations[K] extends { body: object }
    ? { body: BodyOf<K> }
    : unknown;
type Once<K extends OperationKey> = Operations[K] extends { isOnce: true }
  ? { idempotencyKey?: string }
  : unknown;

/** What a call takes. */
export type CallOf<K extends CallKey> = InPath<K> & InQuery<K> & InBody<K> & Once<K>;
