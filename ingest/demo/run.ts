// `npm run demo`: play a year, load it, build the reports, serve them.

import { parseArgs } from "node:util";
import { homeOf } from "../home.ts";
import { writeTime, YEAR } from "./calendar.ts";
import { bringIn } from "./bring-in.ts";
import { DEMO_VERSION, HomeTaken, isPlayed, markPlayed, type Marker } from "./home.ts";
import { legacyOf } from "./legacy.ts";
import { type Outcome, summary } from "./outcome.ts";
import { play } from "./player.ts";
import { ProgramFailed, runProgram, type Service, startService, type Surroundings } from "./programs.ts";
import { showProgress } from "./progress.ts";
import { UnexpectedAnswer } from "./taker.ts";
import { playYear } from "./year.ts";

const HELP = `npm run demo [-- --seed N] [--orders N] [--no-serve]

Plays a vendor's business year, November 2025 to October 2026, through the HTTP API; then loads it, builds the
reports, and serves them. The same seed gives the same reports.

  --seed N      the year to play (1)
  --orders N    how many orders are placed (8000); 100 for a quick look
  --no-serve    ends after the reports are built
  --help        prints this

KEYHOUSE_HOME   an empty or new folder for the demo's data (./data)
PORT            where to serve (8787)`;

const MAX_ORDERS = 1_000_000;
const SCOPES = ["admin", "orders:write", "events:write", "history:write"];

interface Options {
  marker: Marker;
  isServed: boolean;
}

/** A wrong option, or a wrong clock. */
class UsageError extends Error {}

function readOptions(args: string[]): Options | "help" {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: "string", default: "1" },
      orders: { type: "string", default: "8000" },
      "no-serve": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const seed = wholeNumber("seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  const orders = wholeNumber("orders", values.orders, 1, MAX_ORDERS);
  return { marker: { seed, orders, version: DEMO_VERSION }, isServed: !values["no-serve"] };
}

function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (number >= lowest && number <= highest) return number;
  throw new UsageError(`--${name} is "${text}": give a whole number from ${lowest} to ${highest}.`);
}

const say = (line: string) => console.log(line);

async function main(args: string[], root: string, signal: AbortSignal): Promise<void> {
  const options = readOptions(args);
  if (options === "help") return say(HELP);
  const { marker, isServed } = options;
  // The service takes no order from the future, and the year is always the same.
  if (Date.now() < YEAR.endsAt)
    throw new UsageError(
      `The demo's year ends at ${writeTime(YEAR.endsAt)}, and this clock is not there yet.`,
    );
  const wasPlayed = await isPlayed(root, marker);
  if (wasPlayed) say(`${root} holds this demo already: nothing to play.`);
  if (wasPlayed && !isServed) return;
  const env: Record<string, string> = {
    KEYHOUSE_HOME: root,
    // A refresh would load as of today; the demo's year has an end of its own.
    KEYHOUSE_LOAD_EVERY: "off",
    // A year in a minute, from one address and by one key; and a line for each request would hide what is said here.
    KEYHOUSE_RATE_LIMITS: "off",
    LOG_LEVEL: "warn",
    // Its making would be the first event, and the home not empty.
    KEYHOUSE_ADMIN_KEY: "",
    ...(isServed ? {} : { PORT: "0" }),
  };
  const service = await startService({ env, signal });
  try {
    if (!wasPlayed && !service.isEmpty) throw new HomeTaken(root, "other data, or a part of a demo");
    if (!wasPlayed) await playAndReport(service, marker, { env, signal });
    if (!wasPlayed) await markPlayed(root, marker);
    if (isServed) await serve(service, root, signal);
  } finally {
    await service.stop();
  }
}

/** From nothing to reports. Each step says how long it took. */
async function playAndReport(service: Service, marker: Marker, surroundings: Surroundings): Promise<void> {
  const startedAt = performance.now();
  const outcome = await timed("Played the year", () => playInto(service, marker, surroundings));
  say(summary(outcome));
  const legacy = legacyOf(marker, playYear(marker));
  await timed("Brought in the acquired brand's own licenses", () => bringIn(legacy, surroundings));
  await timed("Wrote the events to segments", () => runProgram("ingest/cli/export.ts", [], surroundings));
  const asOf = ["load", "--as-of", writeTime(YEAR.endsAt)];
  await timed("Loaded them into the lake", () => runProgram("warehouse/cli.ts", asOf, surroundings));
  await timed("Built the reports", () => runProgram("reports/build.ts", [], surroundings));
  say(`All in ${seconds(performance.now() - startedAt)}.`);
}

async function playInto(
  service: Service,
  { seed, orders }: Marker,
  surroundings: Surroundings,
): Promise<Outcome> {
  const scopes = SCOPES.flatMap((scope) => ["--scope", scope]);
  const made = await runProgram(
    "ingest/cli/keys.ts",
    ["api-key", "create", "--name", "demo", ...scopes],
    surroundings,
  );
  const key = made.trim().split("\n").at(-1) ?? "";
  const steps = playYear({ seed, orders });
  const progress = showProgress(steps.length, process.stderr, () => performance.now());
  try {
    const { signal } = surroundings;
    return await play(steps, { url: service.address, key, signal, onStep: () => progress.step() });
  } finally {
    progress.end();
  }
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  say(`${what} in ${seconds(performance.now() - startedAt)}.`);
  return result;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Serves until Ctrl-C. */
async function serve({ address, ended }: Service, root: string, signal: AbortSignal): Promise<void> {
  const url = address.replace("127.0.0.1", "localhost");
  say(`
The reports are at ${url}/reports/

To go on from here, in another terminal:

  npm run -s sql -- "select segment, entitlements, median_days, share_day_30 from time_to_activation_summary where dimension = 'channel'"
  npm run -s keys -- api-key create --name me --scope read
  curl -H "Authorization: Bearer $KEY" ${url}/v1/customers/C-00001/history

Ctrl-C ends this. The data stays in ${root}.`);
  const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const gone = ended.then(() => {
    if (!signal.aborted) throw new ProgramFailed("The service ended by itself.");
  });
  await Promise.race([stopped, gone]);
}

const { root: folder } = homeOf(process.env);
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => stopping.abort());

try {
  await main(process.argv.slice(2), folder, stopping.signal);
} catch (error) {
  process.exitCode = 1;
  if (stopping.signal.aborted)
    console.error(`Stopped. ${folder} may hold a part of a demo: delete it before the next one.`);
  else if (isExpected(error)) console.error(error.message);
  else throw error;
}

/** What people can do something about; the rest comes with its stack. */
function isExpected(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof HomeTaken) return true;
  if (error instanceof ProgramFailed || error instanceof UnexpectedAnswer) return true;
  return (
    error instanceof TypeError && String((error as { code?: unknown }).code).startsWith("ERR_PARSE_ARGS")
  );
}
