// Pure. What the document says of seats and licenses.

import { z } from "zod";
import { answers } from "./answers.ts";
import type { Operation } from "./operation.ts";
import {
  activationSchema,
  consumptionSchema,
  lentSeatSchema,
  lineSchema,
  movedSeatSchema,
  seatSchema,
} from "./requests.ts";

const inForce = [
  "history_out_of_order",
  "entitlement_cancelled",
  "entitlement_suspended",
  "entitlement_not_started",
  "entitlement_expired",
] as const;
const granting = [...inForce, "unknown_activation_code", "no_seats_left", "user_required"] as const;
/** The past, and what only the vendor may do, need a key. */
const asVendor = ["insufficient_scope"] as const;
const holding = [
  ...asVendor,
  "unknown_activation",
  "unknown_activation_code",
  "invalid_license",
  "license_superseded",
  "entitlement_cancelled",
  "history_out_of_order",
  "seat_ended",
  "wrong_host",
] as const;
const licensed = { 200: { means: "The seat, and its next license.", schema: answers.Licensed } } as const;
const ended = { 200: { means: "The seat, which is free for another.", schema: answers.Seat } } as const;
const common = { tag: "Activations", optionalScope: "licenses:write", isOnce: true } as const;

export const seats = {
  "POST /v1/activations": {
    id: "activate",
    tag: "Activations",
    summary: "Activate: a computer gets its seat, and the license for it",
    description:
      "The activation code is the credential: no API key is needed, but for what happened in the past. The same host again keeps its seat.",
    optionalScope: "history:write",
    body: { schema: activationSchema },
    answers: {
      201: { means: "A seat was free, and is this host's.", schema: answers.Licensed },
      200: { means: "The host has its seat already.", schema: answers.Licensed },
    },
    problems: [...granting, ...asVendor, "borrow_not_allowed"],
  },
  "POST /v1/offline-activations": {
    id: "activateOffline",
    tag: "Activations",
    summary: "Activate a computer that never calls: a request file in, a response file out",
    body: { schema: z.string().describe("The request file, as the product wrote it."), type: "text/plain" },
    answers: {
      201: { means: "The response file, for the computer.", schema: answers.OfflineResponse },
      200: { means: "The same, for a host that has its seat already.", schema: answers.OfflineResponse },
    },
    problems: [...granting, "offline_not_allowed"],
  },
  "POST /v1/activations/{activationId}/refresh": {
    ...common,
    id: "refresh",
    summary: "Refresh: the next license, before or after the lease of the last one ended",
    body: { schema: seatSchema },
    answers: licensed,
    problems: [...holding, ...inForce],
  },
  "POST /v1/activations/{activationId}/return": {
    ...common,
    id: "giveBack",
    summary: "Return a seat from a computer that works",
    body: { schema: seatSchema },
    answers: ended,
    problems: [...holding, "returns_used_up", "releases_used_up"],
  },
  "POST /v1/activations/{activationId}/release": {
    ...common,
    id: "release",
    summary: "Release: a floating seat goes back to the pool",
    body: { schema: seatSchema },
    answers: ended,
    problems: [...holding, "not_floating", "releases_used_up"],
  },
  "POST /v1/activations/{activationId}/rehost": {
    ...common,
    id: "rehost",
    summary: "Rehost: the seat moves to the computer that asks, from one that may be dead",
    description: "The old license is refused from then on, and listed among the revocations.",
    body: { schema: movedSeatSchema },
    answers: licensed,
    problems: [...holding, ...inForce, "host_has_seat", "rehosts_used_up"],
  },
  "POST /v1/activations/{activationId}/repair": {
    ...common,
    id: "repair",
    summary: "Repair: the same computer, with another fingerprint",
    body: { schema: movedSeatSchema },
    answers: licensed,
    problems: [...holding, ...inForce, "host_has_seat", "repairs_used_up"],
  },
  "POST /v1/activations/{activationId}/temporary": {
    ...common,
    id: "lend",
    summary: "A short license beside the seat, for a failure",
    body: { schema: lentSeatSchema },
    answers: { 201: { means: "The license, and until when.", schema: answers.LicenseLent } },
    problems: [...holding, ...inForce, "nothing_to_renew", "temporary_used_up"],
  },
  "POST /v1/activations/{activationId}/consume": {
    ...common,
    id: "consume",
    summary: "Consume units of a metered license",
    body: { schema: consumptionSchema },
    answers: { 200: { means: "What is used of this period.", schema: answers.Consumption } },
    problems: [...holding, ...inForce, "not_metered", "consumption_used_up"],
  },
  "POST /v1/licenses": {
    id: "generateLicenses",
    tag: "Licenses",
    summary: "Generate many licenses: a line in, a line out",
    description:
      "NDJSON both ways, up to a million lines a call. Each line is answered in its place, with a license or a problem; the same lines again get the same licenses. Read the answers while you send.",
    body: { schema: lineSchema, type: "application/x-ndjson" },
    answers: {
      200: {
        means: "A line for each line.",
        schema: answers.LicenseLineAnswered,
        type: "application/x-ndjson",
      },
    },
    problems: [],
  },
  "POST /v1/licenses/{licenseId}/revoke": {
    id: "revokeLicense",
    tag: "Licenses",
    summary: "Revoke a license: its seat ends, and it is listed until it would have ended",
    answers: { 200: { means: "The seat, which has ended.", schema: answers.Seat } },
    problems: ["unknown_license", "history_out_of_order"],
  },
  "GET /v1/revocations": {
    id: "getRevocations",
    tag: "Licenses",
    summary: "The signed list of what must not run any more",
    answers: { 200: { means: "The newest list.", schema: answers.Revocations } },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
