// Everything that a shard can be asked, by name. Answers are bounded, and plain data.

import { keptApiKey } from "./api-keys.ts";
import { findCustomer } from "./directory.ts";
import {
  entitlementsOfCustomer,
  findEntitlement,
  findOrder,
  historyOfCustomer,
  ledgerSummary,
  listQuarantined,
  listRevoked,
  takeWriteLock,
} from "./queries.ts";
import { referencesNamed } from "./reference-rows.ts";

export const queries = {
  apiKey: keptApiKey,
  customer: findCustomer,
  entitlement: findEntitlement,
  entitlementsOfCustomer,
  historyOfCustomer,
  order: findOrder,
  quarantined: listQuarantined,
  references: referencesNamed,
  revoked: listRevoked,
  summary: ledgerSummary,
  writable: takeWriteLock,
};
