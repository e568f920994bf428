// The only file that imports DuckDB. Everything else of the warehouse speaks SQL through `Database`.

import { availableParallelism, totalmem } from "node:os";
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  StatementType,
} from "@duckdb/node-api";
import { LoadError } from "./error.ts";

/**
 * What one database may use before it spills to disk: an eighth of the machine's memory, from 1 GB, for a load shares its machine
 * with the service and the smallest that we mean to run on has 2 GB, to 1.5 GB, which ten million events ask for. A process takes some
 * 0.7 GB beside it.
 */
const MEMORY_LIMIT = `${Math.round(Math.min(1_500, Math.max(1_000, totalmem() / 8e6)))}MB`;

/** Threads of one database: all cores, unless it shares them with something that must not wait. */
const { KEYHOUSE_THREADS: threads = String(availableParallelism()) } = process.env;

/** What spilled sorts and joins may take on disk, so that a bad query cannot fill the volume that the ledger is on. */
const TEMP_DIRECTORY_LIMIT = "20GB";

/** A value as `rows` and `columns` give it. Integers beyond 2^53 are bigint. */
export type Value = string | number | bigint | boolean | Date | null | Value[] | { [key: string]: Value };
export type Row = Record<string, Value>;
export interface Column {
  name: string;
  /** The DuckDB type, such as `BIGINT`, `TIMESTAMP` or `DECIMAL(18,3)`. */
  type: string;
  values: Value[];
}
export type Parameter = string | number | bigint | boolean | null;

export interface TextStream {
  names: string[];
  types: string[];
  chunks: AsyncIterable<(string | null)[][]>;
}

export interface Database {
  /** Runs statements, whose results are not of interest. */
  run: (sql: string) => Promise<void>;
  /** Makes a table of a query. @returns how many rows it has */
  create: (table: string, query: string) => Promise<number>;
  /** Rows as objects. A TIMESTAMP or DATE is a `Date` (to the millisecond), a DECIMAL a number, JSON its text. */
  rows: <T extends Row = Row>(sql: string, parameters?: Parameter[]) => Promise<T[]>;
  /** The same values column by column, with their types: ready for Arrow. */
  columns: (sql: string, parameters?: Parameter[]) => Promise<Column[]>;
  /** Every value as DuckDB prints it (decimals and microseconds exact), lists and structs as JSON, null as null. */
  texts: (sql: string) => Promise<{ names: string[]; types: string[]; rows: (string | null)[][] }>;
  /** The same, a few thousand rows at a time: what is not read yet takes no memory. One query at a time. */
  stream: (sql: string) => Promise<TextStream>;
  /** Whether the text is exactly one statement, and that one only reads. @throws where it does not parse */
  isOneRead: (sql: string) => Promise<boolean>;
  close: () => void;
}

/**
 * Opens a database.
 * @param path a file, or `:memory:`
 * @param spillFolder where sorts and joins that exceed memory go; without it they fail instead
 * @throws LoadError where `KEYHOUSE_THREADS` is no number of threads
 */
export async function openDatabase(path: string, spillFolder?: string): Promise<Database> {
  if (!/^[1-9]\d{0,3}$/.test(threads))
    throw new LoadError(`KEYHOUSE_THREADS is "${threads}": give how many threads loads and reports may use.`);
  const instance = await DuckDBInstance.create(path, {
    memory_limit: MEMORY_LIMIT,
    threads,
    max_temp_directory_size: TEMP_DIRECTORY_LIMIT,
    temp_directory: spillFolder ?? "",
    // Everything that is used is built in; a load that reaches for the network would hang where there is none.
    autoinstall_known_extensions: "false",
  });
  const connection = await instance.connect();
  // A TIMESTAMP of ours has no zone, and what casts to one must not depend on where the load runs. A table has a file a month, and
  // a load reads them many times: what they say of themselves is kept.
  await connection.run("set timezone = 'UTC'; set parquet_metadata_cache = true");
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    create: async (table, query) => {
      const result = await connection.runAndReadAll(`create table ${table} as ${query}`);
      return Number(result.getRows()[0]?.[0] ?? 0);
    },
    rows: async <T extends Row>(sql: string, parameters: Parameter[] = []) => {
      const result = await connection.runAndReadAll(sql, parameters);
      const names = result.deduplicatedColumnNames();
      return result
        .getRows()
        .map((row) => Object.fromEntries(row.map((value, index) => [names[index], toJs(value)])) as T);
    },
    columns: async (sql, parameters = []) => {
      const result = await connection.runAndReadAll(sql, parameters);
      const types = result.columnTypes();
      const values = result.getColumns();
      return result.deduplicatedColumnNames().map((name, index) => ({
        name,
        type: String(types[index]),
        values: (values[index] ?? []).map(toJs),
      }));
    },
    texts: async (sql) => {
      const result = await connection.runAndReadAll(sql);
      return {
        names: result.deduplicatedColumnNames(),
        types: result.columnTypes().map(String),
        rows: result.getRows().map((row) => row.map(toText)),
      };
    },
    stream: async (sql) => {
      const result = await connection.stream(sql);
      return {
        names: result.deduplicatedColumnNames(),
        types: result.columnTypes().map(String),
        chunks: textChunks(result.yieldRows()),
      };
    },
    isOneRead: async (sql) => {
      const statements = await connection.extractStatements(sql);
      if (statements.count !== 1) return false;
      const { statementType } = await statements.prepare(0);
      return statementType === StatementType.SELECT || statementType === StatementType.EXPLAIN;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function* textChunks(chunks: AsyncIterable<DuckDBValue[][]>): AsyncIterable<(string | null)[][]> {
  for await (const rows of chunks) yield rows.map((row) => row.map(toText));
}

function toText(value: DuckDBValue): string | null {
  if (value === null) return null;
  if (value instanceof DuckDBListValue || value instanceof DuckDBStructValue)
    return JSON.stringify(toJs(value), (_key, part: unknown) =>
      typeof part === "bigint" ? String(part) : part,
    );
  // oxlint-disable-next-line typescript/no-base-to-string -- every DuckDB value has a toString of its own
  return String(value);
}

function toJs(value: DuckDBValue): Value {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (typeof value === "bigint")
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  if (value instanceof DuckDBTimestampValue) return new Date(Number(value.micros / 1000n));
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map(toJs);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, toJs(entry)]));
  return String(value);
}
