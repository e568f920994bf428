// What of an import needs no ledger: reading files, looking names up, putting orders together. On Node it goes on beside the thread
// that records; see `preparing.ts`.

import type { Catalog, LicenseModel, Product } from "../../licensing/index.ts";
import {
  type Importer,
  type Place,
  type ReadContext,
  type Source,
  SourceFault,
} from "../importers/importer.ts";
import { assemble, type Assembled, type Names } from "./assemble.ts";
import type { Mapping } from "./mapping.ts";
import { resolveNames, type Unmapped } from "./names.ts";
import { type Other, otherOf } from "./others.ts";
import { StagedEntries, type StagedOther, type StagedOrder } from "./staged.ts";
import { rowOf, type StagedRow } from "./staging.ts";

/** What is read at a time. */
const ROWS_A_STEP = 2000;

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

/** The parts of an import that are prepared, each asked for until it gives none. */
export interface Prepares {
  read(): Promise<ReadStep>;
  /** Asked once all is read and staged. */
  names(asked: NamesAsked): Promise<NamesTold>;
  orders(limit: number): Promise<Assembled[]>;
  others(limit: number): Promise<Other[]>;
  close(): Promise<void>;
}

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

  async orders(limit: number): Promise<Assembled[]> {
    return this.#take(this.#orders, limit, assemble);
  }

  async others(limit: number): Promise<Other[]> {
    return this.#take(this.#others, limit, otherOf);
  }

  async close(): Promise<void> {
    this.#staged?.close();
  }

  #take<T, R>(
    iterator: Iterator<T> | undefined,
    limit: number,
    make: (item: T, names: Names, origin: { source: string; currency: string }) => R,
  ): R[] {
    const names = this.#names;
    if (!iterator || !names) throw new TypeError("names come first");
    const taken: R[] = [];
    while (taken.length < limit) {
      const next = iterator.next();
      if (next.done) break;
      taken.push(make(next.value, names, this.#origin));
    }
    return taken;
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
