import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";

/** GET /.well-known/jwks.json: the keys that verify licenses. */
export async function jwks({ deps }: Request): Promise<Answer> {
  return ok({ keys: deps.publicKeys });
}

/**
 * GET /healthz: that the process answers, and the ledger can be read: of several shards, the one that every order system
 * needs. Whoever sees it fail starts the service anew.
 */
export async function healthz({ deps }: Request): Promise<Answer> {
  const { lastSeq } = await deps.ledgers.control.ask("summary");
  return ok({ status: "ok", lastSeq });
}

/** GET /readyz: whether work may come. That the keys are there was seen before; here the ledger is asked for its write lock. */
export async function readyz({ deps }: Request): Promise<Answer> {
  await deps.ledgers.control.ask("writable");
  const obstacle = (await deps.operation?.obstacle()) ?? null;
  return obstacle === null ? ok({ status: "ready" }) : { problem: problem("not_ready", obstacle) };
}

/** GET /metrics: counts in Prometheus' format. */
export async function metrics({ deps }: Request): Promise<Answer> {
  const rendered = await deps.operation?.metrics?.render();
  if (!rendered) return { problem: problem("not_found", "No metrics are kept on this runtime.") };
  return { stream: new Blob([rendered.text]).stream(), type: rendered.type };
}
