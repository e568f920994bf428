// What the warehouse's commands share: their options, the lake they ask, and how they say something.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LoadError } from "../error.ts";
import { type Format, formats } from "../format.ts";
import { type Lake, openLake } from "../read.ts";

/** A mistake in the command line: printed with the help of the command. */
export class UsageError extends Error {}

export interface Command {
  help: string;
  run: (args: string[]) => Promise<void>;
}

export function home(): string {
  return resolve(process.env["KEYHOUSE_HOME"] ?? "data");
}

/** The root of the lake. */
export function lakeRoot(): string {
  return join(home(), "lake");
}

/** Where a path is that somebody gave: npm runs us in the project's folder, wherever they are. */
export function fromHere(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? ".", path);
}

export function parse(
  args: string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>["options"],
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError where the format is none */
export function formatOf(given: unknown): Format {
  const format = formats.find((name) => name === given);
  if (!format) throw new UsageError(`--format is one of ${formats.join(", ")}.`);
  return format;
}

/** The number of a snapshot, where one was given. @throws UsageError where it is none */
export function snapshotOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && /^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw new UsageError(
    `${JSON.stringify(given)} is not a snapshot's number, such as 12: see npm run snapshots.`,
  );
}

/**
 * Opens the lake for the length of some work.
 * @param snapshot which one; the newest where not given
 * @throws LoadError where there is none, and with DuckDB's own words for a query that fails
 */
export async function withLake<T>(
  snapshot: number | undefined,
  work: (lake: Lake) => Promise<T>,
): Promise<T> {
  const lake = await openLake(lakeRoot(), snapshot);
  if (!lake) throw new LoadError(`There is no snapshot in ${lakeRoot()} yet: run npm run load first.`);
  try {
    return await work(lake);
  } catch (error) {
    if (error instanceof LoadError || error instanceof UsageError) throw error;
    // What DuckDB says of a query is for the one who wrote it.
    throw new LoadError((error as Error).message, { cause: error });
  } finally {
    lake.close();
  }
}

/** Writes to the end; a reader that has seen enough (`| head`) is no fault. */
export async function print(text: string): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "EPIPE" ? done() : reject(error),
  );
  process.stdout.write(text, () => done());
  return promise;
}
