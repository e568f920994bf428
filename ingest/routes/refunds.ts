import { refundSchema } from "../api/requests.ts";
import { occurredAt } from "../history.ts";
import { problemOf } from "../problem.ts";
import { fingerprintOf, readJson } from "../request.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { byOf } from "../scope.ts";

/** POST /v1/orders/{orderId}/refunds: money of its lines goes back. What they grant stays as it is. */
export async function refundOrder({ c, deps, key }: Request): Promise<Answer> {
  const body = await readJson(c, refundSchema);
  if (!body.ok) return body;
  const { occurredAt: told, ...refund } = body.value;
  const when = occurredAt(told, key, deps.clock());
  if (!when.ok) return when;
  const orderId = c.req.param("orderId") ?? "";
  const outcome = await deps.ledgers.ofOrder(orderId).execute("refundOrder", {
    orderId,
    refund: { ...refund, by: byOf(key) },
    fingerprint: await fingerprintOf(body.value),
    occurredAt: when.value,
    source: "api",
  });
  return outcome.ok ? ok(outcome.value, outcome.isNew ? 201 : 200) : { problem: problemOf(outcome.refusal) };
}
