import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import type { Intake } from "../sources/command.ts";
import { takeInOrQuarantine } from "../sources/intake.ts";
import { verifySignature } from "../sources/stripe/signature.ts";

/**
 * POST /v1/webhooks/stripe: what Stripe tells of checkouts, subscriptions and their money. What it cannot help is answered with
 * 200: any other answer makes it send the same again for three days. Answers have no activation codes: Stripe keeps what it is
 * answered, and shows it to whoever may see the vendor's dashboard.
 */
export async function stripe({ c, deps }: Request): Promise<Answer> {
  if (deps.stripeSecrets.length === 0)
    return {
      problem: problem(
        "webhook_not_configured",
        "Set STRIPE_WEBHOOK_SECRET to the signing secret of the endpoint, and start again.",
      ),
    };
  const bytes = new Uint8Array(await c.req.arrayBuffer());
  const now = deps.clock();
  const signature = await verifySignature(
    c.req.header("Stripe-Signature") ?? "",
    bytes,
    deps.stripeSecrets,
    now,
  );
  if (signature === "invalid")
    return {
      problem: problem(
        "invalid_signature",
        "Stripe-Signature has no v1 that is the HMAC-SHA256 of its time and this body under the endpoint's secret.",
      ),
    };
  if (signature === "stale")
    return {
      problem: problem(
        "stale_delivery",
        "Stripe-Signature was made more than five minutes from now, by the clock here: if that is right, send it again.",
      ),
    };
  const body = new TextDecoder().decode(bytes);
  const eventId = /"id":\s*"(evt_\w{1,100})"/.exec(body)?.[1];
  const intake = await takeInOrQuarantine(
    deps.ledgers,
    { source: "stripe", body, id: eventId === undefined ? undefined : [eventId], sentAt: undefined },
    now,
  );
  return answerOf(intake);
}

function answerOf(intake: Intake & { quarantineId?: string }): Answer {
  switch (intake.kind) {
    case "recorded": {
      const { orderId } = intake.recorded.order;
      return ok({ status: "recorded", orderId }, intake.isNew ? 201 : 200);
    }
    case "noted": {
      const { isWaiting, orderId, isNew } = intake;
      return ok({ status: isWaiting ? "waiting" : "recorded", orderId }, isNew ? 201 : 200);
    }
    case "withdrawn":
      return ok({ status: intake.problem ? "refused" : "cancelled", problem: intake.problem });
    case "ignored":
      return ok({ status: "ignored" });
    case "not_understood":
      return ok({ status: "quarantined", quarantineId: intake.quarantineId, problem: intake.problem });
  }
}
