// Files for importers, without a disk.

import type { Entry, Importer, ReadContext, Source } from "../../../ingest/importers/importer.ts";

// Short and odd: lines and characters are cut in the middle.
const PIECE_BYTES = 997;

/** A file of this content, given in pieces. */
export function sourceOf(content: string | Uint8Array, name = "file", encoding?: string): Source {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    size: bytes.length,
    encoding,
    async *bytes() {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    },
  };
}

/** All that an importer reads of a file. */
export async function entriesOf(
  importer: Importer,
  source: Source,
  context: Partial<ReadContext> = {},
): Promise<Entry[]> {
  const whole: ReadContext = {
    options: {},
    orderedAt: undefined,
    table: undefined,
    currency: "USD",
    ...context,
  };
  return Array.fromAsync(importer.read(source, whole));
}
