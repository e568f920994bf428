// Pure. A stream of bytes → the JSON of its lines, each as it comes.

/** Reads NDJSON. Who stops reading ends the stream. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) if (line !== "") yield JSON.parse(line) as unknown;
  }
  if (rest !== "") yield JSON.parse(rest) as unknown;
}
