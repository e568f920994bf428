// What there is to make requests about, and what a request is.

import type { TestApp } from "../support.ts";

/** What there is to make requests about: each call makes another. */
export interface Stage {
  app: TestApp;
  admin: Record<string, string>;
  order(line?: object): Promise<{ orderId: string; entitlementId: string; code: string }>;
  seat(line?: object): Promise<{ activationId: string; licenseId: string; license: string }>;
  unique(): string;
}

/** A request that is granted, as long as nobody spoils it. */
export interface Valid {
  path: string;
  /** The JSON that it is made of; none where the route reads no body. */
  json?: object;
  /** How the JSON, as text, becomes a body; as it is where not given. */
  wrap?: (text: string) => Promise<string> | string;
  /** Headers that depend on the body. */
  sign?: (body: string | Uint8Array) => Record<string, string>;
  /** Fields that a refusal may name in the place of the one that is wrong: those that refer to it, or are read from it. */
  refersTo?: RegExp;
  /** Whether fields that we do not know are left to newer software of customers. */
  passesUnknownFields?: boolean;
  /** Whether a list of nothing is a request as well. */
  passesEmptyList?: boolean;
  /** Whether no body at all is a request as well. */
  isBodyOptional?: boolean;
}

export type Make = (stage: Stage) => Promise<Valid>;
