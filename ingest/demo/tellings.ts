// Pure. What customers' software tells of itself while it runs: its first run, that it is there, which features are used.

import { atWork, DAY, HOUR, type Time, writeTime, YEAR } from "./calendar.ts";
import { catalogs, type Sku } from "./catalog.ts";
import { appVersionAt, type Host, platformOf } from "./platforms.ts";
import type { Random } from "./random.ts";
import type { OrderStep, Scene, TellingBody, TellingStep } from "./steps.ts";

/**
 * Every program would tell, if its customer lets it, each day. A share of seats tells some times a year, so that a year is
 * played and loaded in about the time that it took without.
 */
const SHARE_TOLD = 0.25;
const MEAN_PAUSE = 30 * DAY;
const SHARE_WITH_FEATURE = 0.4;

type Held = OrderStep & { kind: "activation" | "seat" };

/** A program on a computer, from when its seat came there to when the seat left. */
interface Run {
  host: Host;
  from: Time;
  until: Time;
  seat: string;
}

/**
 * What is told of a right's seats.
 * @param steps all that is asked for them, in no order
 * @param until the end of the term
 */
export function tellingsOf(scene: Scene, steps: readonly OrderStep[], until: Time): TellingStep[] {
  // Draws of their own: what is told shifts nothing that happens.
  const random = scene.random.fork(`tellings/${scene.right}`);
  const held = steps.filter((step): step is Held => step.kind === "activation" || step.kind === "seat");
  const bySeat = Map.groupBy(held, ({ seat }) => seat);
  return Array.from(bySeat.values()).flatMap((ofSeat) => {
    if (!random.chance(SHARE_TOLD)) return [];
    return runsOf(scene, ofSeat, Math.min(until, YEAR.endsAt)).flatMap((run) => toldBy(scene, run, random));
  });
}

/** The steps of one seat → where it was, one computer after the other. */
function runsOf({ customer }: Scene, ofSeat: readonly Held[], until: Time): Run[] {
  const runs: Run[] = [];
  for (const step of ofSeat.toSorted((a, b) => a.at - b.at)) {
    const last = runs.at(-1);
    const isGone = step.kind === "seat" && (step.request === "return" || step.request === "release");
    const id = step.body.host?.id;
    const isRepair = step.kind === "seat" && step.request === "repair";
    const isMove = step.kind === "activation" ? !step.isMistyped : isRepair || step.request === "rehost";
    if (last && (isGone || (isMove && id !== last.host.id))) last.until = Math.min(last.until, step.at);
    // A repaired computer is the one that was there, under another fingerprint.
    const known = customer.fleet.hosts.find((each) => each.id === id);
    const host = known ?? (isRepair && last && id !== undefined ? { ...last.host, id } : undefined);
    const isThere = last?.host === host && (last?.until ?? 0) > step.at;
    if (isMove && host && !isThere) runs.push({ host, from: step.at, until, seat: step.seat });
  }
  return runs.filter(({ from, until: end }) => from < end);
}

function toldBy(scene: Scene, run: Run, random: Random): TellingStep[] {
  const { orderId, right, line } = scene;
  const { brand, sku, model } = line.offer;
  const tell = (when: Time, type: TellingBody["type"], data?: TellingBody["data"]): TellingStep => {
    const at = Math.ceil(when / 1000) * 1000;
    const body: TellingBody = {
      id: random.hex(32),
      type,
      occurredAt: writeTime(at),
      host: { id: run.host.id },
      platform: platformOf(run.host, brand, at),
      app: { version: appVersionAt(random, brand, at) },
      ...(data === undefined ? {} : { data }),
    };
    return { kind: "telling", at, orderId, right, seat: run.seat, body };
  };
  const told = [tell(run.from + 5000, "telemetry.first_run")];
  // A floating seat is there for a shift: it tells in it, and the next shift is another run.
  const isShift = model.endsWith("-float");
  const end = isShift ? Math.min(run.until, run.from + 2 * HOUR) : run.until;
  let at = isShift ? run.from + HOUR : atWork(random, run.from + random.exponential(MEAN_PAUSE));
  while (at < end) {
    told.push(tell(at, "telemetry.heartbeat"));
    if (random.chance(SHARE_WITH_FEATURE)) {
      const use = { feature: random.pick(featuresOf(sku)), count: random.integer(1, 40) };
      told.push(tell(at + 60_000, "telemetry.feature_used", use));
    }
    at = isShift ? end : atWork(random, at + DAY + random.exponential(MEAN_PAUSE));
  }
  return told.filter((step) => step.at < end);
}

const featuresOf = (sku: Sku): readonly string[] =>
  catalogs.after.products.find((product) => product.sku === sku)?.features ?? [];
