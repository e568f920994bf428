// What of an import is no order: use of floating licenses, and entries that could not be read.

import { formatInstant } from "../../licensing/index.ts";
import type { ObservedUse, StorefrontMessage } from "../importers/importer.ts";
import type { ImportedUse, MisfitRecord } from "../ledger/commands/import-runs.ts";
import { digestOf, type Keyed, type Names } from "./assemble.ts";
import type { Staged } from "./place.ts";
import type { StagedOther } from "./staged.ts";

/** What is no order, as it is recorded: use, a storefront's message, or what could not be read or mapped. */
export type Other = Keyed &
  (
    | { kind: "use"; use: ImportedUse }
    | { kind: "message"; message: StorefrontMessage }
    | { kind: "misfit"; stage: MisfitRecord["stage"]; code: string; detail: string }
  );

/** What an entry that is no part of an order comes to. */
export function otherOf(other: StagedOther, names: Names, { source }: { source: string }): Other {
  const { file, fileNumber, place, input } = other;
  const entry = { file, fileNumber, place, input };
  switch (other.kind) {
    case "use":
      return useOf(other.use, entry, names, source);
    case "message":
      return {
        ...entry,
        recordKey: `${source} message ${digestOf(other.message)}`,
        kind: "message",
        message: other.message,
      };
    case "problem": {
      const { code, detail } = other;
      return {
        ...entry,
        recordKey: `${source} ${digestOf([code, input])}`,
        kind: "misfit",
        stage: "parse",
        code,
        detail,
      };
    }
  }
}

/** What a license server told, as the ledger takes it; or why not. */
function useOf(use: ObservedUse, entry: Staged, names: Names, source: string): Other {
  const recordKey = `${source} use ${digestOf(use)}`;
  const misfit = (code: string, detail: string): Other => ({
    ...entry,
    recordKey,
    kind: "misfit",
    stage: "map",
    code,
    detail,
  });
  const sku = names.sku(use.product);
  if (sku === undefined)
    return misfit("unmapped_product", `The product ${use.product} is not mapped: write a rule for it.`);
  const customer = names.customer(use, entry.file);
  if ("unmapped" in customer)
    return misfit("unmapped_customer", `Whose it is, is not known: ${customer.unmapped}.`);
  return {
    ...entry,
    recordKey,
    kind: "use",
    use: {
      recordKey,
      customerId: customer.id,
      sku,
      observedAt: use.at,
      data: dataOf(use, (id) => names.hashId(id)),
    },
  };
}

function dataOf(
  { server, version, issued, inUse, reserved, users }: ObservedUse,
  hashId: Names["hashId"],
): ImportedUse["data"] {
  return {
    server,
    version: version ?? null,
    issued,
    in_use: inUse,
    reserved,
    users: users.map(({ user, host, since, count, version: running }) => ({
      user_hash: hashId(user),
      host_hash: hashId(host),
      since: since === null ? null : formatInstant(since),
      count,
      version: running ?? null,
    })),
  };
}
