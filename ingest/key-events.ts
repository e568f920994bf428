// Pure. What becomes of keys: a part of the event's contract.

import { z } from "zod";
import { instant } from "./stored-instant.ts";

/** `data` of events of keys by type. */
export const keyData = {
  /** What opens the service: made, ended by staff, or over by itself. `key_id` is its public part. */
  "api_key.created": z.object({
    key_id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    expires_at: instant.nullable(),
    by: z.string(),
  }),
  "api_key.revoked": z.object({ key_id: z.string(), name: z.string(), by: z.string() }),
  "api_key.expired": z.object({ key_id: z.string(), name: z.string() }),
  /** What licenses are signed with. `signing_kid` is the key that signs from then on. */
  "signing_key.rotated": z.object({ signing_kid: z.string(), by: z.string() }),
  "signing_key.compromised": z.object({ kid: z.string(), signing_kid: z.string(), by: z.string() }),
} as const;
