// Pure. What was read of one foreign order → the order as the ledger takes it, or why it cannot be one.

import { hash } from "node:crypto";
import { formatInstant, isWellFormed, timedOrderSchema } from "../../licensing/index.ts";
import type { ForeignModel, ForeignRight, ForeignSeat } from "../importers/importer.ts";
import type { ImportedEnd, ImportedOrder, ImportedSeat } from "../ledger/commands/imports.ts";
import { normalizeArch, normalizeOs } from "../platform.ts";
import { placeText, plainly, type Staged } from "./place.ts";
import type { ResolvedCustomer } from "./resolve.ts";
import type { StagedOrder, StagedRight, StagedSeat } from "./staged.ts";

/** What names are to the catalog, and customers to the ledger. */
export interface Names {
  /** The SKU of a foreign product; undefined where it is not mapped. */
  sku(product: string): string | undefined;
  /** The license model of a foreign one; null for what its product is sold under by default, undefined where it is not mapped. */
  licenseModel(model: ForeignModel, product: string): string | null | undefined;
  customer(told: Pick<ForeignRight, "customer">, file: string): ResolvedCustomer;
  /** Hashes hosts and users under the home's key. */
  hashId(id: string): string;
}

/** Where everything comes from, and the currency of what has no price. */
export interface Origin {
  /** Without `import:`. */
  source: string;
  currency: string;
}

/** Why an entry is not brought in. */
export interface Turned {
  code:
    | "duplicate"
    | "conflict"
    | "invalid"
    | "incomplete_order"
    | "unmapped_product"
    | "unmapped_model"
    | "unmapped_customer";
  detail: string;
}

/** An entry, and what names it in its source for ever. */
export type Keyed = Staged & { recordKey: string };

/** An order to be brought in, with what it is made of, and what of it is turned away before. It is plain data. */
export interface Assembled {
  /** Null where nothing is left of it. */
  item: ImportedOrder | null;
  /** The entries of its lines. */
  lines: (Keyed & { lineNumber: number })[];
  /** The entry of each of its seats; null where that is the line which it stood in. */
  seats: (Keyed | null)[];
  turned: (Keyed & Turned)[];
}

/** The same before anybody asked where its entries stand, which is read apart. */
export interface Assembling {
  item: ImportedOrder | null;
  lines: (Marked & { lineNumber: number })[];
  seats: (Marked | null)[];
  turned: (Marked & { why: Turned })[];
}

interface Marked {
  recordKey: string;
  entry: Staged;
}

/** Reads where the entries stand. */
export const assembled = ({ item, lines, seats, turned }: Assembling): Assembled => ({
  item,
  lines: lines.map(({ lineNumber, ...marked }) => ({ ...keyed(marked), lineNumber })),
  seats: seats.map((seat) => seat && keyed(seat)),
  turned: turned.map(turnedOf),
});

/** Reads where an entry stands that is turned away. */
export const turnedOf = ({ why, ...marked }: Assembling["turned"][number]): Keyed & Turned => ({
  ...keyed(marked),
  ...why,
});

const keyed = ({ recordKey, entry }: Marked): Keyed => ({ recordKey, ...plainly(entry) });

/** Makes an order of all that was read of it: of all its lines, or of none. */
export function assemble({ orderId, rights, seats }: StagedOrder, names: Names, origin: Origin): Assembling {
  const keyOf = (lineNumber: number) => `${origin.source} ${orderId} ${lineNumber}`;
  const turned: Assembling["turned"] = [];
  const { firsts, same } = apart(rights, keyOf, turned);
  const read = firsts.map((staged) => ({ staged, line: lineOf(staged, names, origin) }));
  const order = orderOf(orderId, read, origin);
  if (!order.ok)
    for (const { staged, line } of read)
      turned.push({
        recordKey: keyOf(staged.right.lineNumber),
        entry: staged.entry,
        why: "code" in line ? line : order.turned,
      });
  const lines = order.ok ? firsts : [];
  // A seat that was told by itself may be of an order that is on record.
  const own = rights.length > 0 && !order.ok ? [] : seats;
  if (own.length < seats.length) {
    const why = { code: "incomplete_order", detail: `Order ${orderId} itself does not fit.` } as const;
    for (const seat of seats) turned.push({ ...seatMarked(seat, keyOf), why });
  }
  const bound = [
    ...lines.flatMap(({ right: { lineNumber, seats: within } }) =>
      [within, ...same.filter(({ right }) => right.lineNumber === lineNumber).map(({ right }) => right.seats)]
        .flat()
        .map((seat) => ({ marked: null, seat, lineNumber })),
    ),
    ...own.map((staged) => ({
      marked: seatMarked(staged, keyOf),
      seat: staged.seat,
      lineNumber: staged.seat.lineNumber,
    })),
  ];
  const isNothing = lines.length === 0 && bound.length === 0;
  return {
    item: isNothing
      ? null
      : {
          orderId: `${origin.source}:${orderId}`,
          order: order.ok && lines.length > 0 ? order.order : null,
          fingerprint: order.ok ? order.fingerprint : "",
          seats: bound.map(({ seat, lineNumber }) => seatOf(seat, lineNumber, names)),
          ends: lines.flatMap(({ right: { ended, lineNumber } }): ImportedEnd[] =>
            ended === undefined ? [] : [{ lineNumber, ...ended }],
          ),
        },
    lines: lines.map(({ entry, right: { lineNumber } }) => ({
      recordKey: keyOf(lineNumber),
      entry,
      lineNumber,
    })),
    seats: bound.map(({ marked }) => marked),
    turned,
  };
}

type Line = { customer: Exclude<ResolvedCustomer, { unmapped: string }>; told: ToldLine };
type ToldLine = (typeof timedOrderSchema)["_input"]["lines"][number];

/** The first of each line, and those that say the same once more. What says another thing is turned away, as these are. */
function apart(
  rights: readonly StagedRight[],
  keyOf: (lineNumber: number) => string,
  turned: Assembling["turned"],
): { firsts: StagedRight[]; same: StagedRight[] } {
  const firsts = new Map<number, StagedRight>();
  const same: StagedRight[] = [];
  for (const staged of rights) {
    const { entry, right } = staged;
    const first = firsts.get(right.lineNumber);
    if (!first) firsts.set(right.lineNumber, staged);
    else {
      const why = again(first, staged);
      // It waits for itself: that the first is recorded settles nothing.
      turned.push({ recordKey: `${keyOf(right.lineNumber)} ${digestOf(right)}`, entry, why });
      if (why.code === "duplicate") same.push(staged);
    }
  }
  return { firsts: Array.from(firsts.values()), same };
}

/** A seat is named by its computer, so that it waits once, and goes on when its order is known. */
function seatMarked({ entry, seat }: StagedSeat, keyOf: (lineNumber: number) => string): Marked {
  const digest = digestOf([seat.hostId, seat.user ?? null]);
  return { recordKey: `${keyOf(seat.lineNumber)} ${digest}`, entry };
}

/**
 * What a right is that stands there once more. Its seats may be others, for each is taken once, and what its product is called
 * is no part of it.
 */
function again(first: StagedRight, other: StagedRight): Turned {
  const where = placeText(first.entry.file, first.entry.place);
  const itself = ({ right }: StagedRight) =>
    JSON.stringify({ ...right, seats: [], ended: null, features: [], productName: "", brand: "" });
  return itself(first) === itself(other)
    ? { code: "duplicate", detail: `The same stands in ${where}.` }
    : { code: "conflict", detail: `It stands in ${where} with another content.` };
}

/** What a right comes to as a line of an order, and whose it is. */
function lineOf({ right, entry }: StagedRight, names: Names, origin: Origin): Line | Turned {
  const sku = names.sku(right.product);
  if (sku === undefined)
    return {
      code: "unmapped_product",
      detail: `The product ${right.product} is not mapped: write a rule for it.`,
    };
  const licenseModel = names.licenseModel(right.model, right.product);
  if (licenseModel === undefined)
    return {
      code: "unmapped_model",
      detail: `The license model ${right.model.name || "of this product"} is not mapped: write a rule for it.`,
    };
  const customer = names.customer(right, entry.file);
  if ("unmapped" in customer)
    return { code: "unmapped_customer", detail: `Whose it is, is not known: ${customer.unmapped}.` };
  const { startsAt = right.orderedAt, endsAt, deliveredAt, unitPrice } = right;
  if (endsAt !== null && endsAt <= startsAt)
    return { code: "invalid", detail: `Its term ends at ${formatInstant(endsAt)}, before it starts.` };
  return {
    customer,
    told: {
      lineNumber: right.lineNumber,
      sku,
      ...(licenseModel === null ? {} : { licenseModel }),
      quantity: right.quantity,
      unitPrice: { amount: unitPrice?.amountMinor ?? 0, currency: unitPrice?.currency ?? origin.currency },
      startsAt,
      ...(deliveredAt === undefined ? {} : { deliveredAt }),
      ...(endsAt === null ? {} : { endsAt }),
    },
  };
}

/** The order of all lines; or why there is none, which is told of those that are not at fault themselves. */
function orderOf(
  orderId: string,
  read: readonly { staged: StagedRight; line: Line | Turned }[],
  { source }: Origin,
): { ok: true; order: ImportedOrder["order"]; fingerprint: string } | { ok: false; turned: Turned } {
  const [first] = read;
  if (!first) return { ok: true, order: null, fingerprint: "" };
  const lines = read.flatMap(({ line }) => ("code" in line ? [] : [line]));
  const fault = (code: Turned["code"], detail: string) => ({ ok: false, turned: { code, detail } }) as const;
  const [head] = lines;
  if (!head || lines.length < read.length)
    return fault(
      "incomplete_order",
      `Another line of order ${orderId} does not fit, and an order is brought in whole.`,
    );
  if (lines.some(({ customer }) => customer.id !== head.customer.id))
    return fault("invalid", `The lines of order ${orderId} name several customers, and an order has one.`);
  const rights = read.map(({ staged }) => staged.right);
  const told = {
    orderId: `${source}:${orderId}`,
    orderedAt: rights.reduce((least, { orderedAt }) => Math.min(least, orderedAt), Infinity),
    channel: first.staged.right.channel ?? source,
    test: rights.some(({ isTest }) => isTest === true),
    customer: head.customer,
    lines: lines.map((line) => line.told),
  };
  if (!isWellFormed(told)) {
    const issue = timedOrderSchema.safeParse(told).error?.issues[0];
    return fault("invalid", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  // Whom it is of, and not what they are called: a new address makes no other order.
  const fingerprint = digestOf([told.orderedAt, told.channel, told.test, told.customer.id, told.lines]);
  return { ok: true, order: told, fingerprint };
}

function seatOf(
  { hostId, hostName, user, platform, boundAt }: ForeignSeat,
  lineNumber: number,
  names: Names,
): ImportedSeat {
  const os = platform?.os === undefined ? { value: "other", raw: null } : normalizeOs(platform.os);
  const arch = normalizeArch(platform?.arch);
  return {
    lineNumber,
    hostName: hostName ?? null,
    boundAt,
    host: {
      hostHash: names.hashId(hostId),
      userHash: user === undefined ? null : names.hashId(user),
      platform: {
        osType: os.value,
        osTypeRaw: os.raw,
        osVersion: platform?.osVersion ?? null,
        arch: arch.value,
        archRaw: arch.raw,
        appVersion: platform?.appVersion ?? null,
      },
    },
  };
}

/** Tells whether two values are the same, of 128 bits. */
export const digestOf = (value: unknown): string => hash("sha256", JSON.stringify(value), "hex").slice(0, 32);
