// What an importer is: a module in a folder of its own here, that reads one foreign format. The command finds it by the
// folder's name. It reads and says what stands there; what becomes of it in the catalog and the ledger is not its business.

import type { Instant, Metric, Policy, TermKind } from "../../licensing/index.ts";
import type { Table } from "../import/table/columns.ts";

/** Where in a file something stands, as people look for it. Lines and columns are counted from 1. */
export interface Place {
  line?: number;
  column?: number;
  /** What is there, where lines do not say it: a heading, a sheet, a path such as `data[3].attributes.expiry`. */
  at?: string;
}

/** A file as an importer is given it. It is read once, from its beginning. */
export interface Source {
  /** Its name without its folder. */
  name: string;
  size: number;
  /** Its bytes. Pieces have any length. */
  bytes(): AsyncIterable<Uint8Array>;
  /** What `--encoding` says; undefined for UTF-8. */
  encoding: string | undefined;
}

/** What an importer is told beside the file. */
export interface ReadContext {
  /** Values of the importer's own options, each as often as it was given. */
  options: Readonly<Record<string, readonly string[]>>;
  /** When something was ordered of which the file does not say it; undefined where nobody said. */
  orderedAt: Instant | undefined;
  /** How a table is written and what its columns hold; undefined where no mapping says it. */
  table: Table | undefined;
  /** Of amounts whose currency is not told. */
  currency: string;
}

/** An importer. */
export interface Importer {
  /** What it reads, for `--help`: one line. */
  about: string;
  /** The largest file that it reads: what lies above is no file of this format. */
  maxBytes: number;
  /** Its own options, `--NAME VALUE`, each with one line for `--help`. */
  options?: Readonly<Record<string, string>>;
  /**
   * Reads a file, in one pass and in bounded memory.
   * @returns what stands there, entry by entry in the order of the file: each is read or a problem, nothing is passed over
   * @throws SourceFault where the file as a whole cannot be read: then nothing of it is recorded
   */
  read(source: Source, context: ReadContext): AsyncIterable<Entry>;
  /**
   * Of tables: what their columns seem to hold, as a mapping that people edit. Reads the beginning of the file.
   * @returns YAML with comments, which say what is unsure
   * @throws SourceFault as {@link read} does
   */
  guess?(source: Source): Promise<string>;
}

/** One thing that stands in a file. `input` is its text, for the quarantine: bounded, and without what is secret. */
export type Entry = { place: Place; input: string } & (
  | { kind: "right"; right: ForeignRight }
  // Of a right that stands elsewhere: in another entry, or in another file of the same import.
  | { kind: "seat"; seat: Pick<ForeignRight, "order" | "lineNumber"> & ForeignSeat }
  | { kind: "reference"; reference: Reference }
  | { kind: "use"; use: ObservedUse }
  | { kind: "message"; message: StorefrontMessage }
  | { kind: "problem"; code: ProblemCode; detail: string }
);

/** Why an entry is not read. `unreadable`: its syntax; `incomplete`: something is missing; `invalid`: a value that cannot be;
 * `void`: it is understood, and grants nothing, as a line that another one replaces. `unverified`: its signature does not hold. */
export type ProblemCode = "unreadable" | "incomplete" | "invalid" | "void" | "unverified";

/** A right as a foreign scheme states it. */
export interface ForeignRight {
  /**
   * The order that it stands in and its number there. It names the right in its source for ever: the same again is the same
   * right. Where the scheme has no orders, the order is the right's own ID, or the hash of what makes it what it is.
   */
  order: string;
  lineNumber: number;
  /** What is licensed, as rules of the mapping name it, such as `orbit/jupiter`. */
  product: string;
  /** What people call it, where that is told. */
  productName?: string;
  brand?: string;
  version?: string;
  features?: readonly string[];
  /** What the scheme calls its license model, and what that comes to on the common axes, where the scheme says so. */
  model: ForeignModel;
  /** Seats: 1 or more. Where nothing is counted, 1, of the metric `site`. */
  quantity: number;
  /** Absent where the scheme knows of no money. */
  unitPrice?: { amountMinor: number; currency: string };
  /** Absent where the scheme does not know its customers, as license files do not. */
  customer?: ForeignCustomer;
  orderedAt: Instant;
  deliveredAt?: Instant;
  startsAt?: Instant;
  /** The first instant at which it is over; null for never. */
  endsAt: Instant | null;
  channel?: string;
  isTest?: boolean;
  /** Hosts and users that have a seat of it. */
  seats: readonly ForeignSeat[];
  /** Where it is not in force any more. */
  ended?: { kind: "suspended" | "cancelled"; at: Instant; reason: string };
}

export interface ForeignModel {
  /** Its own name: it keeps it. `""` where a table has none for it. */
  name: string;
  term?: TermKind;
  /** ISO 8601, of a term that ends. */
  duration?: string;
  metric?: Metric;
  policy?: Policy;
}

export interface ForeignCustomer {
  id?: string;
  name?: string;
  email?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
}

export interface ForeignSeat {
  /** What the scheme knows the computer by; it is hashed before it is kept. */
  hostId: string;
  hostName?: string;
  user?: string;
  platform?: { os?: string; osVersion?: string; arch?: string; appVersion?: string };
  boundAt: Instant;
}

/** What rights in any file of the same import may refer to: `key` is what their `product`, `model.name` or `customer.id` says. */
export type Reference =
  | { of: "product"; key: string; name: string; brand?: string; features?: readonly string[] }
  | { of: "model"; key: string; model: ForeignModel }
  | { of: "customer"; key: string; customer: ForeignCustomer };

/** How much of a floating product was in use at an instant, as a license server tells it. */
export interface ObservedUse {
  /** As in {@link ForeignRight.product}. */
  product: string;
  version?: string;
  /** Which license server said so. */
  server: string;
  at: Instant;
  /** Licenses that it has to give; null where it does not count them. */
  issued: number | null;
  inUse: number;
  /** Of those in use, how many are set aside for somebody who may not use them. */
  reserved: number;
  /** How many are waited for; absent where none are. They are not in use. */
  queued?: number;
  customer?: ForeignCustomer;
  users: readonly { user: string; host: string; since: Instant | null; count: number; version?: string }[];
}

/** An object of a storefront: it goes the way of the storefront's webhooks. */
export interface StorefrontMessage {
  source: "shopify" | "stripe";
  body: string;
}

/** A file that cannot be read, and where that shows. The message says what to do. */
export class SourceFault extends Error {
  override name = "SourceFault";
  readonly place: Place;
  /** The name of the file: who reads it need not say it. */
  file: string | undefined;
  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}
