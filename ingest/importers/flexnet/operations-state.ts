// Pure. States of entitlements, line items and fulfillments in FlexNet Operations.

import { type Cell, textOf } from "../../import/table/cell.ts";
import type { Row } from "../../import/table/fields.ts";

/** The worst first: a line item is no more than the entitlement that it is in. */
export const STATES = ["DRAFT", "OBSOLETE", "INACTIVE", "ON_HOLD", "TEST", "DEPLOYED", "ACTIVE"] as const;
type State = (typeof STATES)[number];

/** Of several columns of states the worst; `state` is undefined where one says what is none. */
export function worstOf(
  { cells }: Row,
  columns: readonly number[],
): { state: State | undefined; index: number } | undefined {
  const told = columns.flatMap((index) => {
    const text = stateOf(cells[index] ?? null);
    return text === "" ? [] : [{ state: STATES.find((state) => state === text), index }];
  });
  const rank = (state: State | undefined) => (state === undefined ? -1 : STATES.indexOf(state));
  return told.toSorted((a, b) => rank(a.state) - rank(b.state))[0];
}

/** `bo.constants.states.active` and `On Hold` → `ACTIVE` and `ON_HOLD`. */
export function stateOf(cell: Cell): string {
  return textOf(cell).replace(/^.*\./, "").toUpperCase().replaceAll(/[ -]+/g, "_");
}
