// Several shards of the real ledger, each in memory, and the messages between them over a network that cannot be trusted.

import {
  entitlementsOf,
  historyOf,
  type Merged,
  mergeCustomers,
  readPlaces,
} from "../../ingest/customers.ts";
import type { Random } from "../../ingest/demo/random.ts";
import type { Event } from "../../ingest/event.ts";
import { Courier } from "../../ingest/ledger/courier.ts";
import { Ledger } from "../../ingest/ledger/ledger.ts";
import type { LedgerPort } from "../../ingest/ledger/port.ts";
import { openSqlite, type SqliteFile } from "../../ingest/ledger/sqlite.ts";
import { Ledgers } from "../../ingest/ledgers.ts";
import { type Problem, problem } from "../../ingest/problem.ts";
import { catalogSchema, type Entitlement, type Order, orderSchema } from "../../licensing/index.ts";
import { catalog, order } from "../ingest/support.ts";
import { LostError, Network } from "./network.ts";

export const SHARDS = 4;
export const customers = ["C-1", "C-2", "C-3", "C-4", "C-5"];
const DECREE = { by: "simulation", reason: "chance" };
const SECOND = 1_000_000;

interface Shard {
  ledger: Ledger;
  sql: SqliteFile;
  courier: Courier;
}

export class ShardWorld {
  readonly random: Random;
  readonly network: Network;
  readonly shards: Shard[];
  /** The shards as the edge has them: over the network. */
  readonly ledgers: Ledgers;
  readonly orders = new Map<string, Order>();
  /** Everything that anybody was told of: the IDs of entitlements. */
  readonly granted: string[] = [];
  #now = 1_800_000_000 * SECOND;

  constructor(random: Random) {
    this.random = random;
    this.network = new Network(random);
    this.shards = Array.from({ length: SHARDS }, (_, shard) => this.#open(shard));
    this.ledgers = new Ledgers(this.shards.map(({ ledger }) => this.#far(ledger)));
  }

  #open(shard: number): Shard {
    const { network, random } = this;
    const sql = openSqlite(":memory:");
    // Clocks of different machines do not agree.
    const skew = random.integer(-2, 2) * SECOND;
    const courier = new Courier({
      sql,
      send: (to, news) => this.ledgers.at(to).execute("takeNews", { news }),
      report: () => undefined,
    });
    const ledger = new Ledger({
      sql,
      shard,
      shards: SHARDS,
      clock: () => (this.#now += 1000) + skew,
      defer: (callback) => network.later(callback),
      // Now and then the shard dies before its courier leaves: the alarm comes later.
      onMessages: () => void (random.chance(0.7) && network.later(() => void courier.deliver())),
    });
    return { ledger, sql, courier };
  }

  #far(ledger: Ledger): LedgerPort {
    const { network } = this;
    return {
      execute: (name, command, once) =>
        network.call(() =>
          // As it would travel: a shard changes nothing that its caller holds.
          ledger.execute(name, structuredClone(command), once),
        ),
      ask: (name, ...args) => network.call(() => ledger.ask(name, ...args)),
    };
  }

  close(): void {
    for (const { sql } of this.shards) sql.close();
  }

  /** Publishes the catalog on every shard, in calm weather. */
  async begin(): Promise<void> {
    this.network.isCalm = true;
    for (const { ledger } of this.shards)
      void ledger.execute("adoptCatalog", { catalog: catalogSchema.parse(catalog), number: 1 });
    await this.network.settle();
    this.network.isCalm = false;
  }

  /** What an alarm does, on some shard. */
  alarm(): void {
    void this.random.pick(this.shards).courier.deliver();
  }

  /** Sends the same again until it is answered, as a patient client does. */
  async #patiently<T>(call: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof LostError)) throw error;
      }
  }

  async order(): Promise<void> {
    const { random } = this;
    const parsed = orderSchema.parse(
      order({
        orderId: `O-${this.orders.size}`,
        customer: {
          id: random.pick(customers),
          ...(random.chance(0.5) ? { name: `name ${this.orders.size}` } : {}),
          ...(random.chance(0.5) ? { country: random.pick(["DE", "FR"]) } : {}),
        },
        line: { quantity: random.integer(1, 9), licenseModel: "perp-node" },
      }),
    );
    this.orders.set(parsed.orderId, parsed);
    const command = { order: parsed, fingerprint: parsed.orderId, source: "api" };
    const outcome = await this.#patiently(() =>
      this.ledgers.ofOrder(parsed.orderId).execute("recordOrder", command),
    );
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    this.granted.push(...outcome.value.entitlements.map(({ entitlement }) => entitlement.entitlementId));
  }

  async transfer(): Promise<void> {
    const entitlementId = this.random.pick(this.granted);
    const command = {
      entitlementId,
      change: { kind: "transfer", customerId: this.random.pick(customers) },
      decree: DECREE,
      occurredAt: null,
      source: "api",
    } as const;
    await this.#patiently(() => this.ledgers.ofId(entitlementId).execute("changeEntitlement", command));
  }

  async split(name: string): Promise<void> {
    const entitlementId = this.random.pick(this.granted);
    const command = {
      entitlementId,
      quantity: this.random.integer(1, 4),
      customerId: this.random.chance(0.5) ? this.random.pick(customers) : null,
      decree: DECREE,
      occurredAt: null,
      source: "api",
    };
    const once = { request: name, fingerprint: name };
    const outcome = await this.#patiently(() =>
      this.ledgers.ofId(entitlementId).execute("splitEntitlement", command, once),
    );
    // Where there are too few seats to split.
    if (outcome.ok) this.granted.push(outcome.value.child.entitlementId);
  }

  /** Merges again and again until it is said to be complete. */
  async merge(fromCustomerId: string, toCustomerId: string): Promise<void> {
    const merger = { fromCustomerId, toCustomerId, decree: DECREE, occurredAt: null };
    const faultOf = () => problem("storage_unavailable", "lost");
    const once = (): Promise<Merged | { problem: Problem }> =>
      this.#patiently(() => mergeCustomers(this.ledgers, merger, { source: "api", faultOf }));
    for (;;) {
      const merged = await once();
      if ("merged" in merged) {
        if (merged.isComplete) return;
      } else if (merged.problem.code === "unknown_customer") return;
      else if (merged.problem.code !== "storage_unavailable") throw new Error(merged.problem.detail);
    }
  }

  /** What the API answers a customer's list with. */
  async entitlementsOf(customerId: string): Promise<Entitlement[]> {
    return this.#patiently(async () => {
      const entry = await this.ledgers.ofCustomer(customerId).ask("customer", customerId);
      return entry ? entitlementsOf(this.ledgers, customerId, entry) : [];
    });
  }

  /** Reads a customer's history, page by page, while others write. */
  async historyOf(customerId: string, limit: number): Promise<Event[]> {
    const events: Event[] = [];
    let after: string | null = "0";
    while (after !== null) {
      const from: string = after;
      const page: { events: Event[]; next: string | null } = await this.#patiently(async () => {
        const entry = await this.ledgers.ofCustomer(customerId).ask("customer", customerId);
        if (!entry) return { events: [], next: null };
        return historyOf(this.ledgers, customerId, entry, {
          after: readPlaces(from) ?? new Map(),
          bounds: { events: limit, bytes: 5000 },
        });
      });
      events.push(...page.events);
      after = page.next;
    }
    return events;
  }

  /** Lets everything happen, and every message arrive. */
  async settle(): Promise<void> {
    do {
      await this.network.settle();
      for (const { courier } of this.shards) void courier.deliver();
      await this.network.settle();
    } while (this.shards.some(({ courier }) => courier.hasMessages()));
  }

  /** Every event of every shard, as its ledger has it. */
  events(): Event[] {
    return this.#rows<{ line: string }>("select line from event order by seq").map(
      ({ line }) => JSON.parse(line) as Event,
    );
  }

  /** Whose each entitlement is: what its own shard says. */
  owners(): { shard: number; entitlementId: string; customerId: string; quantity: number }[] {
    return this.#rows<{ shard: number; state: string }>("select state from entitlement").map(
      ({ shard, state }) => {
        const { entitlementId, customerId, quantity } = JSON.parse(state) as Entitlement;
        return { shard, entitlementId, customerId, quantity };
      },
    );
  }

  /** What the directories say is whose, and in which shard they say so. */
  directory(): { shard: number; customer_id: string; entitlement_id: string }[] {
    return this.#rows("select customer_id, entitlement_id from directory where is_theirs = 1");
  }

  /** The newest profile of each customer, and in which shard it is. */
  profiles(): { shard: number; customer_id: string; name: string | null; country: string | null }[] {
    return this.#rows(
      "select customer_id, name, country from profile where seq in (select max(seq) from profile group by customer_id)",
    );
  }

  #rows<Row>(query: string): (Row & { shard: number })[] {
    return this.shards.flatMap(({ sql }, shard) => sql.all<Row>(query).map((row) => ({ ...row, shard })));
  }
}
