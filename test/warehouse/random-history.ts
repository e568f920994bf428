// Histories made up at random: orders that live side by side, with all turns that an entitlement can take, told late, out of
// order and twice. The same seed is the same history.

import type { Draft } from "../../ingest/event.ts";
import type { Random } from "../../ingest/demo/random.ts";
import { bind, cancel, catalog, day, end, entitlementOf, models, refuse, sale } from "./facts.ts";
import { finished, importTakenBack, takenBack, use } from "./imports.ts";
import { type Line, place } from "./support.ts";
import * as turn from "./turns.ts";

/** What happened, and on which day of the test calendar it was recorded. */
type Recorded = [number, Draft[]];

const LAST_DAY = 420;

/** The shards of what counts, and of what an import recorded by mistake; the shard after each repeats some of its events. */
const SHARDS = { counts: 0, mistakes: 2 };

/** Whether a line is of what counts as if it had never been. */
export const isMistake = ({ shard }: Line): boolean => shard >= SHARDS.mistakes;

/** Lines of four shards in the order of their places. */
export function randomHistory(random: Random, orders: number): Line[] {
  const told = [
    ...Array.from({ length: orders }, (_, index) => lifeOf(random, index)).flat(),
    ...importsOf(random),
  ].toSorted(([a], [b]) => a - b);
  const all = told.flatMap(([, drafts]) => drafts);
  const gone = new Set(all.flatMap(({ type, order_id: id }) => (type === "order.taken_back" ? id : [])));
  const isGone = ({ order_id: id, data }: Draft) =>
    (id !== undefined && gone.has(id)) || ("import_id" in data && data.import_id === MISTAKE);
  const placed: Record<number, Line[]> = {};
  for (const [shard, isOfShard] of [
    [SHARDS.counts, (draft: Draft) => !isGone(draft)],
    [SHARDS.mistakes, isGone],
  ] as const) {
    const lines: Line[] = shard === SHARDS.counts ? place(catalog(day(0))) : [];
    for (const [at, drafts] of told)
      lines.push(...place(drafts.filter(isOfShard), lines.length + 1, shard, day(at)));
    placed[shard] = lines;
    placed[shard + 1] = lines
      .filter(() => random.chance(0.01))
      .map((line, index) => ({ ...line, shard: shard + 1, seq: index + 1 }));
  }
  return Object.values(placed).flat();
}

/** The import that told of use, and was taken back. */
const MISTAKE = "imp-mistake";

/** Two imports of what license servers told, now and then; of both something is told late. */
function importsOf(random: Random): Recorded[] {
  return ["imp-right", MISTAKE].flatMap((importId): Recorded[] => {
    const uses = Array.from({ length: 12 }, (): Recorded => {
      const at = random.integer(330, 410);
      const told = use({
        importId,
        at: day(at),
        customerId: `C-${random.integer(1, 6)}`,
        sku: random.pick(["CAD-PRO", "CAD-LT"]),
        server: random.pick(["lic1", "lic2"]),
        version: random.pick([null, "7"]),
        issued: random.pick([null, 5, 10]),
        inUse: random.integer(0, 5),
      });
      return [at + (random.chance(0.3) ? random.integer(0, 9) : 0), [told]];
    });
    const back = importTakenBack({ importId, at: day(419), orders: 0 });
    return [
      ...uses,
      [419, [finished({ importId, at: day(419) })]],
      ...(importId === MISTAKE ? [[random.integer(380, LAST_DAY), [back]] satisfies Recorded] : []),
    ];
  });
}

function lifeOf(random: Random, index: number): Recorded[] {
  const orderId = `O-${index}`;
  const of = { orderId };
  const begins = random.integer(0, 380);
  const model = random.pick(Object.keys(models) as (keyof typeof models)[]);
  const life = {
    of,
    customerId: `C-${random.integer(1, 6)}`,
    sku: random.pick(["CAD-PRO", "CAD-LT", "CAD-MAX"]),
    model,
    quantity: random.integer(1, 4),
    endsAt: model === "perp-float" ? null : begins + (model === "trial" ? 30 : random.pick([31, 90, 365])),
    seats: [] as { activationId: string; generation: number; host: string }[],
    seatsTaken: 0,
    /** Seats beyond those bought: what a policy allows is the ledger's to say. */
    overdraft: index % 5 === 0 ? 1 : 0,
    isSuspended: false,
    isCancelled: false,
    paid: 0,
    refunds: 0,
    currency: random.pick(["EUR", "JPY"]),
  };
  const price = random.integer(0, 3) * 1_000 + random.integer(0, 99);
  const sold = sale({
    ...of,
    orderedAt: day(begins),
    customerId: life.customerId,
    sku: life.sku,
    model,
    quantity: life.quantity,
    price,
    currency: life.currency,
    isTest: random.chance(0.1),
    priceBand: random.pick(["standard", null]),
    ...(life.endsAt === null ? {} : { endsAt: day(life.endsAt) }),
  });
  life.paid = price * life.quantity;
  const told: Recorded[] = [];
  // What is of one order is recorded in the order in which it was decided, however late.
  let recorded = 0;
  const tell = (at: number, drafts: Draft[]) => {
    recorded = Math.max(recorded, at + (random.chance(0.1) ? random.integer(0, 60) : 0));
    told.push([recorded, drafts]);
  };
  tell(begins, sold);
  for (let at = begins; !life.isCancelled;) {
    at += random.integer(1, 40) + random.uniform();
    if (at > LAST_DAY) break;
    const about = { at: day(at), customerId: life.customerId, sku: life.sku };
    const seat = life.seats.length > 0 ? random.pick(life.seats) : undefined;
    const isRunning = life.endsAt === null || life.endsAt > at;
    const may: [number, boolean, () => void][] = [
      [4, isRunning && !life.isSuspended && life.seats.length < life.quantity + life.overdraft, take],
      [2, seat !== undefined && isRunning, move],
      [2, seat !== undefined, leave],
      [3, seat !== undefined, beat],
      [
        1,
        true,
        () =>
          tell(
            at,
            refuse(of, day(at)).map((draft) => ({ ...draft, ...keysOf() })),
          ),
      ],
      [2, life.endsAt !== null, prolong],
      [1, true, grow],
      [0.7, true, swap],
      [0.7, life.paid > 10, giveMoneyBack],
      [0.7, true, hand],
      [0.7, true, rest],
      [0.5, seat !== undefined, copy],
      [0.5, seat !== undefined, lend],
      [0.4, true, takeBack],
      [0.4, true, disown],
    ];
    random.weighted(
      may.filter(([, isPossible]) => isPossible),
      ([weight]) => weight,
    )[2]();

    function keysOf() {
      return { customer_id: life.customerId, sku: life.sku };
    }
    function take() {
      const activationId = `${orderId}-s${(life.seatsTaken += 1)}`;
      const host = `h-${random.integer(1, 12)}`;
      life.seats.push({ activationId, generation: 1, host });
      tell(at, bind(of, { ...about, activationId, host, os: random.pick(["windows", "linux"]) }));
    }
    function move() {
      if (!seat) return;
      seat.generation += 1;
      seat.host = `h-${random.integer(1, 12)}`;
      tell(at, bind(of, { ...about, ...seat, reason: random.pick(["rehosted", "repaired"]) }));
    }
    function leave() {
      if (!seat) return;
      life.seats.splice(life.seats.indexOf(seat), 1);
      tell(
        at,
        random.chance(0.5)
          ? end(of, { ...about, ...seat })
          : [turn.giveBack(of, { ...about, ...seat, how: random.pick(["returned", "released"]) })],
      );
    }
    function beat() {
      if (!seat) return;
      const when = at - random.uniform();
      // Telemetry comes when it comes: of its order's other facts it knows nothing.
      told.push([
        when + (random.chance(0.2) ? random.integer(0, 90) : 0),
        [heartbeat(random, when, seat, entitlementOf(of))],
      ]);
    }
    function prolong() {
      const from = life.endsAt ?? at;
      life.endsAt = Math.max(from, at) + random.pick([31, 365]);
      tell(at, [turn.renew(of, { ...about, ...paid(), startsAt: day(from), endsAt: day(life.endsAt) })]);
    }
    function grow() {
      const added = random.integer(1, 3);
      life.quantity += added;
      tell(at, [turn.extend(of, { ...about, ...paid(), added, quantity: life.quantity })]);
    }
    function swap() {
      life.sku = random.pick(["CAD-PRO", "CAD-MAX"]);
      const to = random.pick(["sub-node", "perp-float"] as const);
      life.endsAt = to === "perp-float" ? null : at + 365;
      const endsAt = life.endsAt === null ? null : day(life.endsAt);
      tell(at, [turn.upgrade(of, { ...about, ...paid(), sku: life.sku, model: to, endsAt })]);
    }
    function paid() {
      if (random.chance(0.5)) return {};
      const amount = random.integer(0, 5_000);
      life.paid += amount;
      return { price: amount, currency: life.currency };
    }
    function giveMoneyBack() {
      const amount = random.integer(1, life.paid);
      life.paid -= amount;
      const refundId = `R-${(life.refunds += 1)}`;
      const kind = random.pick(["refund", "credit"] as const);
      tell(at, [turn.refund(of, { ...about, amount, refundId, kind, currency: life.currency })]);
    }
    function hand() {
      const from = life.customerId;
      life.customerId = `C-${random.integer(1, 6)}`;
      tell(at, [turn.transfer(of, { ...about, from, customerId: life.customerId })]);
    }
    function rest() {
      life.isSuspended = !life.isSuspended;
      tell(at, [life.isSuspended ? turn.suspend(of, about) : turn.reinstate(of, about)]);
    }
    function copy() {
      if (!seat) return;
      const { activationId, generation } = seat;
      tell(at, [
        turn.clone(of, { ...about, activationId, host: "h-copy", presented: generation - 1, generation }),
      ]);
    }
    function lend() {
      if (!seat) return;
      const lent = turn.lend(of, { ...about, ...seat, host: "h-spare", endsAt: day(at + 14) });
      tell(at, [{ ...lent, license_id: `tmp-${orderId}-${at}` }]);
    }
    function takeBack() {
      life.isCancelled = true;
      tell(at, cancel(of, day(at), life.seats.length, life.customerId));
    }
    function disown() {
      life.isCancelled = true;
      tell(at, takenBack(of, { importId: `imp-${orderId}`, ...about }));
    }
  }
  return told;
}

/** What software says of itself: sometimes with its system, sometimes without. */
function heartbeat(
  random: Random,
  at: number,
  seat: { activationId: string; host: string },
  entitlementId: string,
): Draft {
  const saysAll = random.chance(0.5);
  return {
    type: "telemetry.heartbeat",
    source: "telemetry",
    occurred_at: day(at),
    activation_id: seat.activationId,
    ...(random.chance(0.8) ? { entitlement_id: entitlementId } : {}),
    data: {
      client_event_id: `${seat.activationId}-${at}`,
      host_hash: saysAll ? seat.host : null,
      user_hash: null,
      os_type: saysAll ? random.pick(["windows", "linux"]) : null,
      os_type_raw: null,
      os_version: saysAll ? "11" : null,
      arch: saysAll ? "amd64" : null,
      arch_raw: null,
      app_version: random.pick(["7.2", "7.3", null]),
      detail: {},
    },
  };
}
