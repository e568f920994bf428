// What a subscription's items come to in the rights of its order: another product, more seats, rest.

import {
  decideExtend,
  decideReinstate,
  decideSuspend,
  decideUpgrade,
  type Entitlement,
  type Refusal,
  refuse,
} from "../../../licensing/index.ts";
import { newestCatalog } from "../queries.ts";
import { type Elsewhere, type Item, putReference, type Reference, referencesOf } from "../reference-rows.ts";
import type { Store } from "../store.ts";
import type { ToldItem, ToldSubscription } from "../told.ts";
import { changeRights, changeTime, rightsByLine } from "./line-rights.ts";

/** Prices of an item that are remembered: a bill that is told late may name one before the last. */
const MAX_PRICES = 20;

/** An item as it is told for the first time. */
export const itemOf = (
  { sku, quantity, price, isPriced }: ToldItem,
  lineNumber: Item["lineNumber"],
): Item => ({
  kind: "item",
  lineNumber,
  sku,
  quantity,
  prices: [price],
  isPriced,
  isResting: false,
  shortfall: null,
  successor: null,
});

/**
 * Has the rights of an order follow the items of its subscription.
 * @param rest why all of them rest; null where they do not
 * @returns the first thing that could not be done; all else is
 */
export function followItems(store: Store, told: ToldSubscription, rest: string | null): Refusal | null {
  const { orderId } = told.order;
  const known = referencesOf(store.sql, orderId);
  const rights = rightsByLine(store, orderId);
  let refusal: Refusal | null = null;
  for (const [name, reference] of place(known, told)) {
    const item = told.items.find((one) => one.name === name);
    let after = reference;
    if (reference.kind === "item" && reference.successor === null) {
      const line = new LineOfItem(store, told, rights.get(reference.lineNumber) ?? []);
      const sold = item ? line.sell(reference, item) : reference;
      after = line.rest(sold, item ? rest : "It was taken off the subscription.");
      refusal ??= line.refusal;
    } else if (reference.kind === "elsewhere" && item)
      after = { ...reference, prices: withPrice(reference.prices, item.price) };
    if (JSON.stringify(after) !== JSON.stringify(known.get(name)))
      putReference(store.sql, { name, orderId, reference: after });
  }
  return refusal;
}

/**
 * Finds a place for items that are new: where others are gone they take theirs, as vendors change a plan; else they are orders
 * of their own, for an order that was recorded gets no more lines.
 */
function place(
  known: ReadonlyMap<string, Reference>,
  { order, items }: ToldSubscription,
): Map<string, Item | Elsewhere> {
  const references = new Map<string, Item | Elsewhere>();
  for (const [name, reference] of known)
    if (reference.kind === "item" || reference.kind === "elsewhere") references.set(name, reference);
  const gone = Array.from(references).flatMap(([name, reference]): [string, Item][] => {
    const isGone = reference.kind === "item" && !items.some((item) => item.name === name);
    return isGone && reference.successor === null ? [[name, reference]] : [];
  });
  for (const { name, price } of items) {
    if (references.has(name)) continue;
    const left = gone.shift();
    if (left) {
      const [before, reference] = left;
      references.set(before, { ...reference, successor: name });
      references.set(name, { ...reference, prices: withPrice(reference.prices, price) });
    } else {
      const orderId = `${order.orderId}:${name.slice(name.indexOf(":") + 1)}`;
      references.set(name, { kind: "elsewhere", orderId, prices: [price] });
    }
  }
  return references;
}

const withPrice = (prices: readonly string[], price: string): string[] =>
  [price, ...prices.filter((one) => one !== price)].slice(0, MAX_PRICES);

/** The rights of one line, which follow its item. */
class LineOfItem {
  readonly #store: Store;
  readonly #told: ToldSubscription;
  #rights: Entitlement[];
  refusal: Refusal | null = null;

  constructor(store: Store, told: ToldSubscription, rights: Entitlement[]) {
    this.#store = store;
    this.#told = told;
    this.#rights = rights;
  }

  /** What was told of an item before, and is told now: the difference is done. */
  sell(before: Item, item: ToldItem): Item {
    const prices = withPrice(before.prices, item.price);
    const sku = item.sku === before.sku || this.#upgrade(item.sku) ? item.sku : before.sku;
    const added = item.quantity - this.#soldOf(before);
    if (added > 0 && !this.#extend(added)) return { ...before, prices, sku };
    if (added >= 0) return { ...before, prices, sku, quantity: item.quantity, shortfall: null };
    return { ...before, prices, sku, shortfall: this.#fallShort(before, item.quantity) };
  }

  /** Takes the rights out of force, and puts them into force again where that was why they were not. */
  rest(item: Item, reason: string | null): Item {
    const decree = { by: this.#told.source, reason: reason ?? "The subscription is in force again." };
    if (reason !== null && !item.isResting) {
      const inForce = this.#rights.filter(({ suspendedAt }) => suspendedAt === null);
      const done = this.#change(inForce, (right, at) => decideSuspend(right, decree, at));
      return { ...item, isResting: done && inForce.length > 0 };
    }
    if (reason !== null || !item.isResting) return item;
    const done = this.#change(this.#rights, (right, at) => decideReinstate(right, decree, at));
    return { ...item, isResting: !done };
  }

  /** Seats that were sold, as far as people have not given up what fell short. */
  #soldOf({ quantity, shortfall }: Item): number {
    const held = this.#rights[0]?.quantity ?? quantity;
    return shortfall && held <= shortfall.quantity ? shortfall.quantity : quantity;
  }

  #upgrade(sku: string): boolean {
    const catalog = newestCatalog(this.#store.sql)?.catalog;
    if (!catalog) throw new TypeError("there is an entitlement, and no catalog that it was granted by");
    const model = catalog.products.find((product) => product.sku === sku)?.defaultLicenseModel;
    const decree = { by: this.#told.source, reason: "The subscription is for another price." };
    return this.#change(this.#rights, (right, at) => {
      if (right.product.sku === sku) return { ok: true, events: [] };
      const to = { sku, licenseModel: model === right.model.id ? undefined : model };
      return decideUpgrade(right, to, catalog, decree, at);
    });
  }

  /** Parts that were split off stay as they are. */
  #extend(added: number): boolean {
    const decree = { by: this.#told.source, reason: "The subscription is for more seats." };
    return this.#change(this.#rights.slice(0, 1), (right, at) => decideExtend(right, added, decree, at));
  }

  /** No rule takes seats away that were sold: people are asked to, once. */
  #fallShort(before: Item, quantity: number): Item["shortfall"] {
    const { toldAt, order } = this.#told;
    const { shortfall } = before;
    if (shortfall?.quantity === quantity && shortfall.toldAt !== toldAt) return shortfall;
    this.refusal ??= refuse(
      "seats_not_taken_back",
      `The subscription of order ${order.orderId} is for ${quantity} seats of line ${before.lineNumber}, and ${before.quantity} were sold: agree with the customer on which to give up, split those off, and suspend that part.`,
    );
    return { quantity, toldAt };
  }

  #change(
    rights: readonly Entitlement[],
    decide: (right: Entitlement, at: number) => ReturnType<typeof decideSuspend>,
  ): boolean {
    const outcome = changeRights(this.#store, rights, this.#told.source, (right) =>
      decide(right, changeTime(right, this.#told.at, this.#store.now)),
    );
    const changed = new Map(outcome.rights.map((right) => [right.entitlementId, right]));
    this.#rights = this.#rights.map((right) => changed.get(right.entitlementId) ?? right);
    this.refusal ??= outcome.refusal;
    return outcome.refusal === null;
  }
}
