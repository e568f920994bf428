import { formatInstant, statusAt } from "../../licensing/index.ts";
import { entitlementsOf, historyOf, readPlaces } from "../customers.ts";
import { HISTORY_PAGE } from "../ledger/queries.ts";
import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { activationBody } from "./activations.ts";
import { entitlementBody } from "./orders.ts";

/** GET /v1/entitlements/{entitlementId}: its state, and its newest seats. */
export async function getEntitlement({ c, deps }: Request): Promise<Answer> {
  const entitlementId = c.req.param("entitlementId") ?? "";
  const found = await deps.ledgers.ofId(entitlementId).ask("entitlement", entitlementId);
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
  const entry = await deps.ledgers.ofCustomer(customerId).ask("customer", customerId);
  if (!entry) return unknownCustomer(customerId);
  const entitlements = await entitlementsOf(deps.ledgers, customerId, entry);
  return ok({
    customerId,
    entitlements: entitlements.map((entitlement) => ({
      ...entitlementBody(entitlement),
      status: statusAt(entitlement, deps.clock()),
    })),
  });
}

/** GET /v1/customers/{customerId}/history?after=NEXT: every event that led to it, a page at a time. */
export async function getHistory({ c, deps }: Request): Promise<Answer> {
  const customerId = c.req.param("customerId") ?? "";
  const after = readPlaces(c.req.query("after") ?? "0");
  if (!after) {
    const message = "`next` of the page before";
    return {
      problem: problem("invalid_request", "These fields do not fit: after.", [{ field: "after", message }]),
    };
  }
  const entry = await deps.ledgers.ofCustomer(customerId).ask("customer", customerId);
  if (!entry) return unknownCustomer(customerId);
  const [entitlements, { events, next }] = await Promise.all([
    entitlementsOf(deps.ledgers, customerId, entry),
    historyOf(deps.ledgers, customerId, entry, { after, bounds: HISTORY_PAGE }),
  ]);
  return ok({
    customerId,
    asOf: formatInstant(deps.clock()),
    entitlements: entitlements.map(entitlementBody),
    events,
    next,
  });
}

function unknownCustomer(customerId: string): Answer {
  return { problem: problem("not_found", `Nothing is on record of a customer ${customerId}.`) };
}
