// NDJSON, a stream of lines (https://github.com/ndjson/ndjson-spec), read and written a bounded piece at a time.

/** One line of the input, by its place from 1, or what kept it from being read. */
export type Line = { number: number } & ({ text: string } | { fault: "too_long" | "too_many" });

export interface LineBounds {
  /** A longer line is passed over without being kept. */
  maxCharacters: number;
  /** The first line beyond is the last that is told of, and nothing is read after it. */
  maxLines: number;
  /** How much is read ahead, in some bytes of memory, before the sender has to wait. */
  readAhead: number;
}

/** Lines as they come in: a sender is read ahead of, up to a bound, and then waits. */
export class LineReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #bounds: LineBounds;
  #lines: Line[] = [];
  /** What all lines that wait take. */
  #size = 0;
  #number = 1;
  /** The line that has begun, and whether it is too long already. */
  #rest = "";
  #isTooLong = false;
  #end: { error?: unknown } | undefined;
  #wake = Promise.withResolvers<void>();

  constructor(body: ReadableStream<Uint8Array>, bounds: LineBounds) {
    this.#reader = body.getReader();
    this.#bounds = bounds;
    this.#readAll().then(
      () => this.#finish({}),
      (error: unknown) => this.#finish({ error }),
    );
  }

  /**
   * Takes the lines that are there, waiting only where there is none: a sender that pauses has its answers all the same.
   * Empty lines are counted and passed over.
   * @returns at most `max` lines; none at the end
   * @throws what the stream failed with, whether or not lines still wait: nobody is there for their answers
   */
  async take(max: number): Promise<Line[]> {
    while (this.#lines.length === 0 && !this.#end) await this.#changed();
    if (this.#end && "error" in this.#end) throw this.#end.error;
    const taken = this.#lines.splice(0, max);
    for (const line of taken) this.#size -= sizeOf(line);
    this.#notify();
    return taken;
  }

  /** Reads no more, and forgets what waits. */
  async cancel(): Promise<void> {
    this.#finish({});
    this.#lines = [];
    // It may have failed by itself: then there is nothing left to cancel.
    await this.#reader.cancel().catch(() => undefined);
  }

  async #readAll(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      while (this.#size > this.#bounds.readAhead && !this.#end) await this.#changed();
      const { done, value } = await this.#reader.read();
      if (this.#end) return;
      this.#split(decoder.decode(value, { stream: !done }));
      if (done && (this.#rest !== "" || this.#isTooLong)) this.#push(this.#rest);
      if (this.#number > this.#bounds.maxLines + 1) await this.#reader.cancel();
      else if (!done) continue;
      return;
    }
  }

  #split(text: string): void {
    let begin = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", begin)) {
      this.#push(this.#rest + text.slice(begin, end));
      begin = end + 1;
    }
    this.#rest += text.slice(begin);
    if (this.#rest.length > this.#bounds.maxCharacters) this.#isTooLong = true;
    if (this.#isTooLong) this.#rest = "";
    this.#notify();
  }

  #push(text: string): void {
    const { maxCharacters, maxLines } = this.#bounds;
    const isTooLong = this.#isTooLong || text.length > maxCharacters;
    const number = this.#number++;
    this.#rest = "";
    this.#isTooLong = false;
    if (number > maxLines + 1) return;
    if (number > maxLines) this.#keep({ number, fault: "too_many" });
    else if (isTooLong) this.#keep({ number, fault: "too_long" });
    else if (text.trim() !== "") this.#keep({ number, text });
  }

  #keep(line: Line): void {
    this.#lines.push(line);
    this.#size += sizeOf(line);
  }

  #finish(end: { error?: unknown }): void {
    this.#end ??= end;
    this.#notify();
  }

  #changed(): Promise<void> {
    return this.#wake.promise;
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

// What the engine takes for a line beside its characters (measured: some 120 bytes).
const LINE_OVERHEAD = 100;

const sizeOf = (line: Line): number => ("text" in line ? line.text.length : 0) + LINE_OVERHEAD;

/**
 * Texts as a stream of bytes that makes the next one when it is asked for it, and none ahead.
 * @param onCancel called where the receiver goes away; `texts` ends at its next `yield` then
 */
export function streamOf(
  texts: AsyncGenerator<string>,
  onCancel: () => Promise<void>,
): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(utf8.encode(value));
      },
      async cancel() {
        await onCancel();
        await texts.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
