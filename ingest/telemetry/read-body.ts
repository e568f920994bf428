// Telemetry by the thousand: a body of lines → the facts that they tell, all in bytes. Plain lines are read where they
// stand (`plain.ts`), all others as texts (`read.ts`), which says what is right.

import { packedFacts } from "../ledger/pack.ts";
import { shardOfId } from "../ledger/placement.ts";
import { problem, type Problem } from "../problem.ts";
import type { TelemetryBatch } from "./batch.ts";
import { Output, PADDING, pieceOf } from "./bytes.ts";
import type { ByteMemory } from "./byte-memory.ts";
import { nameOf } from "./name.ts";
import { memoryOf, writeFact } from "./plain-fact.ts";
import { PlainLine } from "./plain.ts";
import { readLine } from "./read.ts";
import type { Reading } from "./reading.ts";
import { isTooLong, MAX_LINE_CHARACTERS, splitLines, textOf } from "./split.ts";

const NO_SHARD = 65_535;
const LINE_BREAK = 0x0a;
const RETURN = 0x0d;

const tooLong = problem("line_too_long", `An event may have ${MAX_LINE_CHARACTERS} characters.`);

/** Reads a body here and now. */
export function readBatch(
  body: Uint8Array<ArrayBuffer>,
  reading: Reading,
): TelemetryBatch | "too_many_lines" {
  const lines = splitLines(body);
  if (!lines) return "too_many_lines";
  const facts = new Facts(body, lines.begins.length, reading);
  const problems = new Map<number, Problem>();
  lines.begins.forEach((begin, index) => {
    const fault = facts.add(begin, lines.ends[index] ?? begin);
    if (fault) problems.set(index, fault);
  });
  return { sent: body, ...lines, ...facts.done(), problems };
}

// Written anew by each body: a buffer of half a megabyte for each would be cleared, paged in, and collected.
const output = new Output(256 * 1024);

/** Facts that are read, one after the other. */
class Facts {
  readonly #body: Uint8Array;
  readonly #reading: Reading;
  readonly #memory: ByteMemory;
  readonly #line: PlainLine;
  readonly #ends: Uint32Array<ArrayBuffer>;
  readonly #names: Float64Array<ArrayBuffer>;
  readonly #shards: Uint16Array<ArrayBuffer>;
  #count = 0;

  constructor(body: Uint8Array, lines: number, reading: Reading) {
    this.#body = body;
    this.#reading = reading;
    this.#memory = memoryOf(reading.hashId);
    this.#line = new PlainLine(body);
    output.clear();
    this.#ends = new Uint32Array(lines);
    this.#names = new Float64Array(lines);
    this.#shards = new Uint16Array(lines);
  }

  /** Reads a line. @returns why it cannot be read, or null */
  add(begin: number, end: number): Problem | null {
    const body = this.#body;
    if (isTooLong(body, begin, end)) return tooLong;
    const plainEnd = body[end - 1] === RETURN ? end - 1 : end;
    if (end + PADDING > body.length) return this.#addAlone(body.slice(begin, plainEnd), begin, end);
    return this.#addPlain(this.#line, begin, plainEnd) ? null : this.#addText(textOf(body, begin, end));
  }

  /** The last line: it goes where bytes follow it. */
  #addAlone(line: Uint8Array, begin: number, end: number): Problem | null {
    const padded = new Uint8Array(line.length + PADDING);
    padded.set(line);
    return this.#addPlain(new PlainLine(padded), 0, line.length)
      ? null
      : this.#addText(textOf(this.#body, begin, end));
  }

  #addPlain(line: PlainLine, begin: number, end: number): boolean {
    if (!line.read(begin, end, this.#reading)) return false;
    writeFact(line, output, this.#memory);
    this.#push(nameOf(line.view, line.idBegin, line.idEnd), line.shard());
    return true;
  }

  #addText(text: string): Problem | null {
    const read = readLine(text, this.#reading);
    if (!read.ok) return read.problem;
    const { id, about, fact } = read.value;
    output.text(fact);
    const name = pieceOf(id);
    this.#push(nameOf(name.view, 0, name.length), shardOfId(about) ?? NO_SHARD);
    return null;
  }

  #push(name: number, shard: number): void {
    this.#ends[this.#count] = output.length;
    this.#names[this.#count] = name;
    this.#shards[this.#count++] = shard;
    output.byte(LINE_BREAK);
  }

  done() {
    return {
      ...packedFacts(output.done()),
      factEnds: this.#ends.subarray(0, this.#count),
      names: this.#names.subarray(0, this.#count),
      shards: this.#shards.subarray(0, this.#count),
    };
  }
}
