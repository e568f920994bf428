// Pure. What the document says of telemetry.

import { answers } from "./answers.ts";
import type { Operation } from "./operation.ts";
import { telemetryCallSchema, telemetryEventSchema } from "./requests.ts";

export const telemetry = {
  "POST /v1/events": {
    id: "recordEvents",
    tag: "Telemetry",
    summary: "Record what products tell of themselves: an outcome for each event",
    description:
      "An array, or a line an event as NDJSON; up to 10,000 events and 8 MiB unpacked, also with `Content-Encoding: gzip`. Every event is stored, on record already, or kept in quarantine with its problem. Send a call again whenever you are not sure: an event is known by its `id` and its `occurredAt`. What was more than a year ago needs the scope `history:write`.",
    body: { schema: telemetryCallSchema, lines: telemetryEventSchema },
    answers: {
      200: { means: "What became of each event.", schema: answers.TelemetryRecorded },
    },
    // Of the call as a whole: nothing of it was recorded then.
    problems: [
      "malformed_json",
      "ambiguous_json",
      "json_too_complex",
      "invalid_request",
      "body_too_large",
      "too_many_lines",
      "unsupported_encoding",
      "malformed_encoding",
    ],
  },
} as const satisfies Record<string, Operation>;
