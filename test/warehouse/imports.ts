// What imports do, for tests of the warehouse: drafts of events, in the words of an import.

import type { Draft } from "../../ingest/event.ts";
import { entitlementOf, type Sale } from "./facts.ts";

interface Told {
  importId: string;
  at: string;
  source?: string;
}

/** All of some files was brought in. */
export function finished({
  importId,
  at,
  source = "import:old",
  accepted = 1,
  ...counts
}: Told & { accepted?: number; duplicate?: number; conflict?: number; quarantined?: number }): Draft {
  const { duplicate = 0, conflict = 0, quarantined = 0 } = counts;
  return {
    type: "import.finished",
    source,
    occurred_at: at,
    data: {
      import_id: importId,
      format: source.replace("import:", ""),
      files: 1,
      size_bytes: 1000,
      started_at: at,
      read: accepted + duplicate + conflict + quarantined,
      accepted,
      duplicate,
      conflict,
      quarantined,
      by: "desk",
    },
  };
}

/** An import was a mistake. */
export const importTakenBack = ({
  importId,
  at,
  source = "import:old",
  orders,
}: Told & { orders: number }): Draft => ({
  type: "import.taken_back",
  source,
  occurred_at: at,
  data: { import_id: importId, orders, by: "desk" },
});

/** An order of such an import ends, and counts as if it had never been. */
export function takenBack(
  of: Pick<Sale, "orderId">,
  { importId, at, source = "import:old", customerId = "C-1" }: Told & { customerId?: string },
): Draft[] {
  const keys = { order_id: of.orderId, customer_id: customerId, source, occurred_at: at };
  return [
    {
      ...keys,
      type: "entitlement.cancelled",
      entitlement_id: entitlementOf(of),
      data: { reason: "import_taken_back", seats_ended: 0 },
    },
    { ...keys, type: "order.taken_back", data: { import_id: importId, by: "desk" } },
  ];
}

/** What a license server told. */
export function use({
  importId,
  at,
  customerId = "C-1",
  sku = "CAD-PRO",
  server = "lic1",
  version = null,
  issued = 10,
  inUse = 0,
}: Told & {
  customerId?: string;
  sku?: string;
  server?: string;
  version?: string | null;
  issued?: number | null;
  inUse?: number;
}): Draft {
  const users = Array.from({ length: inUse }, (_, n) => ({
    user_hash: `user-${n}`,
    host_hash: `host-${n}`,
    since: null,
    count: 1,
    version,
  }));
  return {
    type: "use.observed",
    source: "import:lmstat",
    occurred_at: at,
    customer_id: customerId,
    sku,
    data: { import_id: importId, server, version, issued, in_use: inUse, reserved: 0, users },
  };
}
