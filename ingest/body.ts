// A body of bytes: unpacked where it was sent compressed, and bounded before it is in memory.

import type { Context } from "hono";
import type { Operation } from "./operation/operation.ts";
import { type Problem, problem } from "./problem.ts";
import type { Parsed } from "./request.ts";

class BodyTooLargeError extends Error {
  override name = "BodyTooLargeError";
}

/**
 * The bytes of a body, unpacked.
 * @param maxBytes of what is sent and of what comes out of it: a small body may unpack to any size
 */
export async function readBytes(
  c: Context,
  maxBytes: number,
  bytesOf: Operation["bytesOf"],
): Promise<Parsed<Uint8Array<ArrayBuffer>>> {
  const encoding = (c.req.header("Content-Encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip")
    return refused("unsupported_encoding", "Content-Encoding is gzip, or none: send the body so.");
  try {
    return {
      ok: true,
      value: await (encoding === "gzip" ? unpacked(c, maxBytes) : plain(c, maxBytes, bytesOf)),
    };
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      const detail = `A body may have ${maxBytes} bytes, unpacked: nothing was recorded. Send it in parts.`;
      return refused("body_too_large", detail);
    }
    // A connection that was lost has nobody to answer; what is left is a body that is not what its sender said.
    return refused("malformed_encoding", "The body is no gzip, or not all of it came.");
  }
}

const refused = (...fault: Parameters<typeof problem>): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem(...fault),
});

/** A body that states its length ends with it (see `body-limit.ts`): the runtime reads it faster than a stream is read. */
async function plain(
  c: Context,
  maxBytes: number,
  bytesOf: Operation["bytesOf"],
): Promise<Uint8Array<ArrayBuffer>> {
  const stated = c.req.header("Content-Length");
  if (stated === undefined || c.req.header("Transfer-Encoding") !== undefined)
    return collected(streamOf(c).pipeThrough(atMost(maxBytes)));
  if (Number(stated) > maxBytes) throw new BodyTooLargeError();
  return (await bytesOf?.(c, Number(stated))) ?? new Uint8Array(await c.req.arrayBuffer());
}

/** What is sent is bounded too, or a body that unpacks to nothing would be read for ever. */
const unpacked = (c: Context, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> =>
  collected(
    streamOf(c)
      .pipeThrough(atMost(maxBytes))
      .pipeThrough(new DecompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>)
      .pipeThrough(atMost(maxBytes)),
  );

const streamOf = (c: Context): ReadableStream<Uint8Array> => c.req.raw.body ?? new Blob().stream();

const collected = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());

function atMost(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) controller.error(new BodyTooLargeError());
      else controller.enqueue(chunk);
    },
  });
}
