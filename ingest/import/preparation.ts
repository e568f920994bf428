// What of an import needs no ledger: reading files, looking names up, putting orders together. On Node it goes on beside the thread
// that records; see `preparing.ts`.

import type { Catalog, LicenseModel, Order, Product } from "../../licensing/index.ts";
import {
  type Importer,
  type Place,
  type ReadContext,
  type Source,
  SourceFault,
} from "../importers/importer.ts";
import {
  assemble,
  assembled,
  type Assembled,
  type Assembling,
  type Keyed,
  type Names,
  type Turned,
  turnedOf,
} from "./assemble.ts";
import { Grants } from "./grants.ts";
import type { ImportedOrder } from "../ledger/commands/imports.ts";
import type { Mapping } from "./mapping.ts";
import { resolveNames, type Unmapped } from "./names.ts";
import { type Other, otherOf } from "./others.ts";
import { StagedEntries, type StagedOther, type StagedOrder } from "./staged.ts";
import { rowOf, type StagedRow } from "./staging.ts";

/** What is read at a time. */
const ROWS_A_STEP = 2000;

/** What is read at a time of what was staged. */
const READ_AT_ONCE = 100;

/** Some rows of the files, and how many bytes were read up to them; or why a file cannot be read. */
export type ReadStep =
  | { rows: StagedRow[]; bytes: number; isEnd: boolean }
  | { fault: { file: string; place: Place; message: string } };

/** What the names of an import come to. */
export interface NamesTold {
  additions: { products: Product[]; licenseModels: LicenseModel[] };
  unmapped: Unmapped[];
  /** Entries that could not be read. */
  problems: number;
}

/** What names are looked up by. */
export interface NamesAsked {
  /** The path of the staging database. */
  staging: string;
  mapping: Mapping;
  /** What IDs of ours begin with. */
  source: string;
  catalog: Catalog | undefined;
}

/** What orders are granted by, and where they are put: one database is taken while the other is filled. */
export interface GrantedBy {
  catalog: Catalog;
  /** As events say it. */
  source: string;
  shard: number;
  paths: readonly [string, string];
}

/** Some orders: those that were granted, and those that have to be decided where they are recorded. */
export interface PreparedOrders {
  /** Null where there are none. */
  granted: { into: GrantsFile; catalog: string; rights: number } | null;
  /** What of the granted is turned away. */
  turned: (Keyed & Turned)[];
  others: Assembled[];
}

/** Which of the two. */
export type GrantsFile = 0 | 1;

/** The parts of an import that are prepared, each asked for until it gives none. */
export interface Prepares {
  read(): Promise<ReadStep>;
  /** Asked once all is read and staged. */
  names(asked: NamesAsked): Promise<NamesTold>;
  /** Asked before orders are, and again when another catalog is in force. */
  grantBy(by: GrantedBy): Promise<void>;
  /** @param into where those that nothing is on record of are granted; null where all are decided later */
  orders(limit: number, into: GrantsFile | null): Promise<PreparedOrders>;
  /** Those again that were granted, to be decided later. */
  ungranted(file: GrantsFile): Promise<Assembled[]>;
  others(limit: number): Promise<Other[]>;
  close(): Promise<void>;
}

type GrantedNames = Pick<StagedOrder, "customer" | "orderId">[];

export class Preparation implements Prepares {
  readonly #sources: readonly Source[];
  readonly #entries: AsyncGenerator<StagedRow>;
  readonly #hashId: (id: string) => string;
  #bytes = 0;
  #staged: StagedEntries | undefined;
  #orders: Iterator<StagedOrder> | undefined;
  #others: Iterator<StagedOther> | undefined;
  #names: Names | undefined;
  #origin = { source: "", currency: "" };
  #grantedBy: GrantedBy | undefined;
  #grants: Grants[] | undefined;
  /** What is granted in each of the two. */
  readonly #granted: [GrantedNames, GrantedNames] = [[], []];

  constructor(
    importer: Importer,
    sources: readonly Source[],
    context: ReadContext,
    hashId: (id: string) => string,
  ) {
    this.#sources = sources;
    this.#hashId = hashId;
    this.#entries = this.#readAll(importer, context);
  }

  async read(): Promise<ReadStep> {
    const rows: StagedRow[] = [];
    try {
      while (rows.length < ROWS_A_STEP) {
        const next = await this.#entries.next();
        if (next.done) return { rows, bytes: this.#bytes, isEnd: true };
        rows.push(next.value);
      }
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error;
      const { place, message, file } = error;
      return { fault: { file: file ?? "", place, message } };
    }
    return { rows, bytes: this.#bytes, isEnd: false };
  }

  async names({ staging, mapping, source, catalog }: NamesAsked): Promise<NamesTold> {
    this.#staged = new StagedEntries(staging);
    this.#orders = this.#staged.orders();
    this.#others = this.#staged.others();
    this.#origin = { source, currency: mapping.currency };
    const { names, additions, unmapped } = resolveNames(this.#staged, {
      mapping,
      source,
      catalog,
      hashId: this.#hashId,
    });
    this.#names = names;
    return { additions, unmapped, problems: this.#staged.problems };
  }

  async grantBy(by: GrantedBy): Promise<void> {
    this.#grantedBy = by;
    this.#grants ??= by.paths.map((path) => new Grants(path, by.shard));
  }

  async orders(limit: number, into: GrantsFile | null): Promise<PreparedOrders> {
    const prepared: PreparedOrders = { granted: null, turned: [], others: [] };
    const by = this.#grantedBy;
    const grants = into === null ? undefined : this.#grants?.[into];
    const names: GrantedNames = [];
    let rights = 0;
    grants?.begin();
    for (const staged of this.#take(this.#orders, limit)) {
      const order = this.#assemble(staged);
      if (grants && by && isPlain(order.item) && grants.add(order.item, by)) {
        names.push({ customer: staged.customer, orderId: staged.orderId });
        rights += order.lines.length;
        prepared.turned.push(...order.turned.map(turnedOf));
      } else prepared.others.push(assembled(order));
    }
    grants?.end();
    if (into === null || !by || names.length === 0) return prepared;
    this.#granted[into] = names;
    return { ...prepared, granted: { into, catalog: by.catalog.version, rights } };
  }

  async ungranted(file: GrantsFile): Promise<Assembled[]> {
    return this.#granted[file].map((name) => assembled(this.#assemble(this.#known().staged.order(name))));
  }

  async others(limit: number): Promise<Other[]> {
    const { names } = this.#known();
    return Array.from(this.#take(this.#others, limit), (other) => otherOf(other, names, this.#origin));
  }

  async close(): Promise<void> {
    this.#staged?.close();
    this.#grants?.forEach((grants) => grants.close());
  }

  #assemble(staged: StagedOrder): Assembling {
    return assemble(staged, this.#known().names, this.#origin);
  }

  #known(): { staged: StagedEntries; names: Names } {
    const [staged, names] = [this.#staged, this.#names];
    if (!staged || !names) throw new TypeError("names come first");
    return { staged, names };
  }

  /** Some at a time: read and worked on in turn, each had the other's data out of the processor's caches. */
  *#take<T>(iterator: Iterator<T> | undefined, limit: number): Generator<T> {
    for (let left = limit; left > 0; left -= READ_AT_ONCE) {
      const taken: T[] = [];
      while (taken.length < Math.min(READ_AT_ONCE, left)) {
        const next = iterator?.next();
        if (!next || next.done) break;
        taken.push(next.value);
      }
      yield* taken;
      if (taken.length === 0) return;
    }
  }

  async *#readAll(importer: Importer, context: ReadContext): AsyncGenerator<StagedRow> {
    for (const [number, source] of this.#sources.entries())
      try {
        if (source.size > importer.maxBytes)
          throw new SourceFault(
            {},
            `It has ${source.size} bytes, and a file of this format has ${importer.maxBytes} at most.`,
          );
        for await (const entry of importer.read(this.#watched(source), context)) yield rowOf(number, entry);
      } catch (error) {
        if (error instanceof SourceFault) error.file = source.name;
        throw error;
      }
  }

  /** A source that says how much of it was read. */
  #watched(source: Source): Source {
    const note = (length: number) => void (this.#bytes += length);
    return {
      ...source,
      async *bytes() {
        for await (const piece of source.bytes()) {
          yield piece;
          note(piece.length);
        }
      },
    };
  }
}

/** Whether an order has nothing but its lines, which are granted as nothing else is on record of it. */
const isPlain = (item: ImportedOrder | null): item is ImportedOrder & { order: Order } =>
  item !== null && item.order !== null && item.seats.length + item.ends.length === 0;
