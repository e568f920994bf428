// A body that its route reads by itself: unpacked where it was sent compressed, and bounded after that.

import type { Context } from "hono";
import { problem } from "./problem.ts";
import type { Parsed } from "./request.ts";

/** What reading a body may end with beside its own faults. */
export class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";
}

/**
 * The bytes of a body, unpacked.
 * @param maxBytes ends the stream with {@link BodyTooLargeError} where more come out of it: a small body may unpack to
 *   any size
 */
export function bodyOf(c: Context, maxBytes: number): Parsed<ReadableStream<Uint8Array>> {
  const sent: ReadableStream<Uint8Array> = c.req.raw.body ?? new Blob().stream();
  const encoding = (c.req.header("Content-Encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity") return { ok: true, value: sent.pipeThrough(atMost(maxBytes)) };
  if (encoding === "gzip") {
    // What is sent is bounded too, or a body that unpacks to nothing would be read for ever.
    const unpacked = sent
      .pipeThrough(atMost(maxBytes))
      .pipeThrough(new DecompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>);
    return { ok: true, value: unpacked.pipeThrough(atMost(maxBytes)) };
  }
  const detail = "Content-Encoding is gzip, or none: send the body so.";
  return { ok: false, problem: problem("unsupported_encoding", detail) };
}

function atMost(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(new BodyTooLargeError(`more than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
