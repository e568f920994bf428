// Pure. What an event is told whose ID another one has.

import { problem, type Problem } from "../problem.ts";

export const TELEMETRY_CONFLICT: Problem = problem(
  "event_id_conflict",
  "Another event of this ID is on record: give each event an ID of its own.",
  [{ field: "id", message: "came with another content before" }],
);
