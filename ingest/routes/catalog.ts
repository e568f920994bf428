import { catalogSchema, instantSchema } from "../../licensing/index.ts";
import { occurredAt } from "../history.ts";
import { problemOf } from "../problem.ts";
import { readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";

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
  return outcome.ok ? ok(outcome.value, outcome.isNew ? 201 : 200) : { problem: problemOf(outcome.refusal) };
}
