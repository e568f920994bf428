// Pure. What the document says of the service itself.

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
  "GET /openapi.json": {
    id: "getDocument",
    tag: "Service",
    summary: "This document",
    answers: { 200: { means: "OpenAPI 3.1.", schema: answers.Document } },
    problems: [],
  },
} as const satisfies Record<string, Operation>;
