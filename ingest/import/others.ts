// What of an import is no order: use of floating licenses, and entries that could not be read.

import { formatInstant } from "../../licensing/index.ts";
import type { ObservedUse } from "../importers/importer.ts";
import type { ImportedUse, MisfitRecord } from "../ledger/commands/import-runs.ts";
import { digestOf, type Keyed, type Names } from "./assemble.ts";
import type { Run } from "./run.ts";
import type { StagedOther } from "./staging.ts";

/** What is recorded in one transaction. */
const BATCH = 200;

type Use = Keyed & { use: ImportedUse };
type Misfit = Keyed & { stage: MisfitRecord["stage"]; code: string; detail: string };

/** Records what is no order, in the order in which it was read. */
export async function recordOthers(
  others: Iterable<StagedOther>,
  run: Run,
  names: Names,
  source: string,
): Promise<void> {
  let uses: Use[] = [];
  let misfits: Misfit[] = [];
  const flush = async () => {
    if (uses.length > 0) await run.uses(uses);
    if (misfits.length > 0) await run.misfits(misfits);
    uses = [];
    misfits = [];
  };
  for (const other of others) {
    if (other.kind === "problem") {
      const { code, input } = other;
      misfits.push({ ...other, recordKey: `${source} ${digestOf([code, input])}`, stage: "parse" });
    } else if (other.kind === "use") {
      const read = useOf(other, names, source);
      if ("use" in read) uses.push(read);
      else misfits.push(read);
    }
    if (uses.length + misfits.length >= BATCH) await flush();
  }
  await flush();
}

/** What a license server told, as the ledger takes it; or why not. */
function useOf(other: StagedOther & { kind: "use" }, names: Names, source: string): Use | Misfit {
  const { use, ...entry } = other;
  const recordKey = `${source} use ${digestOf(use)}`;
  const misfit = (code: string, detail: string): Misfit => ({
    ...entry,
    recordKey,
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
    use: { recordKey, customerId: customer.id, sku, observedAt: use.at, data: dataOf(use, (id) => names.hashId(id)) },
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
