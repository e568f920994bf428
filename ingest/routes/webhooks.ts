import { parseInstant } from "../../licensing/index.ts";
import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { takeInOrQuarantine } from "../sources/intake.ts";
import { orderBody } from "./orders.ts";

/**
 * POST /v1/webhooks/shopify: an order from a store. What Shopify cannot help is answered with 200: any other answer makes
 * it send the same again for two days, and then drop the webhook.
 */
export async function shopify({ c, deps }: Request): Promise<Answer> {
  if (deps.shopifySecret === undefined)
    return {
      problem: problem(
        "webhook_not_configured",
        "Set SHOPIFY_WEBHOOK_SECRET to what Shopify signs with, and start again.",
      ),
    };
  const bytes = await c.req.arrayBuffer();
  const signature = c.req.header("X-Shopify-Hmac-Sha256");
  if (signature === undefined || !(await isSigned(bytes, signature, deps.shopifySecret)))
    return {
      problem: problem(
        "invalid_signature",
        "X-Shopify-Hmac-Sha256 is not the HMAC-SHA256 of this body under the store's secret.",
      ),
    };
  const body = new TextDecoder().decode(bytes);
  const webhookId = c.req.header("X-Shopify-Webhook-Id")?.slice(0, MAX_HEADER_LENGTH);
  const intake = await takeInOrQuarantine(
    deps.ledgers,
    {
      source: "shopify",
      body,
      // Shopify signs the body alone: who could replay a body could write these anew. What such a one cannot do is bring
      // an older state of an order back, since the body says of when it is.
      id: webhookId === undefined ? undefined : [webhookId, body],
      sentAt: parseInstant(c.req.header("X-Shopify-Triggered-At") ?? ""),
    },
    deps.clock(),
  );
  switch (intake.kind) {
    case "recorded":
      return ok({ status: "recorded", ...orderBody(intake.recorded) }, intake.isNew ? 201 : 200);
    case "noted":
    case "ignored":
      throw new TypeError("Shopify tells of nothing but orders");
    case "withdrawn":
      return ok({ status: intake.problem ? "refused" : "cancelled", problem: intake.problem });
    case "not_understood":
      return ok({ status: "quarantined", quarantineId: intake.quarantineId, problem: intake.problem });
  }
}

// A UUID has 36.
const MAX_HEADER_LENGTH = 100;

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https: base64 of HMAC-SHA256 over the bytes that were sent. */
async function isSigned(body: ArrayBuffer, signature: string, secret: string): Promise<boolean> {
  const given = decodeBase64(signature);
  if (!given) return false;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "verify",
  ]);
  // The engine compares in constant time.
  return crypto.subtle.verify("HMAC", key, given, body);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
