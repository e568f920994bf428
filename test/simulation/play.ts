// Plays a scenario through the rules, and looks after every command whether all that is promised still holds.

import type { Instant } from "../../licensing/index.ts";
import { DAY, START } from "../licensing/samples.ts";
import { type Scenario, stretch } from "./commands.ts";
import { limitOf, live, type Naive, verdictOf } from "./naive.ts";
import { commit, naiveOf } from "./naive-commit.ts";
import { afterAll, afterEach } from "./promises.ts";
import { BrokenPromise, type Check, type Step } from "./step.ts";
import { RevocationList } from "./revoked.ts";
import { accept, begin, decide, find, stateOf, type World } from "./world.ts";

/**
 * Plays a scenario.
 * @returns how many commands were granted and refused
 * @throws BrokenPromise
 */
export function play({ setup, commands, isSorted }: Scenario): { granted: number; refused: number } {
  const startsAt = START + setup.startsAfter * DAY;
  const naive = [naiveOf(setup, START, startsAt)];
  const revoked = new RevocationList();
  const steps: Step[] = [];
  let world = begin(setup);
  let clock: Instant = START - DAY;
  for (const [n, command] of commands.entries()) {
    clock += command.gap * stretch(setup.policyKind) * DAY;
    const now = isSorted ? clock : clock - command.late * stretch(setup.policyKind) * DAY;
    const request = find(world, command, now, n);
    if (!request) continue;
    const before = world;
    const state = stateOf(world, request);
    const check: Check = (promise, holds, detail = () => null) => {
      if (!holds) throw new BrokenPromise(promise, command, detail());
    };
    const answer = decide(state, request);
    if (answer.ok) {
      revoked.hear(state, answer.events);
      world = accept(world, request, answer);
    }
    const step = { request, before, answer, after: world };
    steps.push(step);
    afterEach(step, check);
    if (!isSorted) continue;
    agree(naive, step, n, check);
    revoked.compare(world, now, check);
  }
  const check: Check = (promise, holds, detail = () => null) => {
    if (!holds) throw new BrokenPromise(promise, null, detail());
  };
  afterAll({ world, steps, isSorted, now: clock }, check);
  const granted = steps.filter(({ answer }) => answer.ok).length;
  return { granted, refused: steps.length - granted };
}

/** The rules and the plain model say the same, and come to the same. */
function agree(naive: Naive[], { request, answer, after }: Step, n: number, check: Check): void {
  const it = naive[request.life];
  if (!it) throw new TypeError("the plain model has lost an entitlement");
  const expected = verdictOf(it, request.command, request.held, request.now);
  const said = answer.ok ? "ok" : answer.refusal.code;
  check("the rules allow what the plain model allows, and refuse for its reason", said === expected, () => ({
    said,
    expected,
    entitlement: stateOf(after, request).entitlement,
    seats: Array.from(stateOf(after, request).seats.values()),
  }));
  if (answer.ok) {
    const child = commit(it, request.command, request.held, request.now, n);
    if (child) naive.push(child);
  }
  for (const [i, { state }] of after.lives.entries()) {
    const plain = naive[i];
    if (!plain) throw new TypeError("the plain model has lost an entitlement");
    const [theirs, ours] = [viewOfNaive(plain), viewOf(state)].map((view) => JSON.stringify(view));
    check("the rules come to what the plain model comes to", theirs === ours, () => ({ ours, theirs }));
  }
  check("the plain model has as many seats as may be", live(it).length <= limitOf(it));
}

function viewOfNaive(it: Naive) {
  const { quantity, startsAt, endsAt, customer, sku, isCancelled, isSuspended, seats } = it;
  return {
    quantity,
    startsAt,
    endsAt,
    customer,
    sku,
    isCancelled,
    isSuspended,
    bound: live(it).length,
    seats: Array.from(seats, ([id, { host, generation, isEnded, end }]) => [
      id,
      `hash-of-host-${host}`,
      generation,
      isEnded,
      end,
    ]),
  };
}

function viewOf({ entitlement, seats }: Answered) {
  const { quantity, startsAt, endsAt, customerId, product, cancelledAt, suspendedAt, seatsBound } =
    entitlement;
  return {
    quantity,
    startsAt,
    endsAt,
    customer: customerId,
    sku: product.sku,
    isCancelled: cancelledAt !== null,
    isSuspended: suspendedAt !== null,
    bound: seatsBound,
    seats: Array.from(seats.values(), (seat) => [
      seat.activationId,
      seat.hostHash,
      seat.generation,
      seat.endedAt !== null,
      seat.license?.expiresAt ?? null,
    ]),
  };
}

type Answered = World["lives"][number]["state"];
