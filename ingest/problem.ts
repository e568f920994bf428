// Pure. Refusals and faults → RFC 9457 problem documents. `code` is stable: callers decide by it.

import { z } from "zod";
import { formatInstant, type Refusal, type RefusalCode, refusals } from "../licensing/index.ts";
import type { LedgerRefusal } from "./ledger/outcome.ts";

/** What is wrong with a request beside the rules: the caller's mistakes, and our own trouble. */
const faults = {
  malformed_json: { status: 400, title: "The body is not JSON" },
  ambiguous_json: { status: 400, title: "The body may be read in two ways" },
  json_too_complex: { status: 413, title: "The body is too deep, or has too many fields" },
  url_too_long: { status: 414, title: "The address is too long" },
  headers_too_large: { status: 431, title: "The headers are too large, or too many" },
  malformed_request: { status: 400, title: "This is no HTTP request" },
  request_timeout: { status: 408, title: "The request took too long to arrive" },
  rate_limited: { status: 429, title: "Too many requests" },
  invalid_request: { status: 422, title: "The request does not fit" },
  body_too_large: { status: 413, title: "The body is too large" },
  line_too_long: { status: 413, title: "The line is too long" },
  too_many_lines: { status: 413, title: "There are too many lines" },
  unsupported_encoding: { status: 415, title: "The body's encoding is not read here" },
  malformed_encoding: { status: 400, title: "The body is not what its encoding says" },
  unknown_event_type: { status: 422, title: "There is no such type of event" },
  occurred_at_out_of_range: { status: 422, title: "This time cannot be" },
  activation_code_sent: { status: 422, title: "An activation code has no place here" },
  event_id_conflict: { status: 409, title: "This event ID is taken" },
  unauthorized: { status: 401, title: "An API key is needed" },
  insufficient_scope: { status: 403, title: "The API key may not do this" },
  invalid_signature: { status: 401, title: "The signature does not fit the body" },
  stale_delivery: { status: 409, title: "This was on its way for too long" },
  order_superseded: { status: 409, title: "A newer state of the order is on record" },
  webhook_not_configured: { status: 503, title: "This webhook has no secret yet" },
  not_found: { status: 404, title: "There is no such thing" },
  unknown_order: { status: 404, title: "There is no such order" },
  unknown_activation_code: { status: 404, title: "There is no such activation code" },
  unknown_activation: { status: 404, title: "There is no such activation" },
  unknown_license: { status: 404, title: "There is no such license" },
  unknown_entitlement: { status: 404, title: "There is no such entitlement" },
  unknown_customer: { status: 404, title: "There is no such customer" },
  invalid_license: { status: 401, title: "This license is none of ours" },
  idempotency_conflict: { status: 409, title: "This Idempotency-Key is taken" },
  catalog_conflict: { status: 409, title: "This catalog version is taken" },
  order_conflict: { status: 409, title: "This order ID is taken" },
  refund_conflict: { status: 409, title: "This refund ID is taken" },
  keys_missing: { status: 503, title: "The keys of this deployment are not set" },
  not_ready: { status: 503, title: "The service takes no work now" },
  overloaded: { status: 503, title: "Too much waits already" },
  storage_unavailable: { status: 503, title: "The ledger cannot be written" },
  internal_error: { status: 500, title: "Something went wrong here" },
} as const satisfies Record<string, { status: number; title: string }>;

export type FaultCode = keyof typeof faults;

/** What the rules turn away is a conflict with the present state, but for what the request itself gets wrong. */
function statusOf(code: RefusalCode): number {
  switch (code) {
    case "entitlement_cancelled":
    case "entitlement_suspended":
    case "host_has_seat":
    case "seats_in_use":
    case "seats_not_taken_back":
    case "seat_ended":
    case "license_superseded":
    case "wrong_host":
    case "not_floating":
    case "not_metered":
    case "consumption_used_up":
    case "rehosts_used_up":
    case "returns_used_up":
    case "repairs_used_up":
    case "releases_used_up":
    case "temporary_used_up":
    case "offline_not_allowed":
    case "borrow_not_allowed":
    case "nothing_to_renew":
    case "term_too_long":
    case "entitlement_expired":
    case "entitlement_not_started":
    case "history_out_of_order":
    case "no_seats_left":
    case "no_catalog":
    case "refund_too_large":
      return 409;
    case "user_required":
    case "endless_term":
    case "unknown_sku":
    case "unknown_license_model":
    case "license_model_missing":
    case "amount_too_large":
    case "order_voided":
    case "order_unpaid":
      return 422;
  }
}

export type ProblemCode = FaultCode | RefusalCode;

const refusalCodes = Object.keys(refusals) as RefusalCode[];
const faultCodes = Object.keys(faults) as FaultCode[];

/** The status that each code is answered with: what the document of the interface says of them. */
export const statusByCode = Object.fromEntries([
  ...faultCodes.map((code) => [code, faults[code].status]),
  ...refusalCodes.map((code) => [code, statusOf(code)]),
]) as Record<ProblemCode, number>;

const fieldErrorSchema = z.object({
  field: z
    .string()
    .describe("Its path, such as `lines[0].quantity`; empty where the body as a whole is meant."),
  message: z.string(),
});
/** One field that does not fit. */
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** A problem document (RFC 9457 section 3), and the status that it is sent with. */
export const problemSchema = z
  .object({
    type: z.string().describe("`urn:keyhouse:problem:` and the code: a name, not an address."),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum([...faultCodes, ...refusalCodes]).describe("Stable: decide by it."),
    detail: z.string().describe("One sentence: what is wrong, and what to do next."),
    rule: z.string().optional().describe("The rule that refused, where one of the license did."),
    passesAt: z.iso.datetime().optional().describe("When the same request would pass, where time mends it."),
    errors: z.array(fieldErrorSchema).optional().describe("The fields that do not fit."),
    instance: z
      .string()
      .optional()
      .describe("`urn:keyhouse:request:` and the request's ID: names it in the operator's log."),
  })
  .describe("What went wrong: an RFC 9457 problem document.");
export type Problem = z.infer<typeof problemSchema>;

/** Makes a problem of a fault. */
export function problem(code: FaultCode, detail: string, errors?: FieldError[]): Problem {
  return { type: typeOf(code), ...faults[code], code, detail, ...(errors === undefined ? {} : { errors }) };
}

/** Makes a problem of what the rules or the ledger turned away. */
export function problemOf(refusal: Refusal | LedgerRefusal): Problem {
  if (!("rule" in refusal)) return problem(refusal.code, refusal.detail);
  const { code, rule, detail, passesAt, field } = refusal;
  return {
    type: typeOf(code),
    title: refusals[code].title,
    status: statusOf(code),
    code,
    detail,
    rule,
    ...(passesAt === undefined ? {} : { passesAt: formatInstant(passesAt) }),
    ...(field === undefined ? {} : { errors: [{ field, message: detail }] }),
  };
}

/** Names a problem's kind: a name, not an address, for there is no host that is ours. */
const typeOf = (code: string) => `urn:keyhouse:problem:${code}`;

// A body with everything wrong needs no list of everything.
const MAX_FIELD_ERRORS = 20;

/** The problem of a body that does not fit its schema: which fields, and how. */
export function invalid(error: z.ZodError): Problem {
  const errors = error.issues
    .slice(0, MAX_FIELD_ERRORS)
    .flatMap(({ path, message, ...issue }): FieldError[] => {
      // An unknown field is reported at the object that holds it: say the field itself.
      if (issue.code === "unrecognized_keys")
        return issue.keys
          .slice(0, MAX_FIELD_ERRORS)
          .map((key) => ({ field: pathText([...path, key]), message: "there is no such field" }));
      return [{ field: pathText(path), message }];
    })
    .slice(0, MAX_FIELD_ERRORS);
  const fields = errors.map(({ field }) => (field === "" ? "the body" : field)).join(", ");
  return problem("invalid_request", `These fields do not fit: ${fields}.`, errors);
}

// No field of ours has a name half as long; one that a sender made up is not repeated whole.
const MAX_NAME_CHARACTERS = 64;

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const name = String(part);
      const shown = name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS)}…` : name;
      return `${index === 0 ? "" : "."}${shown}`;
    })
    .join("");
}
