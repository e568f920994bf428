import { catalogSchema } from "../../licensing/index.ts";
import { problemOf } from "../problem.ts";
import { readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";

/** PUT /v1/catalog: publishes a catalog version. */
export async function publishCatalog({ c, deps }: Request): Promise<Answer> {
  const body = await readJson(c, catalogSchema);
  if (!body.ok) return body;
  const outcome = await deps.ledger.execute("publishCatalog", { catalog: body.value, source: "api" });
  return outcome.ok ? ok(outcome.value, outcome.isNew ? 201 : 200) : { problem: problemOf(outcome.refusal) };
}
