import { formatInstant, statusAt } from "../../licensing/index.ts";
import {
  entitlementsOfCustomer,
  findEntitlement,
  HISTORY_PAGE,
  historyOfCustomer,
  isKnownCustomer,
} from "../ledger/queries.ts";
import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { activationBody } from "./activations.ts";
import { entitlementBody } from "./orders.ts";

/** GET /v1/entitlements/{entitlementId}: its state, and its newest seats. */
export async function getEntitlement({ c, deps }: Request): Promise<Answer> {
  const entitlementId = c.req.param("entitlementId") ?? "";
  const found = findEntitlement(deps.ledger.sql, entitlementId);
  if (!found) return { problem: problem("not_found", `There is no entitlement ${entitlementId}.`) };
  const { entitlement, seats } = found;
  return ok({
    ...entitlementBody(entitlement),
    status: statusAt(entitlement, deps.clock()),
    activations: seats.map((seat) => ({ ...activationBody(entitlement, seat), hostName: seat.hostName })),
  });
}

/** GET /v1/customers/{customerId}/entitlements: what a customer is entitled to, newest first. */
export async function listEntitlements({ c, deps }: Request): Promise<Answer> {
  const customerId = c.req.param("customerId") ?? "";
  if (!isKnownCustomer(deps.ledger.sql, customerId)) return unknownCustomer(customerId);
  const entitlements = entitlementsOfCustomer(deps.ledger.sql, customerId);
  return ok({
    customerId,
    entitlements: entitlements.map((entitlement) => ({
      ...entitlementBody(entitlement),
      status: statusAt(entitlement, deps.clock()),
    })),
  });
}

/** GET /v1/customers/{customerId}/history?after=SEQ: every event that led to it, a page at a time. */
export async function getHistory({ c, deps }: Request): Promise<Answer> {
  const customerId = c.req.param("customerId") ?? "";
  const after = Number(c.req.query("after") ?? "0");
  if (!Number.isSafeInteger(after) || after < 0) {
    const message = "a whole number: `next` of the page before";
    return {
      problem: problem("invalid_request", "These fields do not fit: after.", [{ field: "after", message }]),
    };
  }
  if (!isKnownCustomer(deps.ledger.sql, customerId)) return unknownCustomer(customerId);
  const events = historyOfCustomer(deps.ledger.sql, customerId, after);
  return ok({
    customerId,
    asOf: formatInstant(deps.clock()),
    entitlements: entitlementsOfCustomer(deps.ledger.sql, customerId).map(entitlementBody),
    events,
    next: events.length === HISTORY_PAGE ? (events.at(-1)?.seq ?? null) : null,
  });
}

function unknownCustomer(customerId: string): Answer {
  return { problem: problem("not_found", `Nothing is on record of a customer ${customerId}.`) };
}
