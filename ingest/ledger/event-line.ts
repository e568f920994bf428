// Pure. An event as the line that it is in the outbox, in the history and in the lake.

import { type Instant, formatInstant } from "../../licensing/index.ts";
import { EVENT_SCHEMA } from "../event.ts";
import type { Fact } from "./news.ts";

/** A line but for its place, which stands between these: all of it that is known before a transaction. */
export interface LinePieces {
  head: string;
  tail: string;
}

/** A fact as a line. @param id the event's, which is new */
export function linePieces(fact: Fact, source: string, id: string): LinePieces {
  // Written out: all but the source is of our own making, and to have an object made of it took twice as long.
  const head = `{"id":"${id}","type":"${fact.type}","schema":${EVENT_SCHEMA},"source":${JSON.stringify(source)},"occurred_at":"${fact.occurred_at}"`;
  const tail = JSON.stringify({
    // What does not apply is undefined here, and so not in the line.
    customer_id: fact.customer_id,
    order_id: fact.order_id,
    entitlement_id: fact.entitlement_id,
    sku: fact.sku,
    activation_id: fact.activation_id,
    license_id: fact.license_id,
    data: fact.data,
  });
  return { head, tail: `,${tail.slice(1)}` };
}

/** What stands between the pieces of a line: when and where it was recorded, up to its `seq`, which follows at once. */
export const placeText = (recordedAt: Instant, shard: number): string =>
  `,"recorded_at":"${formatInstant(recordedAt)}","shard":${shard},"seq":`;
