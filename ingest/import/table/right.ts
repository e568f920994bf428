// Pure. A row of a table → the right that it states, or what is wrong with it.

import type { Instant } from "../../../licensing/index.ts";
import {
  type Entry,
  type ForeignCustomer,
  type ForeignRight,
  type ForeignSeat,
  type ReadContext,
  SourceFault,
} from "../../importers/importer.ts";
import { amountOf, currencyOf, quantityOf, type Read } from "./amounts.ts";
import { type Cell, textOf } from "./cell.ts";
import type { ColumnName, Table } from "./columns.ts";
import { countryOf } from "./countries.ts";
import { type DateReader, dateReader } from "./dates.ts";
import { Fields, orderedAtOf, type Row } from "./fields.ts";
import { hashOf, keptId, LineNumbers, MAX_ALIKE, MAX_COUNTED_ROWS, MAX_LINE_NUMBER } from "./identity.ts";
import { type Layout, namesOf } from "./layout.ts";

/** What a table says beside its columns. */
export interface Kind {
  /** Days are counted from 1904 on, as some workbooks do. */
  is1904?: boolean;
  /** An order is one right, so that its rows need no numbers. */
  isOrderOneRight?: boolean;
}

/** @throws SourceFault where the mapping does not say how days are written, or names no zone */
export function datesOf(table: Pick<Table, "dates" | "zone">, is1904 = false): DateReader {
  const read = dateReader(table.dates, table.zone, is1904);
  if (!read.ok) throw new SourceFault({}, `The mapping's table cannot be used: ${read.why}.`);
  return read.value;
}

/** Reads a table's rows, one after the other. */
export class RightReader {
  readonly fields: Fields;
  readonly #table: Table;
  readonly #context: ReadContext;
  readonly #kind: Kind;
  readonly #dates: DateReader;
  readonly #lines = new LineNumbers();

  constructor(layout: Layout, table: Table, context: ReadContext, kind: Kind = {}) {
    this.fields = new Fields(layout);
    this.#table = table;
    this.#context = context;
    this.#kind = kind;
    this.#dates = datesOf(table, kind.is1904);
  }

  /**
   * What a row comes to.
   * @returns the right or the problem, and after a right whose order has numbers of lines its seat: there, rows may be one
   *   right's several seats
   */
  read(row: Row): Entry[] {
    const { fields } = this;
    fields.open(row);
    const right = this.#rightOf(row);
    const { input, fault } = fields;
    if (fault !== undefined)
      return [{ kind: "problem", place: fault.place, input, code: fault.code, detail: fault.detail }];
    const place = { line: row.line };
    const [seat] = right.seats;
    if (seat === undefined || !fields.has("line")) return [{ kind: "right", place, input, right }];
    const { order, lineNumber } = right;
    return [
      { kind: "right", place, input, right: { ...right, seats: [] } },
      { kind: "seat", place, input, seat: { order, lineNumber, ...seat } },
    ];
  }

  #rightOf(row: Row): ForeignRight {
    const { fields } = this;
    const { texts } = fields;
    if (texts.product === "") fields.fail("incomplete", "product", "is empty: it has to say what was sold");
    const orderedAt = orderedAtOf(fields, this.#instant("orderedAt"), this.#context.orderedAt);
    const startsAt = this.#instant("startsAt");
    const endsAt = fields.read("endsAt", this.#dates.endOf) ?? null;
    if (endsAt !== null && startsAt !== undefined && endsAt <= startsAt)
      fields.fail("invalid", "endsAt", "ends the term before it starts");
    const quantity = this.#quantity();
    const { order, lineNumber } = this.#identity(row);
    const right: ForeignRight = {
      order,
      lineNumber,
      product: texts.product,
      model: { name: texts.model },
      quantity,
      orderedAt,
      endsAt,
      seats: this.#seats(orderedAt),
    };
    if (texts.productName !== "") right.productName = texts.productName;
    if (texts.brand !== "") right.brand = texts.brand;
    if (texts.version !== "") right.version = texts.version;
    const unitPrice = this.#unitPrice(quantity);
    if (unitPrice !== undefined) right.unitPrice = unitPrice;
    const customer = this.#customer();
    if (customer !== undefined) right.customer = customer;
    const deliveredAt = this.#instant("deliveredAt");
    if (deliveredAt !== undefined) right.deliveredAt = deliveredAt;
    if (startsAt !== undefined) right.startsAt = startsAt;
    const channel = texts.channel.replaceAll(NO_CHANNEL, "-").replace(/^[^A-Za-z0-9]+/, "");
    if (channel !== "") right.channel = channel;
    const isTest = fields.read("test", truthOf);
    if (isTest !== undefined) right.isTest = isTest;
    const cancelledAt = this.#instant("cancelledAt");
    if (cancelledAt !== undefined)
      right.ended = { kind: "cancelled", at: cancelledAt, reason: "cancelled, as the table says" };
    return right;
  }

  #instant(name: ColumnName): Instant | undefined {
    return this.fields.read(name, this.#dates.instantOf);
  }

  #quantity(): number {
    const quantity = this.fields.read("quantity", (cell) => quantityOf(cell, this.#table.decimal)) ?? 1;
    if (quantity === 0) this.fields.fail("void", "quantity", "seats grant nothing");
    return quantity;
  }

  #identity(row: Row): { order: string; lineNumber: number } {
    const { fields } = this;
    const { texts } = fields;
    if (!fields.has("order"))
      return {
        order: hashOf(namesOf().flatMap((name) => (texts[name] === "" ? [] : [[name, texts[name]]]))),
        lineNumber: 1,
      };
    if (texts.order === "")
      fields.fail("incomplete", "order", "is empty: without it, the row is not known again");
    const order = keptId(texts.order);
    if (this.#kind.isOrderOneRight === true) return { order, lineNumber: 1 };
    if (fields.has("line")) return { order, lineNumber: this.#lineNumber() };
    // A row with a fault takes its number too: when it is mended, no other row gets another one.
    if (texts.order === "" || texts.product === "") return { order, lineNumber: 0 };
    if (this.#lines.count >= MAX_COUNTED_ROWS)
      throw new SourceFault(
        { line: row.line },
        `Of more than ${MAX_COUNTED_ROWS} rows the lines cannot be told apart: map the number of the line to \`line\`, or divide the file.`,
      );
    const lineNumber = this.#lines.next(order, texts.product);
    if (lineNumber === undefined)
      fields.fail(
        "invalid",
        "order",
        `has more than ${MAX_ALIKE} lines for one product: is it an order's ID?`,
      );
    return { order, lineNumber: lineNumber ?? 0 };
  }

  #lineNumber(): number {
    const { fields } = this;
    const number = Number(fields.texts.line);
    if (fields.texts.line === "")
      fields.fail("incomplete", "line", "is empty: without it, the row is not known again");
    else if (!/^\d{1,7}(?:\.0+)?$/.test(fields.texts.line) || number < 1 || number > MAX_LINE_NUMBER)
      fields.fail("invalid", "line", `is no number of a line, 1 to ${MAX_LINE_NUMBER}`);
    return number;
  }

  #unitPrice(quantity: number): ForeignRight["unitPrice"] {
    const { fields } = this;
    const { unitPrice, amount } = fields.texts;
    if (unitPrice === "" && amount === "") return undefined;
    const currency = fields.read("currency", (cell) => currencyOf(textOf(cell))) ?? this.#context.currency;
    const { decimal } = this.#table;
    if (unitPrice !== "") {
      const amountMinor = fields.read("unitPrice", (cell) => amountOf(cell, currency, decimal));
      return amountMinor === undefined ? undefined : { amountMinor, currency };
    }
    const whole = fields.read("amount", (cell) => amountOf(cell, currency, decimal));
    if (whole === undefined || quantity === 0) return undefined;
    if (whole % quantity !== 0)
      fields.fail(
        "invalid",
        "amount",
        `does not divide evenly by ${quantity} seats: map the price of one to unitPrice`,
      );
    return { amountMinor: whole / quantity, currency };
  }

  #customer(): ForeignCustomer | undefined {
    const { fields } = this;
    const { customerId, customerName, email } = fields.texts;
    const country = fields.read("country", (cell) => {
      const code = countryOf(textOf(cell));
      return code === undefined
        ? { ok: false, why: "is no country that is known here: say its ISO 3166-1 code, such as DE" }
        : { ok: true, value: code };
    });
    if (customerId === "" && customerName === "" && email === "") return undefined;
    const customer: ForeignCustomer = {};
    if (customerId !== "") customer.id = customerId;
    if (customerName !== "") customer.name = customerName;
    if (email !== "") customer.email = email;
    if (country !== undefined) customer.country = country;
    return customer;
  }

  /** The seat that the row tells of: of a computer by its ID, else by what people call it, else of a user alone. */
  #seats(orderedAt: Instant): readonly ForeignSeat[] {
    const { hostId, hostName, user, os, osVersion, arch, appVersion } = this.fields.texts;
    const boundAt = this.#instant("activatedAt");
    const id = hostId || hostName || user;
    if (id === "") {
      if (boundAt !== undefined)
        this.fields.fail(
          "incomplete",
          "activatedAt",
          "is when a seat was taken, and no column says by which computer or user",
        );
      return NO_SEATS;
    }
    const platform: ForeignSeat["platform"] = {};
    if (os !== "") platform.os = os;
    if (osVersion !== "") platform.osVersion = osVersion;
    if (arch !== "") platform.arch = arch;
    if (appVersion !== "") platform.appVersion = appVersion;
    const seat: ForeignSeat = { hostId: id, boundAt: boundAt ?? orderedAt };
    if (hostName !== "") seat.hostName = hostName;
    if (user !== "") seat.user = user;
    if (Object.keys(platform).length > 0) seat.platform = platform;
    return [seat];
  }
}

const NO_SEATS: readonly ForeignSeat[] = [];
const NO_CHANNEL = /[^A-Za-z0-9._:/#@+=-]+/g;

const YES = new Set(["true", "yes", "y", "1", "x", "test", "ja", "j", "wahr"]);
const NO = new Set(["false", "no", "n", "0", "nein", "falsch", "live", "production"]);

function truthOf(cell: Cell): Read<boolean> {
  const text = textOf(cell).toLowerCase();
  if (YES.has(text)) return { ok: true, value: true };
  return NO.has(text) ? { ok: true, value: false } : { ok: false, why: "is neither yes nor no" };
}
