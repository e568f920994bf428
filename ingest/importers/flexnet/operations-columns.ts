// Pure. What FlexNet Operations calls its columns: in the extracts of its REST interface, its Data Access API and analytics, and
// the lists of its portals (Revenera, "Entitlement Data Extract", "Fulfillment Data Extract", "Data Access API Field
// Descriptions"). Producers rename some and add their own, so names are compared by their letters and digits alone.

import type { ColumnName, Table } from "../../import/table/columns.ts";
import { wordsOf } from "../../import/table/heading-words.ts";
import { type Layout, layoutOf, namesOf } from "../../import/table/layout.ts";
import { type Place, SourceFault } from "../importer.ts";

/** Names by column, those that say it best first. */
const written: Partial<Record<ColumnName, string>> = {
  // A line item has an ID of its own in all of FlexNet Operations, by which fulfillments name it.
  order: "activation id, line item activation id, line item id, lineitem id, entitlement id",
  product: "part number, part no, part #, sku, product name, product, product id, ordered product",
  productName: "product name, product description, part number description",
  version: "product version, version",
  model: "license model, license model name, license model id",
  quantity:
    "quantity, total quantity, seats, copies, number of copies, order quantity, ordered quantity, qty, seat count, num copies, line item quantity",
  customerId:
    "end customer|account, end customer account id, sold to id, sold to account id, sold to account, account id, customer id",
  customerName:
    "end customer|account name, end customer account name, sold to name, sold to display name, sold to, account name, end customer, customer, customer name",
  email: "end customer|user email, ship to email, contact email",
  orderedAt:
    "order date, created on, entitlement created on, creation date, created date, date created, line item created on, created",
  startsAt: "start date, line item start date",
  endsAt: "expiration date, expiration, expiry date, end date, line item expiration date",
  hostId:
    "host id, host entity id, license host, node locked host id, server host id, host name/id, device id, host",
  hostName: "host name, device name, machine name",
  user: "host user id, host user",
  activatedAt:
    "fulfillment date, fulfill date, fulfill date time, fulfilled on, fulfillment date time, activation date, activated on",
};

/** Columns that say what becomes of a row. */
const others = {
  fulfillment: "fulfillment id",
  state:
    "line item state, line item status, entitlement state, entitlement status, fulfillment state, fulfillment status, state, status",
  changedAt:
    "last modified, last modified date, last modified on, updated on, modified on, modified date, last updated",
  isPermanent: "is permanent, permanent",
  isServer: "is server",
  fulfillCount: "fulfill count, fulfillment count, fulfilled count",
};

const letters = (text: string): string => wordsOf(text).replaceAll(" ", "");
const listOf = (names: string): string[] => names.split(",").map(letters);

/** Where the first of these names stands; -1 where none does. */
function indexOf(headings: readonly string[], names: string): number {
  for (const name of listOf(names)) {
    const index = headings.indexOf(name);
    if (index >= 0) return index;
  }
  return -1;
}

export interface OperationsLayout extends Layout {
  /** Fulfillments tell seats, entitlements tell rights. */
  kind: "entitlements" | "fulfillments";
  /** Whether what stands under `order` names one line item alone. */
  isLineItem: boolean;
  /** All columns of states: of the line item, and of the entitlement that it is in. */
  states: readonly number[];
  changedAt: number;
  isPermanent: number;
  isServer: number;
  fulfillCount: number;
}

/**
 * Finds the columns of an export.
 * @param own what the mapping says of them, instead of what is known here; undefined where it says nothing
 * @throws SourceFault where a column is missing without which its rows say nothing
 */
export function operationsLayoutOf(
  headings: readonly string[],
  own: Table["columns"] | undefined,
  place: Place,
): OperationsLayout {
  const known = headings.map(letters);
  const kind = indexOf(known, others.fulfillment) >= 0 ? "fulfillments" : "entitlements";
  const layout = layoutOf(headings, own ?? builtIn(headings, known), place, false);
  for (const name of kind === "entitlements"
    ? (["order", "product"] as const)
    : (["order", "hostId"] as const))
    if (layout.indexes[name] < 0)
      throw new SourceFault(
        place,
        `This export of ${kind} has no column for ${name}, such as "${(written[name] ?? "").split(",")[0]}": name it in a mapping with \`table\`. The headings are: ${headings.slice(0, 60).join(", ")}.`,
      );
  const order = known[layout.indexes.order];
  return {
    ...layout,
    kind,
    isLineItem: order !== "entitlementid",
    states: listOf(others.state).flatMap((name) => {
      const index = known.indexOf(name);
      return index < 0 ? [] : [index];
    }),
    changedAt: indexOf(known, others.changedAt),
    isPermanent: indexOf(known, others.isPermanent),
    isServer: indexOf(known, others.isServer),
    fulfillCount: indexOf(known, others.fulfillCount),
  };
}

/** Which of the headings stands over what. */
function builtIn(headings: readonly string[], known: readonly string[]): Table["columns"] {
  return Object.fromEntries(
    namesOf().flatMap((name) => {
      const heading = headings[indexOf(known, written[name] ?? "")];
      return heading === undefined ? [] : [[name, heading]];
    }),
  );
}

/** Whether headings are those of an export of entitlements or fulfillments. */
export function areOperations(headings: readonly string[]): boolean {
  const known = headings.map(letters);
  const has = (names: string) => indexOf(known, names) >= 0;
  if (has(others.fulfillment)) return true;
  return has(written.order ?? "") && (has(written.product ?? "") || has(written.model ?? ""));
}
