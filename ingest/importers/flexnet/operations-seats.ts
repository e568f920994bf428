// Pure. A fulfillment of FlexNet Operations → the seat that it gives a host.

import { textOf } from "../../import/table/cell.ts";
import type { DateReader } from "../../import/table/dates.ts";
import { Fields, type Row } from "../../import/table/fields.ts";
import { keptId } from "../../import/table/identity.ts";
import type { Entry, ForeignSeat } from "../importer.ts";
import type { OperationsLayout } from "./operations-columns.ts";
import { stateOf } from "./operations-state.ts";

export class SeatReader {
  readonly #layout: OperationsLayout;
  readonly #fields: Fields;
  readonly #dates: DateReader;

  constructor(layout: OperationsLayout, dates: DateReader) {
    this.#layout = layout;
    this.#fields = new Fields(layout);
    this.#dates = dates;
  }

  read(row: Row): Entry[] {
    const fields = this.#fields;
    fields.open(row);
    const { order, hostId, hostName, user } = fields.texts;
    if (order === "")
      fields.fail("incomplete", "order", "is empty: it has to say which line item was fulfilled");
    const why = this.#whyNone(row);
    if (why !== undefined) fields.failAt("void", why.column, why.detail);
    if (hostId === "") fields.fail("incomplete", "hostId", "is empty: it has to say for which host");
    const boundAt = fields.read("activatedAt", this.#dates.instantOf);
    if (boundAt === undefined)
      fields.fail("incomplete", "activatedAt", "is empty: it has to say when it was fulfilled");
    const { fault, input } = fields;
    if (fault !== undefined || boundAt === undefined) {
      const { place, code, detail } = fault ?? {
        place: { line: row.line },
        code: "incomplete",
        detail: "It has no day.",
      };
      return [{ kind: "problem", place, input, code, detail }];
    }
    const seat: ForeignSeat = { hostId, boundAt };
    if (hostName !== "") seat.hostName = hostName;
    if (user !== "") seat.user = user;
    return [
      {
        kind: "seat",
        place: { line: row.line },
        input,
        seat: { order: keptId(order), lineNumber: 1, ...seat },
      },
    ];
  }

  /** Why nobody has a seat by this fulfillment, where that is so. */
  #whyNone({ cells }: Row): { column: "order" | "hostId"; detail: string } | undefined {
    const { states, isServer, fulfillCount } = this.#layout;
    const all = states.map((index) => stateOf(cells[index] ?? null)).filter((state) => state !== "");
    const state = all.find((it) => it !== "ACTIVE" && it !== "DEPLOYED");
    if (state !== undefined)
      return { column: "order", detail: `The fulfillment is ${state}: nobody has a seat by it any more.` };
    if (/^0+$/.test(textOf(cells[fulfillCount])))
      return { column: "order", detail: "The fulfillment is of no copies: all were returned." };
    if (/^(?:true|yes|1)$/i.test(textOf(cells[isServer])))
      return {
        column: "hostId",
        detail:
          "The fulfillment is for a license server, which lends its copies: who uses them, its own reports say.",
      };
    return /^any$/i.test(this.#fields.texts.hostId)
      ? { column: "hostId", detail: "The fulfillment is for any host: no seat is taken by one." }
      : undefined;
  }
}
