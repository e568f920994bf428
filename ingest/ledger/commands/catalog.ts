// What the vendor sells.

import { type Catalog, formatInstant, type Instant } from "../../../licensing/index.ts";
import { type CommandContext, type Outcome, rejected } from "../outcome.ts";

/** Publishes a catalog version. The same version again is no news; with another content it is a conflict. */
export function publishCatalog(
  { store }: CommandContext,
  command: { catalog: Catalog; occurredAt: Instant | null; source: string },
): Outcome<{ version: string }> {
  const { version, products, licenseModels, priceBands } = command.catalog;
  const body = JSON.stringify(command.catalog);
  const known = store.catalogBody(version);
  if (known === body) return { ok: true, isNew: false, value: { version } };
  if (known !== undefined)
    return rejected(
      "catalog_conflict",
      `Catalog version ${version} was published with another content: publish yours under a new version.`,
    );
  store.insertCatalog(version, body);
  store.append({
    type: "catalog.published",
    source: command.source,
    occurred_at: formatInstant(command.occurredAt ?? store.now),
    data: { version, products, license_models: licenseModels, price_bands: priceBands },
  });
  return { ok: true, isNew: true, value: { version } };
}
