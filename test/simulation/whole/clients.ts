// Everyone who asks the service for something: what they send, what they were told, and what must be so from then on.

import type { Random } from "../../../ingest/demo/random.ts";
/** The vendor's catalog: a node-locked model, one with a seat beyond, and a pool of short leases. */
export const catalog = {
  version: "1",
  products: [{ sku: "CAD-PRO", name: "Atlas CAD Pro", brand: "Atlas" }],
  licenseModels: [
    { id: "node", metric: "node-locked", policy: {} },
    { id: "node-and-one", metric: "node-locked", policy: { overdraft: 1, lease: "P2D" } },
    { id: "pool", metric: "floating", policy: { lease: "PT2H" } },
  ].map(({ policy, ...model }) => ({
    ...model,
    name: model.id,
    term: { kind: "perpetual" },
    policy: { rehosts: { count: 3, per: "P1D" }, returns: { count: 3, per: "P1D" }, ...policy },
  })),
};

/** One request, which may be sent many times. */
export interface Deed {
  kind: string;
  path: string;
  body: string;
  headers: Record<string, string>;
  /** The seat and the license's generation that it was made with. */
  shows?: { activationId: string; generation: number };
  /** The hosts that want a seat by it, line by line. */
  hosts?: string[];
  /** Its Idempotency-Key, which is the reason in its event too. */
  name?: string;
}

interface Seat {
  activationId: string;
  entitlementId: string;
  license: string;
  generation: number;
}

// What the clients read of answers.
interface Body {
  order?: { orderId: string };
  entitlements?: { entitlementId: string; activationCode: string; parentEntitlementId: string | null }[];
  activation?: {
    activationId: string;
    entitlementId: string;
    state: "bound" | "ended";
    generation: number;
    licenseId: string | null;
  };
  license?: string;
  child?: { entitlementId: string; activationCode: string };
  code?: string;
}

interface TelemetryEvent {
  id: string;
  type: string;
  occurredAt: string;
  activationId: string;
  data: { version: number };
}

type Line = Body & { line: number; status: number; problem?: Body };

const platform = { os: { type: "linux" }, arch: "amd64" };

export class Clients {
  readonly #random: Random;
  readonly #key: string;
  #count = 0;
  #entitlements: { entitlementId: string; activationCode: string }[] = [];
  #orders: string[] = [];
  #seats: Seat[] = [];
  #sent: Deed[] = [];
  /** What of a deed is the same in every answer that grants it. */
  readonly #answers = new Map<Deed, string>();
  /** The highest generation that was acknowledged, by seat. */
  readonly #generations = new Map<string, number>();
  /** Names of facts that were acknowledged: each is on record once. */
  readonly facts = new Set<string>();
  /** By host: how often a seat was asked for, and how often the answer was that none is left. */
  readonly asked = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly #ended = new Set<string>();

  constructor(random: Random, key: string) {
    this.#random = random;
    this.#key = key;
  }

  /** Something to ask, new or again. */
  next(): Deed {
    const random = this.#random;
    if (this.#sent.length > 0 && random.chance(0.2)) return random.pick(this.#sent);
    // Few orders: what is asked for comes together at the same seats.
    const kinds: [number, () => Deed | null][] = [
      [this.#orders.length < 2 ? 5 : 0.5, () => this.#order()],
      [6, () => this.#activate()],
      [4, () => this.#useSeat("refresh")],
      [4, () => this.#useSeat("rehost")],
      [2, () => this.#useSeat("return")],
      [1, () => this.#change("extend", { added: random.integer(1, 2) })],
      [1, () => this.#change("split", { quantity: 1 })],
      [0.5, () => this.#cancel()],
      [2.5, () => this.#bulk()],
      [2, () => this.#telemetry()],
    ];
    for (;;) {
      const [, make] = random.weighted(kinds, ([weight]) => weight);
      const deed = make();
      if (!deed) continue;
      this.#sent.push(deed);
      return deed;
    }
  }

  /**
   * Hears that a deed is being sent.
   * @returns whether a grant of it would break what was promised before
   */
  sends({ kind, shows, hosts = [] }: Deed): boolean {
    for (const host of hosts) count(this.asked, host);
    if (!shows || (kind !== "refresh" && kind !== "return")) return false;
    const hasMoved = shows.generation < (this.#generations.get(shows.activationId) ?? 0);
    return hasMoved || (kind === "refresh" && this.#ended.has(shows.activationId));
  }

  /**
   * Hears an answer.
   * @returns what is wrong with it, or null
   */
  told(deed: Deed, wasDead: boolean, status: number, text: string): string | null {
    if (status >= 500) return `${deed.kind} was answered ${status}: ${text}`;
    if (deed.kind === "bulk") return this.#toldLines(deed, text);
    if (deed.kind === "telemetry") return this.#toldOutcomes(deed, text);
    const body = JSON.parse(text) as Body;
    if (status >= 400) {
      if (body.code === "no_seats_left") deed.hosts?.forEach((host) => count(this.refused, host));
      return null;
    }
    if (wasDead) return `a seat that had moved or ended was granted ${deed.kind}: ${text}`;
    const same = sameOf(deed, body, text);
    const before = this.#answers.get(deed);
    if (same !== null && before !== undefined && before !== same)
      return `the same ${deed.kind} was answered otherwise: ${before}, then ${same}`;
    if (same !== null) this.#answers.set(deed, same);
    this.#learn(deed, body);
    return null;
  }

  #toldLines(deed: Deed, text: string): string | null {
    for (const line of text.trimEnd().split("\n")) {
      const { line: number, status, problem, ...body } = JSON.parse(line) as Line;
      if (status >= 500) return `a line was answered ${line}`;
      if (status < 400) this.#learn(deed, body);
      else if (problem?.code === "no_seats_left") count(this.refused, deed.hosts?.[number - 1] ?? "");
    }
    return null;
  }

  #toldOutcomes({ body }: Deed, text: string): string | null {
    const events = body.split("\n").map((line) => JSON.parse(line) as TelemetryEvent);
    const { outcomes } = JSON.parse(text) as { outcomes: { outcome: string }[] };
    if (outcomes.length !== events.length) return `${events.length} events were answered ${text}`;
    for (const [i, { outcome }] of outcomes.entries())
      if (outcome !== "quarantined") this.facts.add(nameOfTelemetry(events[i]!));
    return null;
  }

  #learn({ kind, name }: Deed, { order, entitlements, activation, license, child }: Body): void {
    if (name !== undefined) this.facts.add(`entitlement.${kind === "split" ? "split" : "extended"} ${name}`);
    if (kind === "order" && order) {
      this.#orders.push(order.orderId);
      this.facts.add(`order.recorded ${order.orderId}`);
    }
    if (kind === "cancel" && order) this.facts.add(`order.cancelled ${order.orderId}`);
    for (const it of [...(entitlements ?? []), ...(child ? [child] : [])]) {
      this.facts.add(`entitlement.granted ${it.entitlementId}`);
      if (!this.#entitlements.some(({ entitlementId }) => entitlementId === it.entitlementId))
        this.#entitlements.push(it);
    }
    if (!activation) return;
    const { activationId, entitlementId, state, generation, licenseId } = activation;
    if (kind === "return" && state === "ended") {
      this.#ended.add(activationId);
      this.facts.add(`activation.ended ${activationId}`);
    }
    this.facts.add(`activation.bound ${activationId} ${generation}`);
    if (licenseId !== null) this.facts.add(`license.issued ${licenseId}`);
    this.#generations.set(activationId, Math.max(generation, this.#generations.get(activationId) ?? 0));
    if (license !== undefined) this.#seats.push({ activationId, entitlementId, license, generation });
  }

  #deed(kind: string, path: string, body: unknown, more: Partial<Deed> = {}): Deed {
    this.#count += 1;
    const headers = { authorization: `Bearer ${this.#key}`, ...more.headers };
    return { kind, path, body: typeof body === "string" ? body : JSON.stringify(body), ...more, headers };
  }

  #order(): Deed {
    const lines = Array.from({ length: this.#random.integer(1, 2) }, (_, index) => ({
      lineNumber: index + 1,
      sku: "CAD-PRO",
      licenseModel: this.#random.pick(catalog.licenseModels).id,
      quantity: this.#random.integer(1, 2),
      unitPrice: { amount: 100, currency: "EUR" },
    }));
    const customer = { id: `C-${this.#random.integer(1, 3)}`, name: `Name ${this.#random.integer(1, 3)}` };
    const orderId = `SO-${this.#count}`;
    return this.#deed("order", "/v1/orders", { orderId, orderedAt: "2026-11-01T00:00:00Z", customer, lines });
  }

  #host(): string {
    return `host-${this.#random.integer(1, 3)}`;
  }

  #activate(): Deed | null {
    if (this.#entitlements.length === 0) return null;
    const { activationCode } = this.#random.pick(this.#entitlements);
    const host = this.#host();
    const body = { activationCode, host: { id: host }, platform };
    return this.#deed("activate", "/v1/activations", body, { hosts: [host] });
  }

  #bulk(): Deed | null {
    if (this.#entitlements.length === 0) return null;
    const hosts = Array.from({ length: 3 }, () => this.#host());
    const lines = hosts.map((id) => {
      const { entitlementId } = this.#random.pick(this.#entitlements);
      return `${JSON.stringify({ entitlementId, host: { id } })}\n`;
    });
    return this.#deed("bulk", "/v1/licenses", lines.join(""), { hosts });
  }

  /** Some events of few IDs: they come again, also with another content. */
  #telemetry(): Deed {
    const events = Array.from({ length: this.#random.integer(1, 6) }, (): TelemetryEvent => ({
      id: `t-${this.#random.integer(1, 60)}`,
      type: "telemetry.heartbeat",
      occurredAt: "2026-11-01T00:00:00Z",
      activationId: `act_00${"0".repeat(26)}`,
      data: { version: this.#random.chance(0.1) ? 2 : 1 },
    }));
    return this.#deed("telemetry", "/v1/events", events.map((event) => JSON.stringify(event)).join("\n"), {
      headers: { "content-type": "application/x-ndjson" },
    });
  }

  #useSeat(kind: "refresh" | "rehost" | "return"): Deed | null {
    if (this.#seats.length === 0) return null;
    const { activationId, generation, license } = this.#random.pick(this.#seats);
    const body = { license, ...(kind === "rehost" ? { host: { id: this.#host() }, platform } : {}) };
    return this.#deed(kind, `/v1/activations/${activationId}/${kind}`, body, {
      shows: { activationId, generation },
    });
  }

  #change(kind: "extend" | "split", what: object): Deed | null {
    if (this.#entitlements.length === 0) return null;
    const { entitlementId } = this.#random.pick(this.#entitlements);
    const name = `request-${this.#count}`;
    return this.#deed(
      kind,
      `/v1/entitlements/${entitlementId}/${kind}`,
      { ...what, reason: name },
      { headers: { "Idempotency-Key": name }, name },
    );
  }

  #cancel(): Deed | null {
    return this.#orders.length === 0
      ? null
      : this.#deed("cancel", `/v1/orders/${this.#random.pick(this.#orders)}/cancel`, {});
  }
}

/** What an event of telemetry is on record as: once. */
export const nameOfTelemetry = ({ id, data }: Pick<TelemetryEvent, "id" | "data">): string =>
  `telemetry ${id} ${data.version}`;

/** What every grant of the same request has in common; null where time may change it. */
function sameOf({ kind }: Deed, { entitlements }: Body, text: string): string | null {
  if (kind === "order")
    return JSON.stringify(
      entitlements
        ?.filter(({ parentEntitlementId }) => parentEntitlementId === null)
        .map(({ entitlementId, activationCode }) => [entitlementId, activationCode]),
    );
  return kind === "extend" || kind === "split" ? text : null;
}

const count = (counts: Map<string, number>, of: string) => void counts.set(of, (counts.get(of) ?? 0) + 1);
