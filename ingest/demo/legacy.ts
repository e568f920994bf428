// Pure. What the acquired brand's own systems still hold when the year is over: a table of licenses that it had sold before the deal,
// and reports of license servers at its largest customers.

import { ACQUIRED_AT, DAY, HOUR, type Time, writeTime, YEAR } from "./calendar.ts";
import { createClientele } from "./customers.ts";
import type { OrderBody } from "./orders.ts";
import { createRandom, type Random } from "./random.ts";
import type { Step } from "./steps.ts";

/** A file, by its name. */
export interface LegacyFile {
  name: string;
  text: string;
}

/** Files of one format, and the mapping that says what stands in them. */
export interface LegacyImport {
  format: "csv" | "lmstat";
  mapping: LegacyFile;
  files: LegacyFile[];
}

/** Writes what the other systems hold, of the customers of a year. The same seed gives the same files. */
export function legacyOf({ seed }: { seed: number }, steps: readonly Step[]): LegacyImport[] {
  const random = createRandom(`keyhouse/${seed}`).fork("legacy");
  const orders = steps.flatMap((step) => (step.kind === "order" ? [step.body] : []));
  return [licenses(random.fork("licenses"), orders), servers(random.fork("servers"), orders)].filter(
    ({ files }) => files.length > 0,
  );
}

type Buyer = { name: string; email: string; country: string };

/** One license of the table for so many orders of the year, and no more than people look through. */
const ORDERS_A_LICENSE = 60;
const MAX_LICENSES = 140;

const HEADINGS =
  "License No;Position;Customer No;Company;E-Mail;Country;Product;License Type;Seats;Sold;Computer;Activated";

function licenses(random: Random, orders: readonly OrderBody[]): LegacyImport {
  const strangers = createClientele(random.fork("customers"));
  const known = Array.from(
    new Map(orders.map(({ customer }) => [customer.id, customer])).values(),
    ({ name = "", email = "", country = "" }): Buyer => ({ name, email, country }),
  );
  const count = Math.min(MAX_LICENSES, Math.ceil(orders.length / ORDERS_A_LICENSE));
  const rows = Array.from({ length: count }, (_, index) => {
    const isKnown = random.chance(0.45);
    const buyer = isKnown ? asWritten(random, random.pick(known)) : strangers.next(random, 1);
    return rowsOf(random, index + 1, buyer);
  });
  // Somebody copied a line, and somebody else's calendar had a day too many.
  const [copied] = rows[0] ?? [];
  return {
    format: "csv",
    mapping: { name: "lumora.yaml", text: LICENSES_MAPPING },
    files: [
      {
        name: "lumora-licenses.csv",
        text: `${[HEADINGS, ...rows.flat(), ...(copied === undefined ? [] : [copied]), SPOILED].join("\n")}\n`,
      },
    ],
  };
}

const SPOILED = "LU-99999;1;9999;Nobody Knows Ltd;;GB;Lumora Studio;Perpetual, one computer;1;2026-02-31;;";

/** A name as another system has it: in capitals, without what kind of company it is, or with its words turned around. */
function asWritten(random: Random, { name, email, country }: Buyer): Buyer {
  const words = name.split(" ");
  const written = random.pick([
    name.toUpperCase(),
    words.length > 2 ? words.slice(0, 2).join(" ") : name,
    [...words.slice(1), words[0]].join(" "),
  ]);
  return { name: written, email: random.chance(0.5) ? email.toUpperCase() : "", country };
}

/** Lines of one license: one, or one for each computer that has a seat of it. */
function rowsOf(random: Random, number: number, { name, email, country }: Buyer): string[] {
  const soldAt = random.integer(YEAR.startsAt, ACQUIRED_AT - 30 * DAY);
  const isNetwork = random.chance(0.15);
  const product = random.chance(0.04)
    ? "Lumora Plugin Pack"
    : random.pick(["Lumora Studio", "Lumora Studio", "Lumora Sketch"]);
  const seats = isNetwork ? random.integer(3, 20) : random.integer(1, 3);
  const head = [
    `LU-${String(number).padStart(5, "0")}`,
    1,
    1000 + number,
    name,
    email,
    country,
    product,
    isNetwork ? "Perpetual, network" : "Perpetual, one computer",
    seats,
    day(soldAt),
  ];
  const computers = Array.from({ length: seats }, (_, seat) => [
    `ws-${number}-${seat + 1}`,
    day(soldAt + random.integer(0, 21) * DAY),
  ]);
  return (isNetwork ? [["", ""]] : computers).map((computer) => [...head, ...computer].join(";"));
}

const day = (at: Time): string => writeTime(at).slice(0, 10);

const LICENSES_MAPPING = `source: old-desk
table:
  delimiter: ";"
  columns:
    order: License No
    line: Position
    customerId: Customer No
    customerName: Company
    email: E-Mail
    country: Country
    product: Product
    model: License Type
    quantity: Seats
    orderedAt: Sold
    hostName: Computer
    activatedAt: Activated
currency: EUR
products:
  - { from: Lumora Studio*, sku: LUM-STUDIO }
  - { from: Lumora Sketch*, sku: LUM-SKETCH }
models:
  - { from: "Perpetual, one computer", term: perpetual, metric: node-locked }
  - { from: "Perpetual, network", term: perpetual, metric: floating }
`;

/** Customers whose license servers are asked. */
const MAX_SERVERS = 8;
/** Days before the year's end of which there are reports, twice a day. */
const DAYS_OF_REPORTS = 14;

function servers(random: Random, orders: readonly OrderBody[]): LegacyImport {
  const seats = new Map<string, number>();
  for (const { customer, lines, test } of orders)
    for (const { sku, quantity } of lines)
      if (sku === "LUM-FARM" && test !== true)
        seats.set(customer.id, (seats.get(customer.id) ?? 0) + quantity);
  const asked = Array.from(seats)
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_SERVERS);
  const rules = asked.map(([id], index) => `  - { from: ${reportsOf(index)}, id: ${id} }`);
  return {
    format: "lmstat",
    mapping: {
      name: "lmstat.yaml",
      text: `products:\n  - { from: lumora/farm*, sku: LUM-FARM }\ncustomers:\n${rules.join("\n")}\n`,
    },
    files: asked.map(([, issued], index) => ({
      name: reportsOf(index),
      text: Array.from({ length: 2 * DAYS_OF_REPORTS }, (_, look) => {
        const at =
          YEAR.endsAt - (DAYS_OF_REPORTS - Math.floor(look / 2)) * DAY + (look % 2 === 0 ? 10 : 15) * HOUR;
        return report(`lic${index + 1}`, at, issued, Math.round(issued * (0.2 + 0.65 * random.uniform())));
      }).join("\n"),
    })),
  };
}

const reportsOf = (index: number) => `farm-server-${index + 1}.txt`;

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A report as lmstat prints it. */
function report(host: string, at: Time, issued: number, inUse: number): string {
  const then = new Date(at);
  const monthDay = `${WEEKDAYS[then.getUTCDay()]} ${then.getUTCMonth() + 1}/${then.getUTCDate()}`;
  const counted = (count: number) => `${count} ${count === 1 ? "license" : "licenses"}`;
  const users = Array.from(
    { length: inUse },
    (_, index) =>
      `    artist${index + 1} node-${index + 1} /dev/tty (v3.4) (${host}/27000 ${100 + index}), start ${monthDay} ${then.getUTCHours() - 1}:${String(index % 60).padStart(2, "0")}`,
  );
  return [
    "lmutil - Copyright (c) 1989-2024 Flexera. All Rights Reserved.",
    `Flexible License Manager status on ${monthDay}/${then.getUTCFullYear()} ${then.getUTCHours()}:00`,
    "",
    `License server status: 27000@${host}`,
    "",
    `${host}: license server UP (MASTER) v11.19`,
    "",
    `Vendor daemon status (on ${host}):`,
    "",
    "    lumora: UP v11.19",
    "",
    "Feature usage info:",
    "",
    `Users of farmnode:  (Total of ${counted(issued)} issued;  Total of ${counted(inUse)} in use)`,
    "",
    '  "farmnode" v3.4, vendor: lumora',
    "  floating license",
    "",
    ...users,
    "",
  ].join("\n");
}
