// What tells an event of telemetry that comes again from a new one: its sender's ID, and then all that it says.

import type { OutboxRow } from "../outbox.ts";
import { factsIn } from "../outbox.ts";
import { type PackedFacts, unpackedFacts } from "../pack.ts";
import type { Sql } from "../sql.ts";
import type { TelemetryNames } from "./names.ts";

/** Facts that are told, where each ends (unpacked, before its line break), and a hash of each sender's ID. */
export interface Facts extends PackedFacts {
  factEnds: Uint32Array;
  names: Float64Array;
}

/** Of each event: new, or on record under its ID with the same content, or with another one. */
export const NEW = 0;
export const SAME = 1;
export const OTHER = 2;

// By chance two of a billion IDs have one hash. So many have it where somebody made them so, to have each compared with
// all before it: what they send then is kept apart.
const MAX_NAMESAKES = 32;

/**
 * Looks at events in order; new ones are noted under the places after `last`.
 * @returns one of the above for each
 */
export function recognize(sql: Sql, known: TelemetryNames, told: Facts, last: number): Uint8Array {
  known.refresh();
  const novelties = new Uint8Array(told.names.length);
  const recorded = new RecordedFacts(sql);
  // Most calls are all new, and nothing is compared.
  let unpacked: Uint8Array | undefined;
  const factAt = (i: number): Uint8Array => {
    unpacked ??= unpackedFacts(told);
    return unpacked.subarray(i === 0 ? 0 : told.factEnds[i - 1]! + 1, told.factEnds[i]);
  };
  /** Which of these has place `last + 1`, `last + 2`, … */
  const placed: number[] = [];
  for (let i = 0; i < novelties.length; i++) {
    const name = told.names[i]!;
    const namesakes = known.find(name);
    if (namesakes.length >= MAX_NAMESAKES) novelties[i] = OTHER;
    for (const seq of namesakes) {
      const here = placed[seq - last - 1];
      const fact = factAt(i);
      const before = here === undefined ? recorded.at(seq) : factAt(here);
      if (areEqual(fact, before)) novelties[i] = SAME;
      else if (idOf(fact) === idOf(before)) novelties[i] = OTHER;
      // Or else two IDs have one hash: this one is no news of the other.
      else continue;
      break;
    }
    if (novelties[i] === NEW) {
      placed.push(i);
      known.add(name, last + placed.length);
    }
  }
  known.settle();
  return novelties;
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function idOf(fact: Uint8Array): string {
  const { data } = JSON.parse(`{${new TextDecoder().decode(fact)}}`) as { data: { client_event_id: string } };
  return data.client_event_id;
}

/** Facts that are on record. Who sends a call again asks for those of one row, one after another: the last row is kept. */
class RecordedFacts {
  readonly #sql: Sql;
  #first = 1;
  #facts: Uint8Array[] = [];

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  at(seq: number): Uint8Array {
    const held = this.#facts[seq - this.#first];
    if (held) return held;
    const row = this.#sql.get<OutboxRow>(
      "select seq, line, batch from event where seq >= ? order by seq limit 1",
      seq,
    );
    if (!row?.batch) throw new Error(`the register of telemetry names event ${seq}, which is none`);
    const { events, facts } = factsIn(row.batch);
    this.#first = row.seq - events + 1;
    this.#facts = [];
    for (let begin = 0, end = facts.indexOf(0x0a); end >= 0; end = facts.indexOf(0x0a, begin)) {
      this.#facts.push(facts.subarray(begin, end));
      begin = end + 1;
    }
    const fact = this.#facts[seq - this.#first];
    if (!fact) throw new Error(`the register of telemetry names event ${seq}, which is none`);
    return fact;
  }
}
