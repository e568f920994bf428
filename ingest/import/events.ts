// Pure. What becomes of imports: a part of the event's contract. No name of a file is in it: it may name people.

import { z } from "zod";
import { instant } from "../stored-instant.ts";

const count = z.int().nonnegative();

/** What became of the entries of an import; `read` is the sum of the others. */
const importCounts = z.object({
  read: count,
  /** Recorded. */
  accepted: count,
  /** Known before, or the same again in its files. */
  duplicate: count,
  /** Of something that is known with another content. */
  conflict: count,
  /** Not understood, or not mapped: it waits. */
  quarantined: count,
});
export type ImportCounts = z.infer<typeof importCounts>;

/** `data` of events of imports by type. */
export const importData = {
  /** All of some files is brought in. Of what came again, more than one tells. */
  "import.finished": z.object({
    import_id: z.string(),
    format: z.string(),
    files: count,
    size_bytes: count,
    started_at: instant,
    ...importCounts.shape,
    by: z.string(),
  }),
  /** An import was a mistake: all orders that it recorded count as if they had never been. */
  "import.taken_back": z.object({ import_id: z.string(), orders: count, by: z.string() }),
  /** An order was brought in by mistake, and ended: whatever is on record of it counts as if it had never been. */
  "order.taken_back": z.object({ import_id: z.string(), by: z.string() }),
  /** How much of a floating product a license server had lent at an instant, and to whom. */
  "use.observed": z.object({
    import_id: z.string(),
    server: z.string(),
    version: z.string().nullable(),
    /** Null where the server does not count. */
    issued: count.nullable(),
    in_use: count,
    reserved: count,
    users: z.array(
      z.object({
        user_hash: z.string(),
        host_hash: z.string(),
        since: instant.nullable(),
        count,
        version: z.string().nullable(),
      }),
    ),
  }),
} as const;
