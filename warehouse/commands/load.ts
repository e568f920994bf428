// `npm run load`: brings the lake up to the exported events.

import { join } from "node:path";
import { bucketOf } from "../../ingest/segments/bucket.ts";
import { SegmentFault } from "../../ingest/segments/store.ts";
import { LoadError } from "../error.ts";
import { load } from "../load.ts";
import { retentionOf } from "../retention.ts";
import { statedRates } from "../stated-rates.ts";
import { parseAsOf } from "../time.ts";
import { withProgress } from "../progress.ts";
import { type Command, home, lakeRoot, parse, UsageError } from "./command.ts";

const HELP = `Usage: npm run load -- [--as-of TIME] [--full]

Takes new segments into the lake, builds all tables as of TIME, tests them, and publishes them as one snapshot.
With KEYHOUSE_SEGMENTS=s3://bucket/prefix they come from there. Where a test fails nothing is published. TIME is 2026-03-31T23:59:59Z or a day, 2026-03-31 (its end); default: now.
What nothing happened to is kept from the snapshot before; with --full all tables are computed anew, to the same rows.
The newest KEYHOUSE_KEEP_SNAPSHOTS (default 10), and those of the last KEYHOUSE_KEEP_SNAPSHOTS_DAYS days (default 0), are kept.
With exchange rates in KEYHOUSE_RATES (default: rates.csv in the home; CSV of date or month, from, to, rate) and a currency in
KEYHOUSE_REPORTING_CURRENCY, fct_revenue_month_reporting tells revenue in that currency beside its own.
`;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, { "as-of": { type: "string" }, full: { type: "boolean" } });
  if (positionals.length > 0) throw new UsageError(`load takes no ${positionals.join(" ")}.`);
  const startedAt = performance.now();
  const given = values["as-of"];
  const asOf = parseAsOf(typeof given === "string" ? given : new Date().toISOString());
  if (asOf === undefined)
    throw new UsageError(`${String(given)} is not a time: 2026-03-31T23:59:59Z or 2026-03-31.`);
  const retention = retentionOf(process.env);
  const rates = await statedRates(process.env, home());
  const result = await withProgress((say) =>
    load({
      segments: join(home(), "segments"),
      source: sourceOf(process.env),
      lake: lakeRoot(),
      asOf,
      rates,
      now: () => new Date(),
      retention,
      isFull: values["full"] === true,
      onStep: say,
    }),
  );
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
export function sourceOf(env: NodeJS.ProcessEnv) {
  try {
    return bucketOf(env);
  } catch (error) {
    throw error instanceof SegmentFault ? new LoadError(error.message) : error;
  }
}

export const loadCommand: Command = { help: HELP, run };
