import { type Catalog, exposureOf, resolvePolicy } from "../../licensing/index.ts";
import { catalogBodySchema } from "../api/requests.ts";
import { occurredAt } from "../history.ts";
import { problem, problemOf } from "../problem.ts";
import { readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { byOf } from "../scope.ts";

/** What is to be thought over about the policies of a catalog, each under the license model that has it. */
function warningsOf(catalog: Catalog): string[] {
  return catalog.licenseModels.flatMap(({ id, metric, policy }) =>
    exposureOf(resolvePolicy(metric, policy), metric).warnings.map((warning) => `${id}: ${warning}`),
  );
}

/** Copies on their way at a time: a catalog may have megabytes, and an edge has 128 MB for all that it does. */
const COPIES_AT_ONCE = 8;

/** PUT /v1/catalog: publishes a catalog version. */
export async function publishCatalog({ c, deps, key }: Request): Promise<Answer> {
  const body = await readJson(c, catalogBodySchema);
  if (!body.ok) return body;
  const { occurredAt: given, ...catalog } = body.value;
  const when = occurredAt(given, key, deps.clock());
  if (!when.ok) return when;
  const { control, all } = deps.ledgers;
  const outcome = await control.execute("publishCatalog", {
    catalog,
    by: byOf(key),
    occurredAt: when.value,
    source: "api",
  });
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  const { version, number } = outcome.value;
  // Acknowledged once every shard decides by it. One that failed decides by the last one until this comes again.
  const copies = all.filter((ledger) => ledger !== control);
  try {
    for (let sent = 0; sent < copies.length; sent += COPIES_AT_ONCE)
      await Promise.all(
        copies
          .slice(sent, sent + COPIES_AT_ONCE)
          .map((ledger) => ledger.execute("adoptCatalog", { catalog, number })),
      );
  } catch (error) {
    deps.report(error, c.get("requestId"));
    return {
      problem: problem(
        "storage_unavailable",
        `Catalog ${version} is published, and not in force everywhere yet: send the same again.`,
      ),
    };
  }
  return ok({ version, warnings: warningsOf(catalog) }, outcome.isNew ? 201 : 200);
}
