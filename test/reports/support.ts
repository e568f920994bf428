// A small vendor for tests of the reports: ten months of sales, few enough to count by hand where a test does.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Draft } from "../../ingest/event.ts";
import { bind, cancel, catalog, day, end, refuse, sale } from "../warehouse/facts.ts";
import { finished, importTakenBack, takenBack, use } from "../warehouse/imports.ts";
import { loadHome, writeSegments } from "../warehouse/support.ts";

/** How many orders the vendor had, beside one that was a test. */
export const ORDERS = 60;

/** The as-of time of the vendor's lake. */
export const AS_OF = day(300);

/** The name of a customer of whom nothing but a test order is known. */
export const TEST_CUSTOMER = "Nobody At All";

/** An e-mail address that is in the lake, and must not be in a site. */
export const EMAIL = "hidden@example.com";

const systems = [
  { os: "windows", osVersion: "11", arch: "amd64" },
  { os: "darwin", osVersion: "15", arch: "arm64" },
  { os: "linux", osVersion: null, arch: "amd64" },
];

/** The name of a license server, which tells whose it is. */
export const SERVER = "27000@lic.angstroem-works";

/** What was brought in: use on the servers of seven customers, of one product by two; and an order that was a mistake. */
function imports(): Draft[] {
  const at = day(290);
  const mistake = { orderId: "SO-MISTAKE", orderedAt: day(20), customerId: "C-4", source: "import:old" };
  return [
    ...Array.from({ length: 7 }, (_, n) =>
      [280, 281].map((hour) =>
        use({
          importId: "imp-lmstat",
          at: day(hour),
          customerId: `C-${n}`,
          sku: n < 5 ? "CAD-PRO" : "CAD-LT",
          server: `${SERVER}-${n}`,
          issued: 10,
          inUse: hour - 280 + n,
        }),
      ),
    ).flat(),
    finished({ importId: "imp-lmstat", at, source: "import:lmstat", accepted: 14, duplicate: 3 }),
    ...sale(mistake),
    finished({ importId: "imp-old", at, accepted: 1, conflict: 2, quarantined: 5 }),
    ...takenBack(mistake, { importId: "imp-old", at, customerId: "C-4" }),
    importTakenBack({ importId: "imp-old", at, orders: 1 }),
  ];
}

/** What happened: every fifth order waits for ever, every seventh is cancelled, every ninth is turned away once; every twelfth came from elsewhere. */
export function facts(): Draft[] {
  const drafts: Draft[] = [...catalog(day(0))];
  for (let n = 0; n < ORDERS; n++) {
    const orderedAt = n * 4;
    const of = {
      orderId: `SO-${n}`,
      orderedAt: day(orderedAt),
      customerId: `C-${n % 12}`,
      sku: n % 3 === 0 ? "CAD-LT" : "CAD-PRO",
      brand: "Atlas",
      model: n % 4 === 0 ? ("perp-float" as const) : ("sub-node" as const),
      quantity: 1 + (n % 5),
      price: 10_000 * (1 + (n % 3)),
      currency: n % 2 === 0 ? "EUR" : "USD",
      channel: n % 3 === 1 ? "reseller" : "direct",
      source: n % 12 === 5 ? "import:old" : "api",
    };
    // What came from elsewhere brought its seats along, where it has any.
    const keys = { customerId: of.customerId, sku: of.sku, source: of.source };
    drafts.push(...sale(of));
    if (n % 5 !== 4) {
      const at = day(orderedAt + 0.5 + (n % 10));
      drafts.push(...bind(of, { at, activationId: `A-${n}`, ...keys, host: `host-${n}`, ...systems[n % 3] }));
      if (n % 8 === 3) drafts.push(...end(of, { at: day(orderedAt + 40), activationId: `A-${n}`, ...keys }));
      if (n % 9 === 2) drafts.push(...refuse(of, day(orderedAt + 30)));
    }
    if (n % 7 === 6 && n % 5 === 4) drafts.push(...cancel(of, day(orderedAt + 20), 0, of.customerId));
  }
  drafts.push(...sale({ orderId: "SO-TEST", orderedAt: day(5), customerId: "C-TEST", isTest: true }));
  drafts.push(...imports());
  return drafts
    .filter((draft) => draft.occurred_at <= AS_OF)
    .toSorted((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1));
}

/** Makes a home with a loaded lake. The caller removes it: it may serve a whole file of tests. */
export async function vendorHome(drafts: readonly Draft[] = facts()): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "keyhouse-reports-"));
  const person = { email: EMAIL, country: "DE", recorded_at: day(0) };
  const profiles = [
    ...Array.from({ length: 12 }, (_, n) => ({
      customer_id: `C-${n}`,
      name: `Ångström Works ${n}`,
      ...person,
    })),
    { customer_id: "C-TEST", name: TEST_CUSTOMER, ...person },
  ];
  if (drafts.length > 0) await writeSegments(home, drafts, { profiles });
  await loadHome(home, AS_OF);
  return home;
}

/** Removes a home. */
export const removeHome = (home: string): Promise<void> => rm(home, { recursive: true, force: true });
