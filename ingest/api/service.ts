// Pure. What the document says of the service itself.

import { z } from "zod";
import { answers } from "./answers.ts";
import type { Operation } from "./operation.ts";

export const service = {
  "GET /.well-known/jwks.json": {
    id: "getKeys",
    tag: "Service",
    summary: "The public keys that verify licenses (RFC 7517)",
    answers: {
      200: { means: "All keys that ever signed, but for the compromised.", schema: answers.KeySet },
    },
    problems: [],
  },
  "GET /healthz": {
    id: "getHealth",
    tag: "Service",
    summary: "Whether the ledger can be read",
    answers: { 200: { means: "It can, and its newest place.", schema: answers.Health } },
    problems: [],
  },
  "GET /readyz": {
    id: "getReadiness",
    tag: "Service",
    summary: "Whether work may come: the ledger takes writes, and the service is not about to stop",
    answers: { 200: { means: "It may.", schema: answers.Readiness } },
    problems: ["not_ready"],
  },
  "GET /metrics": {
    id: "getMetrics",
    tag: "Service",
    summary: "Counts of the service, for a monitoring system",
    description: "Kept on Node; on Workers there are none, and Cloudflare has its own.",
    answers: {
      200: {
        means: "In Prometheus' text format.",
        schema: z.string().describe("A line for each count, and comments that say what it is."),
        type: "text/plain",
      },
    },
    problems: ["not_found"],
  },
  "GET /openapi.json": {
    id: "getDocument",
    tag: "Service",
    summary: "This document",
    answers: { 200: { means: "OpenAPI 3.1.", schema: answers.Document } },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
