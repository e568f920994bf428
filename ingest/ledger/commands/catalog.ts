// What the vendor sells.

import { type Catalog, formatInstant, type Instant } from "../../../licensing/index.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";

/** Publishes a catalog version. The same version again is no news; with another content it is a conflict. */
export function publishCatalog(
  { store }: CommandContext,
  command: { catalog: Catalog; by: string; occurredAt: Instant | null; source: string },
): Outcome<{ version: string; number: number }> {
  const { version, products, licenseModels, priceBands } = command.catalog;
  const body = JSON.stringify(command.catalog);
  const known = store.catalog(version);
  if (known?.body === body) return { ok: true, isNew: false, value: { version, number: known.number } };
  if (known !== undefined)
    return rejected(
      "catalog_conflict",
      `Catalog version ${version} was published with another content: publish yours under a new version.`,
    );
  const number = store.insertCatalog(version, body);
  store.append({
    type: "catalog.published",
    source: command.source,
    occurred_at: formatInstant(command.occurredAt ?? store.now),
    data: { version, products, license_models: licenseModels, price_bands: priceBands, by: command.by },
  });
  return { ok: true, isNew: true, value: { version, number } };
}

/** Keeps a copy of a catalog that shard 0 published: of all copies, the one with the highest number is in force. */
export function adoptCatalog(
  { store }: CommandContext,
  { catalog, number }: { catalog: Catalog; number: number },
): Outcome<object> {
  store.adoptCatalog(number, catalog.version, JSON.stringify(catalog));
  return { ok: true, isNew: true, value: {} };
}
