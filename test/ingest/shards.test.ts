// The real ledger in four shards, over a network that loses, repeats, delays and reorders everything: see test/simulation.

import { expect, test } from "vitest";
import { createRandom } from "../../ingest/demo/random.ts";
import { shardOfId, shardOfName } from "../../ingest/ledger/placement.ts";
import { customers, SHARDS, ShardWorld } from "../simulation/shards.ts";

const SEEDS = 100;
const STEPS = 30;

test("whatever happens between shards, nothing is lost, doubled, or owned by two", async () => {
  let troubles = 0;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const world = new ShardWorld(createRandom(`shards ${seed}`));
    try {
      await world.begin();
      await live(world);
      await world.settle();
      holds(world);
      await readsWhole(world);
      await mergesWhole(world);
      troubles += world.network.troubles;
    } catch (error) {
      throw new Error(`seed ${seed} fails`, { cause: error });
    } finally {
      world.close();
    }
  }
  // The weather was as bad as it was meant to be.
  expect(troubles).toBeGreaterThan(SEEDS * STEPS);
});

/** Orders, splits, transfers, mergers and readers, many at a time. */
async function live(world: ShardWorld): Promise<void> {
  const { random, network } = world;
  const going: Promise<void>[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const kind = world.granted.length === 0 ? "order" : random.pick(kinds);
    going.push(does[kind](world, step));
    if (random.chance(0.3)) world.alarm();
    if (random.chance(0.2)) await network.settle();
  }
  const done = Promise.all(going);
  await network.settle();
  await done;
}

const does = {
  order: (world: ShardWorld) => world.order(),
  transfer: (world: ShardWorld) => world.transfer(),
  split: (world: ShardWorld, step: number) => world.split(`split ${step}`),
  merge: (world: ShardWorld) => world.merge(world.random.pick(customers), world.random.pick(customers)),
  read: async (world: ShardWorld) => {
    const customerId = world.random.pick(customers);
    const [listed, history] = await Promise.all([
      world.entitlementsOf(customerId),
      world.historyOf(customerId, 5),
    ]);
    expect(listed.filter((it) => it.customerId !== customerId)).toEqual([]);
    expectOnce(listed.map((it) => it.entitlementId));
    expectOnce(history.map(({ id }) => id));
  },
};
const kinds = ["order", "order", "transfer", "transfer", "split", "merge", "read"] as const;

const expectOnce = (ids: readonly string[]): void => expect(new Set(ids).size).toBe(ids.length);

/** What is promised once everything has arrived. */
function holds(world: ShardWorld): void {
  const owners = world.owners();
  // Every entitlement that anybody was told of is there, once, in the shard that its ID names, and no other is.
  expectOnce(owners.map(({ entitlementId }) => entitlementId));
  expect(owners.map(({ entitlementId }) => entitlementId).toSorted()).toEqual(world.granted.toSorted());
  for (const { shard, entitlementId } of owners) expect(shardOfId(entitlementId)).toBe(shard);
  // Seats come of orders alone, whatever was split.
  const bought = Array.from(world.orders.values(), ({ lines }) => lines[0]?.quantity ?? 0);
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  expect(sum(owners.map(({ quantity }) => quantity))).toBe(sum(bought));

  // Each went from hand to hand: whoever gave it had it.
  const hands = new Map<string, string>();
  for (const event of world.events()) {
    const { entitlement_id: id = "", customer_id: customerId = "" } = event;
    if (event.type === "entitlement.granted") hands.set(id, customerId);
    if (event.type !== "entitlement.transferred") continue;
    expect(event.data.from_customer_id).toBe(hands.get(id));
    hands.set(id, customerId);
  }
  expect(Object.fromEntries(hands)).toEqual(
    Object.fromEntries(owners.map(({ entitlementId, customerId }) => [entitlementId, customerId])),
  );

  // The directories say the same, each customer's in the customer's own shard.
  const text = (one: { shard: number; customer: string; entitlement: string }) =>
    `${one.shard} ${one.customer} ${one.entitlement}`;
  expect(
    world
      .directory()
      .map((row) => text({ shard: row.shard, customer: row.customer_id, entitlement: row.entitlement_id }))
      .toSorted(),
  ).toEqual(
    owners
      .map(({ entitlementId, customerId }) =>
        text({ shard: shardOfName(customerId, SHARDS), customer: customerId, entitlement: entitlementId }),
      )
      .toSorted(),
  );
  expect(profilesOf(world)).toEqual(saidLast(world));
}

function profilesOf(world: ShardWorld): object {
  for (const { shard, customer_id: id } of world.profiles()) expect(shard).toBe(shardOfName(id, SHARDS));
  return Object.fromEntries(
    world.profiles().map(({ customer_id: id, name, country }) => [id, { name, country }]),
  );
}

/** What orders said of their customers, each field as it was said last by the clocks of their shards. */
function saidLast(world: ShardWorld): object {
  const said: Record<string, { name: string | null; country: string | null }> = {};
  const recorded = world
    .events()
    .filter(({ type }) => type === "order.recorded")
    .toSorted((a, b) =>
      a.recorded_at < b.recorded_at
        ? -1
        : a.recorded_at > b.recorded_at
          ? 1
          : a.shard - b.shard || a.seq - b.seq,
    );
  for (const { order_id: orderId = "" } of recorded) {
    const customer = world.orders.get(orderId)?.customer;
    if (!customer) throw new Error(`nobody ordered ${orderId}`);
    const known = said[customer.id];
    said[customer.id] = {
      name: customer.name ?? known?.name ?? null,
      country: customer.country ?? known?.country ?? null,
    };
  }
  return said;
}

/** Lists and histories are whole: every event once, each shard's in its order. */
async function readsWhole(world: ShardWorld): Promise<void> {
  const owners = world.owners();
  const events = world.events();
  const reading = customers.map(async (customerId) => {
    const listed = await world.entitlementsOf(customerId);
    const theirs = owners.filter((it) => it.customerId === customerId);
    expect(listed.map((it) => it.entitlementId).toSorted()).toEqual(
      theirs.map((it) => it.entitlementId).toSorted(),
    );
    const history = await world.historyOf(customerId, 3);
    const times = history.map((event) => event.recorded_at);
    expect(times).toEqual(times.toSorted());
    for (let shard = 0; shard < SHARDS; shard += 1)
      expect(history.filter((event) => event.shard === shard)).toEqual(
        events.filter((event) => event.shard === shard && event.customer_id === customerId),
      );
  });
  const done = Promise.all(reading);
  await world.network.settle();
  await done;
}

/** A merger that is said to be complete is: nothing is left behind, and nothing else changes hands. */
async function mergesWhole(world: ShardWorld): Promise<void> {
  const [from = "", to = ""] = customers;
  const before = world.owners();
  const merging = world.merge(from, to);
  await world.network.settle();
  await merging;
  await world.settle();
  expect(world.owners()).toEqual(
    before.map((it) => ({ ...it, customerId: it.customerId === from ? to : it.customerId })),
  );
  holds(world);
}
