// The warehouse at the terminal: `node warehouse/cli.ts load` and `… sql`.

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bucketOf } from "../ingest/segments/bucket.ts";
import { SegmentFault } from "../ingest/segments/store.ts";
import { LoadError } from "./error.ts";
import { type Format, formatAnswer, formats } from "./format.ts";
import { load } from "./load.ts";
import { openLake } from "./read.ts";
import { parseAsOf } from "./time.ts";

const HELP = `Usage: node warehouse/cli.ts COMMAND [options]

  load   bring the lake up to the exported events       npm run load
  sql    answer a query from the newest snapshot        npm run sql -- "select …"

Each has --help. Data is under KEYHOUSE_HOME (default ./data).
`;

const LOAD_HELP = `Usage: npm run load -- [--as-of TIME]

Takes new segments into the lake, builds all tables as of TIME, tests them, and publishes them as one snapshot.
With KEYHOUSE_SEGMENTS=s3://bucket/prefix they come from there. Where a test fails nothing is published. TIME is 2026-03-31T23:59:59Z or a day, 2026-03-31 (its end); default: now.
`;

const SQL_HELP = `Usage: npm run sql -- [--format table|csv|json] "select …"

Answers one query from the newest snapshot. Tables: show tables. Columns: describe fct_entitlement.
`;

/** A mistake in the command line: printed with the help of the command. */
class UsageError extends Error {}

const commands: Record<string, { help: string; run: (args: string[]) => Promise<void> }> = {
  load: { help: LOAD_HELP, run: runLoad },
  sql: { help: SQL_HELP, run: runSql },
};

function home(): string {
  return resolve(process.env["KEYHOUSE_HOME"] ?? "data");
}

async function runLoad(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, { "as-of": { type: "string" } });
  if (positionals.length > 0) throw new UsageError(`load takes no ${positionals.join(" ")}.`);
  const startedAt = performance.now();
  const given = values["as-of"];
  const asOf = parseAsOf(typeof given === "string" ? given : new Date().toISOString());
  if (asOf === undefined)
    throw new UsageError(`${String(given)} is not a time: 2026-03-31T23:59:59Z or 2026-03-31.`);
  const isTerminal = process.stderr.isTTY;
  const progress = (step: string) => void process.stderr.write(`\r\u001B[K${step} …`);
  const result = await load({
    segments: join(home(), "segments"),
    source: sourceOf(process.env),
    lake: join(home(), "lake"),
    asOf,
    now: () => new Date(),
    ...(isTerminal ? { onStep: progress } : {}),
  }).finally(() => isTerminal && process.stderr.write("\r\u001B[K"));
  for (const warning of result.warnings) process.stderr.write(`Warning: ${warning}\n`);
  const { manifest } = result;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const events = manifest.tables["events"]?.rows ?? 0;
  process.stdout.write(
    result.isNew
      ? `Snapshot ${manifest.snapshot}: ${events} events, ${result.eventsAdded} new, as of ${manifest.as_of}, in ${seconds} s.\n`
      : `Nothing new: snapshot ${manifest.snapshot} has all ${events} events, as of ${manifest.as_of}.\n`,
  );
}

/** The bucket to load from, where one is set. */
function sourceOf(env: NodeJS.ProcessEnv) {
  try {
    return bucketOf(env);
  } catch (error) {
    throw error instanceof SegmentFault ? new LoadError(error.message) : error;
  }
}

async function runSql(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, { format: { type: "string", default: "table" } });
  const format = formats.find((name) => name === values["format"]) satisfies Format | undefined;
  if (!format) throw new UsageError(`--format is one of ${formats.join(", ")}.`);
  const [sql, ...rest] = positionals;
  if (sql === undefined || rest.length > 0) throw new UsageError("Give one query, in quotes.");
  const lake = await openLake(join(home(), "lake"));
  if (!lake)
    throw new LoadError(`There is no snapshot in ${join(home(), "lake")} yet: run npm run load first.`);
  try {
    if (!(await lake.isOneRead(sql)))
      throw new LoadError(
        "Only one query that reads is answered: select, describe, show, summarize, explain.",
      );
    await print(formatAnswer(await lake.texts(sql), format));
  } catch (error) {
    // What DuckDB says of a query is for the one who wrote it.
    throw error instanceof LoadError ? error : new LoadError((error as Error).message);
  } finally {
    lake.close();
  }
}

/** Writes to the end; a reader that has seen enough (`| head`) is no fault. */
async function print(text: string): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<void>();
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    error.code === "EPIPE" ? done() : reject(error),
  );
  process.stdout.write(text, () => done());
  return promise;
}

function parse(args: string[], options: NonNullable<Parameters<typeof parseArgs>[0]>["options"]) {
  try {
    return parseArgs({ args, options: options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main([name = "--help", ...args]: string[]): Promise<number> {
  const command = commands[name];
  if (!command) {
    const isHelp = name === "--help" || name === "-h";
    (isHelp ? process.stdout : process.stderr).write(
      isHelp ? HELP : `There is no command ${name}.\n\n${HELP}`,
    );
    return isHelp ? 0 : 2;
  }
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  try {
    await command.run(args);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${command.help}`);
      return 2;
    }
    if (!(error instanceof LoadError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
