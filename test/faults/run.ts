// npm run faults: kills the service under load as often as one likes, and says what was acknowledged and what was found;
// or loads of the lake, in loader-run.ts.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Found, type Kind, killRounds, kinds, type Report, type Round } from "./kill.ts";
import { runLoader } from "./loader-run.ts";

const help = `npm run faults -- [--rounds N] [--clients N]
       npm run faults -- --loader [--rounds N] [--seed N]

Starts the service, lets clients order, activate and send telemetry, kills it with -9 at another step each round, and holds the ledger it
left against everything that it had acknowledged. At the end the lake is loaded, and held against the same.

--loader kills loads of the lake instead, at every step, alone and two at once, while segments arrive and readers look, and
holds the lake that is left against one that nobody disturbed.

  --rounds N    how often (100)
  --clients N   clients at once (64)
  --seed N      chooses when loads are killed; printed where not given
`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    clients: { type: "string", default: "64" },
    loader: { type: "boolean" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    help: { type: "boolean", short: "h" },
  },
});

const say = (line: string) => void process.stdout.write(`${line}\n`);
const [rounds, clients, seed] = [Number(values.rounds), Number(values.clients), Number(values.seed)];
if (values.help) {
  say(help);
  process.exit(0);
}
if (![rounds, clients, seed].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write(`Give whole numbers above nothing.\n\n${help}`);
  process.exit(2);
}

const row = (...cells: (string | number)[]) => say(cells.map((cell) => String(cell).padStart(13)).join(""));
const sumOf = (found: Record<Kind, Found>, what: keyof Found) =>
  kinds.reduce((sum, kind) => sum + found[kind][what], 0);

function sayRound({ killedAfter, ledger, ms }: Round, number: number): void {
  const acknowledged = kinds.map((kind) => ledger[kind].acknowledged);
  row(number + 1, killedAfter, ...acknowledged, sumOf(ledger, "missing"), sumOf(ledger, "twice"), ms);
}

function sayReport({ ledger, lake, isSound, events }: Report): boolean {
  say("");
  row("", "acknowledged", "in ledger", "twice", "in lake", "twice");
  for (const kind of kinds) {
    const { acknowledged, missing, twice } = ledger[kind];
    row(
      kind,
      acknowledged,
      acknowledged - missing,
      twice,
      acknowledged - lake[kind].missing,
      lake[kind].twice,
    );
  }
  const isLakeWhole = events.lake === events.ledger && events.places === events.ledger;
  say(
    `\n${events.ledger} events in the ledger, ${isSound ? "dense and sound" : "NOT SOUND"}; ` +
      `${events.lake} in the lake, ${isLakeWhole ? "each once" : `in ${events.places} places: NOT EACH ONCE`}`,
  );
  const faults = [ledger, lake].map((found) => sumOf(found, "missing") + sumOf(found, "twice"));
  return isSound && isLakeWhole && faults.every((count) => count === 0);
}

const home = await mkdtemp(join(tmpdir(), "keyhouse-faults-"));
try {
  const whenOver = (clean: () => void) => void process.once("exit", clean);
  // A round of loads may have two, and a kill may want three rounds.
  process.setMaxListeners(rounds * 6 + 10);
  if (values.loader) process.exitCode = (await runLoader(home, rounds, seed, whenOver)) ? 0 : 1;
  else {
    row("round", "killed after", ...kinds, "missing", "twice", "ms");
    const report = await killRounds({ home, rounds, clients, onRound: sayRound, whenOver });
    process.exitCode = sayReport(report) ? 0 : 1;
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
