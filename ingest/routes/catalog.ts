import {
  type Catalog,
  catalogSchema,
  exposureOf,
  instantSchema,
  resolvePolicy,
} from "../../licensing/index.ts";
import { occurredAt } from "../history.ts";
import { problemOf } from "../problem.ts";
import { readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";

/** What is to be thought over about the policies of a catalog, each under the license model that has it. */
function warningsOf(catalog: Catalog): string[] {
  return catalog.licenseModels.flatMap(({ id, metric, policy }) =>
    exposureOf(resolvePolicy(metric, policy), metric).warnings.map((warning) => `${id}: ${warning}`),
  );
}

const bodySchema = catalogSchema.safeExtend({ occurredAt: instantSchema.optional() });

/** PUT /v1/catalog: publishes a catalog version. */
export async function publishCatalog({ c, deps, key }: Request): Promise<Answer> {
  const body = await readJson(c, bodySchema);
  if (!body.ok) return body;
  const { occurredAt: given, ...catalog } = body.value;
  const when = occurredAt(given, key, deps.clock());
  if (!when.ok) return when;
  const outcome = await deps.ledger.execute("publishCatalog", {
    catalog,
    occurredAt: when.value,
    source: "api",
  });
  if (!outcome.ok) return { problem: problemOf(outcome.refusal) };
  return ok({ ...outcome.value, warnings: warningsOf(catalog) }, outcome.isNew ? 201 : 200);
}
