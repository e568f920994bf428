// What a load has to compute anew: the units that something happened to since the snapshot that it builds on, or that the
// as-of time has gone past.

import { isStored } from "./models.ts";
import { type Unit, units } from "./units.ts";
import type { Workshop } from "./workshop.ts";

const CROSSED =
  "> least(getvariable('as_of'), getvariable('as_of_before')) and {} <= greatest(getvariable('as_of'), getvariable('as_of_before'))";

/** Whether a time is between the as-of time of the base and that of the load, whichever is later. */
const isCrossed = (column: string) => `${column} ${CROSSED.replace("{}", column)}`;

/** What of an event says what it touches, and since when. */
const CHANGED_KEYS = "id, type, occurred_at, order_id, entitlement_id, activation_id";

/** Makes `changed_event`: the keys of events that are new, or that one of the two as-of times has not reached. */
export async function findChanges({ database }: Workshop): Promise<void> {
  await database.run(`
    create table changed_event as
      select ${CHANGED_KEYS} from taken_events
      union all
      select ${CHANGED_KEYS} from events where ${isCrossed("occurred_at")}`);
}

/** Adds to `changed_event` those that count now, or do not count any more, because their ID stands again. Which are repeated must be known. */
export async function findRepeated({ database }: Workshop): Promise<void> {
  const repeated = `select (shard, seq) from ${changesOf("int_repeated_event")}`;
  await database.run(
    `insert into changed_event select ${CHANGED_KEYS} from events where (shard, seq) in (${repeated})`,
  );
}

/**
 * Makes `unit_event`, a view of all events in which each of an entitlement has its order, and `order_of`, from where it is
 * filled in. Events have said so themselves for long: the map is made only where one does not.
 */
export async function nameOrders({ database }: Workshop): Promise<void> {
  const isTold = "entitlement_id is not null and not starts_with(type, 'telemetry.')";
  const [nameless] = await database.rows<{ count: number }>(
    `select count(*) as count from events where order_id is null and ${isTold}`,
  );
  if (nameless?.count === 0) {
    await database.run(`
      create table order_of(entitlement_id varchar, order_id varchar);
      create view unit_event as from events`);
    return;
  }
  await database.run(`
    create table order_of as
      select entitlement_id, min(order_id) as order_id from events
      where order_id is not null and ${isTold} group by entitlement_id;
    create view unit_event as
      select events.* replace (coalesce(events.order_id, order_of.order_id) as order_id)
      from events left join order_of on events.entitlement_id = order_of.entitlement_id`);
}

/**
 * Makes `touched_<unit>`, the keys of what is computed anew, and since when something is another with each. Of what a unit reads, the changes must be known.
 * @returns which rows of events and of the unit's tables are of those: a condition
 */
export async function findTouched(shop: Workshop, unit: Unit): Promise<string> {
  const known = new Set(shop.models.map(({ name }) => name));
  const { [unit]: ofUnit } = touches(shop);
  const parts = ofUnit
    .filter(({ of }) => of === undefined || known.has(of))
    .map(({ keys, since = EVER }) => `select key, ${since} as since_at from (${keys}) as touches`);
  await shop.database.run(
    `create table touched_${unit} as select key, min(since_at) as since_at from (${parts.join(" union all ")}) as touches group by key`,
  );
  const [nameless] = await shop.database.rows(`select 1 as one from touched_${unit} where key = '' limit 1`);
  const { key, column = key } = units[unit];
  return `${nameless === undefined ? column : key} in (select key from touched_${unit})`;
}

/** Queries of keys, since when each was touched, where that is not as long as there is anything, and the model that one needs. */
type Touches = { keys: string; since?: string; of?: string }[];

const EVER = "timestamp '-infinity'";

/** What says who has a thing, or whether it is there at all, is told in all of its rows. What named no order may be of another now. */
const SINCE_EVENT = `if(
  type in ('entitlement.granted', 'entitlement.transferred', 'order.taken_back') or exists (from order_of), ${EVER}, occurred_at)`;

function touches({ models }: Workshop): Record<Unit, Touches> {
  const turned = models
    .filter((model) => model.unit === "order" && isStored(model))
    .flatMap(({ name, turns_at: columns }) =>
      columns.map((column) => ({
        keys: `select ${units.order.key} as key, ${column} as turned_at from base.${name} where ${isCrossed(column)}`,
        since: "turned_at",
      })),
    );
  return {
    id: [{ keys: "select id as key from changed_event" }],
    order: [
      {
        keys: `select coalesce(changed.order_id, order_of.order_id, '') as key, type, occurred_at
          from changed_event as changed left join order_of on changed.entitlement_id = order_of.entitlement_id
          where ${units.order.events}`,
        since: SINCE_EVENT,
      },
      // What was of no order may have one by now.
      { keys: "select '' as key where exists (from order_of)" },
      ...turned,
    ],
    seat: [
      { keys: `select ${units.seat.key} as key from changed_event where ${units.seat.events}` },
      { of: "fct_activation", keys: `select ${units.seat.key} as key from ${changesOf("fct_activation")}` },
      {
        of: "int_entitlement_state",
        keys: `select ${units.seat.key} as key from base.int_seat_day
          where entitlement_id in (select entitlement_id from ${changesOf("int_entitlement_state")})`,
      },
    ],
    host: [{ of: "int_seat_day", keys: `select ${units.host.key} as key from ${changesOf("int_seat_day")}` }],
  };
}

/** Rows of a table that are not what they were, as they were and as they are. */
export function changesOf(table: string): string {
  return `changed.${table}`;
}
