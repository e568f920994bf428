// Pure. What the document says of entitlements, and of the customers who hold them.

import { z } from "zod";
import { answers } from "./answers.ts";
import type { Operation } from "./operation.ts";
import {
  extendSchema,
  mergeSchema,
  overrideSchema,
  renewSchema,
  splitSchema,
  suspendSchema,
  transferSchema,
  upgradeSchema,
} from "./requests.ts";

const refusals = ["unknown_entitlement", "entitlement_cancelled", "history_out_of_order"] as const;
const changed = { 200: { means: "The entitlement, as it is now.", schema: answers.Entitlement } } as const;

export const entitlements = {
  "GET /v1/entitlements/{entitlementId}": {
    id: "getEntitlement",
    tag: "Entitlements",
    summary: "An entitlement with its seats",
    answers: { 200: { means: "Where it stands now.", schema: answers.EntitlementWithSeats } },
    problems: ["not_found"],
  },
  "POST /v1/entitlements/{entitlementId}/renew": {
    id: "renew",
    tag: "Entitlements",
    summary: "Renew: another term",
    description: "The new term begins where the last one ends or ended.",
    isOnce: true,
    body: { schema: renewSchema, isOptional: true },
    answers: changed,
    problems: [...refusals, "nothing_to_renew", "term_too_long", "amount_too_large"],
  },
  "POST /v1/entitlements/{entitlementId}/upgrade": {
    id: "upgrade",
    tag: "Entitlements",
    summary: "Upgrade: another product, or another license model",
    isOnce: true,
    body: { schema: upgradeSchema },
    answers: changed,
    problems: [
      ...refusals,
      "unknown_sku",
      "unknown_license_model",
      "seats_in_use",
      "no_catalog",
      "amount_too_large",
    ],
  },
  "POST /v1/entitlements/{entitlementId}/extend": {
    id: "extend",
    tag: "Entitlements",
    summary: "Extend: more seats",
    isOnce: true,
    body: { schema: extendSchema },
    answers: changed,
    problems: [...refusals, "amount_too_large"],
  },
  "POST /v1/entitlements/{entitlementId}/suspend": {
    id: "suspend",
    tag: "Entitlements",
    summary: "Suspend: no license is made or refreshed until it is reinstated",
    isOnce: true,
    body: { schema: suspendSchema, isOptional: true },
    answers: changed,
    problems: refusals,
  },
  "POST /v1/entitlements/{entitlementId}/reinstate": {
    id: "reinstate",
    tag: "Entitlements",
    summary: "Reinstate what was suspended",
    isOnce: true,
    body: { schema: suspendSchema, isOptional: true },
    answers: changed,
    problems: refusals,
  },
  "POST /v1/entitlements/{entitlementId}/split": {
    id: "split",
    tag: "Entitlements",
    summary: "Split: some seats become an entitlement of their own",
    isOnce: true,
    body: { schema: splitSchema },
    answers: {
      201: { means: "Both of them, and the code of the new one.", schema: answers.EntitlementSplit },
      200: {
        means: "The same was split before, under this Idempotency-Key.",
        schema: answers.EntitlementSplit,
      },
    },
    problems: [...refusals, "seats_in_use", "consumption_used_up"],
  },
  "POST /v1/entitlements/{entitlementId}/transfer": {
    id: "transfer",
    tag: "Entitlements",
    summary: "Transfer: the whole right goes to another customer",
    isOnce: true,
    body: { schema: transferSchema },
    answers: changed,
    problems: refusals,
  },
  "POST /v1/entitlements/{entitlementId}/policy": {
    id: "overridePolicy",
    tag: "Entitlements",
    summary: "Allow this one entitlement more, or less, than its license model",
    description: "Who and why go on record. What the policy does not say is not allowed.",
    isOnce: true,
    body: { schema: overrideSchema },
    answers: {
      200: {
        means: "The entitlement, and what its policy may cost at the worst.",
        schema: answers.EntitlementOverridden,
      },
    },
    problems: [...refusals, "seats_in_use"],
  },
  "POST /v1/customers/{customerId}/merge": {
    id: "mergeCustomers",
    tag: "Customers",
    summary: "Merge: everything that a customer is entitled to goes to another",
    body: { schema: mergeSchema },
    answers: { 200: { means: "How many entitlements went.", schema: answers.CustomersMerged } },
    problems: ["unknown_customer", "entitlement_cancelled", "history_out_of_order"],
  },
  "GET /v1/customers/{customerId}/entitlements": {
    id: "listEntitlements",
    tag: "Customers",
    summary: "What a customer is entitled to",
    answers: { 200: { means: "The newest first.", schema: answers.CustomerEntitlements } },
    problems: ["not_found"],
  },
  "GET /v1/customers/{customerId}/history": {
    id: "getHistory",
    tag: "Customers",
    summary: "Every event that led to what a customer has, a page at a time",
    query: z.object({
      after: z.string().optional().describe("`next` of the page before; absent for the first."),
    }),
    answers: { 200: { means: "A page.", schema: answers.CustomerHistory } },
    problems: ["not_found", "invalid_request"],
  },
} as const satisfies Record<string, Operation>;
