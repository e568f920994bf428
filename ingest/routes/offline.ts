import { readOfflineRequest, signOfflineResponse } from "../../licensing/index.ts";
import { problem } from "../problem.ts";
import { type Answer, ok, type Request } from "../route.ts";
import { activateHost } from "./activations.ts";

/**
 * POST /v1/offline-activations: a request file in, a response file out. The host never calls, so its license runs as long
 * as the policy allows for such.
 */
export async function activateOffline({ c, deps }: Request): Promise<Answer> {
  const read = await readOfflineRequest(await c.req.text());
  if (!read.ok)
    return { problem: problem("invalid_request", read.detail, [{ field: "", message: read.reason }]) };
  const { request, digest } = read;
  const outcome = await activateHost(deps, request.activationCode, request, null, { isOffline: true });
  if (!outcome.ok) return outcome;
  const { answer, isNew } = outcome.value;
  const { license } = answer;
  const file = await signOfflineResponse(
    { issuer: deps.issuer, now: deps.clock(), request, digest, license },
    deps.signer,
  );
  return ok({ activation: answer.activation, file }, isNew ? 201 : 200);
}
