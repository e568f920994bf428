// What is promised whatever happens: after each command, and of the whole history. It holds in any order of arrival.

import {
  addDuration,
  decideActivate,
  decideMove,
  decideRefresh,
  decideReturn,
  decideRevoke,
  evolve,
  type EntitlementEvent,
  type EntitlementState,
  seatLimit,
  statusAt,
} from "../../licensing/index.ts";
import { activate, ids } from "../licensing/samples.ts";
import type { Command } from "./commands.ts";
import type { Check, Step } from "./step.ts";
import { decide, seatOf, stateOf, type World } from "./world.ts";

/** These give a new thing each time; their callers name a request, and the ledger answers its repetition from memory. */
const namedByTheirCaller = new Set<Command["kind"]>(["temporary", "consume", "renew", "extend", "split"]);

const live = ({ seats }: EntitlementState) =>
  Array.from(seats.values()).filter(({ endedAt }) => endedAt === null);
const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const plain = ({ entitlement, seats }: EntitlementState) => ({ entitlement, seats: Array.from(seats) });

export function afterEach(step: Step, check: Check): void {
  const { request, before, answer, after } = step;
  const [was, is] = [stateOf(before, request), stateOf(after, request)];
  const limit = seatLimit(is.entitlement) ?? Infinity;
  check("seats bound never exceed quantity and overdraft", is.entitlement.seatsBound <= limit, () =>
    plain(is),
  );
  check("seats counted are the seats that are bound", is.entitlement.seatsBound === live(is).length);
  holdersAreDistinct(is, check);
  const isInOrder = Array.from(is.seats.values()).every(
    ({ boundAt, endedAt }) => boundAt <= (endedAt ?? Infinity),
  );
  check("no seat ends before it was taken", isInOrder, () => plain(is));
  if (!answer.ok) {
    check("a refused command changes nothing", after === before);
    check("a refused command is refused again", isSame(decide(was, request), answer));
    passesWhenItSays(step, check);
    return;
  }
  oneOfTwo(step, check);
  conserved(step, check);
  fewAreLoose(step, check);
}

/** Whoever takes floating seats in turn has no more copies of released licenses at a time than there are seats. */
function fewAreLoose({ request, after, answer }: Step, check: Check): void {
  const isRelease = answer.ok && answer.events.some(isReleased);
  const life = after.lives[request.life];
  if (!isRelease || !life) return;
  const released = new Set(life.events.flatMap((event) => (isReleased(event) ? [event.activation_id] : [])));
  const { seats, entitlement } = life.state;
  const running = Array.from(seats.values()).filter(
    ({ activationId, license }) =>
      released.has(activationId) && license !== null && (license.expiresAt ?? Infinity) > request.now,
  );
  check(
    "no more released licenses run than there are seats",
    running.length <= (seatLimit(entitlement) ?? 0),
    () => running,
  );
}

const isReleased = (event: EntitlementEvent): event is EntitlementEvent & { type: "activation.ended" } =>
  event.type === "activation.ended" && event.data.reason === "released";

function holdersAreDistinct(state: EntitlementState, check: Check): void {
  const isForUser = state.entitlement.model.metric === "named-user";
  const holders = live(state).map(({ hostHash, userHash }) => (isForUser ? userHash : hostHash));
  check("no host (or user) holds two seats", new Set(holders).size === holders.length, () => holders);
}

/** The same command at once again, as after an answer that was lost. */
function oneOfTwo({ request, after, answer }: Step, check: Check): void {
  const { command } = request;
  if (namedByTheirCaller.has(command.kind)) return;
  const once = stateOf(after, request);
  const again = decide(once, { ...request, n: `${request.n}-again` });
  const twice = again.ok ? again.events.reduce<EntitlementState>(evolve, once) : once;
  const rights = ({ entitlement, seats }: EntitlementState) => [
    entitlement,
    Array.from(seats.values(), ({ license, ...seat }) => ({ ...seat, endsAt: license?.expiresAt })),
  ];
  check("the same command twice is one", isSame(rights(once), rights(twice)), () => ({ answer, again }));
}

function passesWhenItSays({ request, before, answer }: Step, check: Check): void {
  if (answer.ok || answer.refusal.passesAt === undefined) return;
  const { passesAt, code } = answer.refusal;
  check("a request passes later, not earlier", passesAt > request.now);
  const later = decide(stateOf(before, request), { ...request, now: passesAt });
  // Before a term begins nobody is asked for more.
  const keepsItsWord = later.ok || (code === "entitlement_not_started" && later.refusal.code !== code);
  check("a refusal that says when the request would pass keeps its word", keepsItsWord, () => ({
    answer,
    later,
    entitlement: stateOf(before, request).entitlement,
  }));
}

const sum = (world: World, of: (state: EntitlementState) => number) =>
  world.lives.reduce((total, { state }) => total + of(state), 0);

/** Seats come by purchase only: nothing is made by a split, and nothing lost. */
function conserved({ request, before, after }: Step, check: Check): void {
  const { kind, amount } = request.command;
  const bought = kind === "extend" ? amount + 1 : 0;
  const quantity = (state: EntitlementState) => state.entitlement.quantity;
  check("quantities are conserved", sum(after, quantity) === sum(before, quantity) + bought);
  if (kind !== "split" && kind !== "transfer") return;
  const limit = (state: EntitlementState) => seatLimit(state.entitlement) ?? 0;
  check("a split or a transfer makes no seat", sum(after, limit) <= sum(before, limit), () =>
    after.lives.map(({ state }) => plain(state)),
  );
  check(
    "a split or a transfer moves no bound seat",
    sum(after, ({ seats }) => seats.size) === sum(before, ({ seats }) => seats.size),
  );
}

export interface Whole {
  world: World;
  steps: readonly Step[];
  isSorted: boolean;
  now: number;
}

export function afterAll({ world, steps, isSorted, now }: Whole, check: Check): void {
  for (const [i, { state, events }] of world.lives.entries()) {
    replays(state, events, check);
    const own = steps.filter(({ request }) => request.life === i);
    snapshotsAgree(i, events, own, check);
    neverTooMany(events, own, i, check);
    withinAllowances(state, events, own, check);
    if (isSorted) noSeatIsLost(state, now, check);
  }
  for (const held of world.held) staysDead(world, held, now, check);
}

/** What is stored is text: the fold of what was read back is the same, from the beginning and from any state between. */
function replays(state: EntitlementState, events: readonly EntitlementEvent[], check: Check): void {
  const stored = JSON.parse(JSON.stringify(events)) as EntitlementEvent[];
  const cut = Math.ceil(stored.length / 2);
  const half = stored.slice(0, cut).reduce<EntitlementState | undefined>(evolve, undefined);
  if (!half) return;
  const kept = JSON.parse(JSON.stringify(plain(half))) as ReturnType<typeof plain>;
  const restored = { entitlement: kept.entitlement, seats: new Map(kept.seats) };
  const whole = stored.slice(cut).reduce<EntitlementState>(evolve, restored);
  check("replay from a stored state gives the state that was decided on", isSame(plain(whole), plain(state)));
}

function snapshotsAgree(
  i: number,
  events: readonly EntitlementEvent[],
  own: readonly Step[],
  check: Check,
): void {
  let folded = 0;
  let state: EntitlementState | undefined;
  for (const { after } of own) {
    const life = after.lives[i];
    if (!life) continue;
    for (const event of events.slice(folded, life.events.length)) state = evolve(state, event);
    folded = life.events.length;
    check(
      "replay gives at each command the state that it saw",
      state !== undefined && isSame(plain(state), plain(life.state)),
    );
  }
}

/** Looked at afterwards, with every end in place: no instant had more seats than could be had by then. */
function neverTooMany(
  events: readonly EntitlementEvent[],
  own: readonly Step[],
  i: number,
  check: Check,
): void {
  const time = (event: EntitlementEvent) => Date.parse(event.occurred_at);
  const from = new Map<string, number>();
  const to = new Map<string, number>();
  let cancelled = Infinity;
  for (const event of events) {
    if (event.type === "activation.bound" && event.data.reason === "activated")
      from.set(event.activation_id, time(event));
    if (event.type === "activation.ended") to.set(event.activation_id, time(event));
    if (event.type === "entitlement.cancelled") cancelled = time(event);
  }
  const limitOf = (world: World): number | null => {
    const life = world.lives[i];
    return life ? (seatLimit(life.state.entitlement) ?? Infinity) : null;
  };
  const limits = own.flatMap(({ before, after, request }, n) => {
    const [was, is] = [limitOf(before), limitOf(after)];
    if (was === null || is === null) return [];
    const changed = was === is ? [] : [{ at: request.now / 1000, limit: is }];
    return n === 0 ? [{ at: -Infinity, limit: was }, ...changed] : changed;
  });
  for (const at of from.values()) {
    const bound = Array.from(from).filter(
      ([id, start]) => start <= at && at < Math.min(to.get(id) ?? Infinity, cancelled),
    );
    const most = Math.max(...limits.filter((limit) => limit.at <= at).map(({ limit }) => limit));
    check("no instant had more seats bound than were to be had by then", bound.length <= most, () => ({
      at,
      bound,
      limits,
      events,
    }));
  }
}

/** Uses stay within what the policy counts, in any period, as long as the policy stays. */
function withinAllowances(
  state: EntitlementState,
  events: readonly EntitlementEvent[],
  own: readonly Step[],
  check: Check,
): void {
  const isChanged = events.some(
    ({ type }) => type === "entitlement.upgraded" || type === "entitlement.policy_overridden",
  );
  if (isChanged) return;
  const used = { rehosts: "rehost", returns: "return", repairs: "repair", temporary: "temporary" } as const;
  for (const allowance of ["rehosts", "returns", "repairs", "temporary"] as const) {
    const limit = state.entitlement.policy[allowance];
    const uses = own.flatMap(({ request, answer }) =>
      answer.ok && request.command.kind === used[allowance] && answer.events.some(isUse) ? [request.now] : [],
    );
    if (!limit) {
      check(`what allows no ${allowance} is not used`, uses.length === 0);
      continue;
    }
    for (const from of uses) {
      const within = uses.filter((at) => from <= at && at < addDuration(from, limit.per)).length;
      check(`${allowance} stay within their count in any period`, within <= limit.count, () => ({
        uses,
        limit,
      }));
    }
  }
}

const isUse = (event: EntitlementEvent): boolean =>
  event.type === "activation.bound" ||
  (event.type === "activation.ended" && event.data.reason === "returned") ||
  (event.type === "license.lent" && event.data.kind !== "vendor_mistake");

/** When all seats are taken back, as many hosts as were sold can have one, and not one more. */
function noSeatIsLost(state: EntitlementState, now: number, check: Check): void {
  if (statusAt(state.entitlement, now) !== "active") return;
  const empty = live(state).reduce((it, seat) => {
    const decision = decideRevoke(it, seat, now);
    return decision.ok ? decision.events.reduce<EntitlementState>(evolve, it) : it;
  }, state);
  const limit = seatLimit(empty.entitlement) ?? 9;
  let full = empty;
  for (let i = 0; i < limit + 1; i += 1) {
    const decision = decideActivate(full, activate(`new-${i}`, `new-${i}`), now, ids(`new-${i}`));
    if (decision.ok) full = decision.events.reduce<EntitlementState>(evolve, full);
  }
  const expected = seatLimit(empty.entitlement) === null ? limit + 1 : limit;
  check("no seat is lost", full.entitlement.seatsBound === expected, () => plain(full));
}

/** A host that its seat has left gets nothing for its old license any more, at any time, whatever it asks for. */
function staysDead(world: World, held: World["held"][number], now: number, check: Check): void {
  const request = { command: { kind: "refresh" } as Command, now, life: held.life, held, n: "dead" };
  const state = stateOf(world, request);
  const seat = seatOf(state, request);
  if (held.generation >= seat.generation) return;
  const proof = { generation: held.generation, hostHash: activate(`host-${held.host}`).hostHash };
  const answers = [
    decideRefresh(state, seat, proof, now, "dead"),
    decideReturn(state, seat, proof, now),
    decideMove(state, seat, "rehost", activate("elsewhere"), proof, now, "dead"),
    decideMove(state, seat, "repair", activate("elsewhere"), proof, now, "dead"),
  ];
  for (const answer of answers)
    check(
      "a rehosted host gets nothing for its old license",
      !answer.ok && answer.refusal.code === "license_superseded",
      () => answer,
    );
}
