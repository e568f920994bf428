// `npm run import`: what other systems know, into the ledger.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Home, homeOf, openLedger } from "../home.ts";
import { dayOf, encodingOf, mappingOf } from "../import/arguments.ts";
import { runImport } from "../import/course.ts";
import { fingerprintOfImport, openSource } from "../import/files.ts";
import { formatNames, importerOf } from "../import/formats.ts";
import { placedFault } from "../import/place.ts";
import { prepareBeside } from "../import/preparing.ts";
import { barText, importText } from "../import/report.ts";
import { listImports, previewTakeBack, takeBack } from "../import/runs.ts";
import { encodings } from "../import/text.ts";
import { openWorkspace } from "../import/workspace.ts";
import type { Importer } from "../importers/importer.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { linesOf, type OutboxRow } from "../ledger/outbox.ts";
import { ledgerSummary } from "../ledger/queries.ts";
import { COMMAND_LINE } from "./by.ts";
import { runCommand } from "./run.ts";

const formats = await Promise.all(
  formatNames().map(async (name) => ({ name, importer: await importerOf(name) })),
);

const HELP = `npm run -s import -- FORMAT FILE… [--map FILE] [--dry-run] [--json]
npm run -s import -- list
npm run -s import -- take-back IMPORT [--dry-run]

Brings in what other systems know: orders, licenses, their seats, and how much of them is in use. All files are read to their
ends before anything is recorded. The same again records nothing; stopped, the same command goes on. The service may run meanwhile.

${formats.map(({ name, importer }) => [`  ${name.padEnd(10)} ${importer.about}`, ...optionLines(importer)].join("\n")).join("\n")}

  --map FILE         rules that say what foreign products, license models and customers are here; KEYHOUSE_HOME/mappings/FORMAT.yaml
                     where it is not said
  --dry-run          says what would be recorded, and records nothing; it works on a copy of the ledger
  --events           after --dry-run: prints the events that would be recorded, a line each
  --json             says the same as JSON
  --customer ID      whose it is where the files do not say it
  --ordered-at DAY   when it was ordered where the files do not say it, such as 2024-01-31
  --encoding NAME    of text: ${encodings.join(", ")}; utf-8 where it is not said
  --by ROLE          who does it, on record

What is not understood or not mapped waits in quarantine (\`npm run quarantine -- list\`), and is settled when it comes again and fits.
A taken back import counts in the lake as if it had never been: its orders end, their licenses are withdrawn.`;

function optionLines({ options = {} }: Importer): string[] {
  return Object.entries(options).map(([name, about]) => `             --${name}: ${about}`);
}

await runCommand(HELP, async (args, say) => {
  const [verb, ...rest] = args;
  if (verb === undefined) throw new Error(`Say which format, and which files.\n\n${HELP}`);
  const home = homeOf(process.env);
  if (verb === "list") return listed(home);
  if (verb === "take-back") return takenBack(home, rest, say);
  return imported(home, verb, rest, say);
});

async function imported(
  home: Home,
  format: string,
  args: string[],
  say: (progress: string) => void,
): Promise<string> {
  const importer = await importerOf(format);
  const own = Object.keys(importer.options ?? {});
  const { positionals: paths, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      map: { type: "string" },
      customer: { type: "string" },
      "ordered-at": { type: "string" },
      encoding: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      events: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      by: { type: "string", default: COMMAND_LINE },
      ...Object.fromEntries(own.map((name) => [name, { type: "string", multiple: true } as const])),
    },
  });
  if (paths.length === 0) throw new Error(`Say which files.\n\n${HELP}`);
  const isDryRun = values["dry-run"];
  const encoding = encodingOf(values.encoding);
  const mapping = mappingOf(home, format, values.map, values.customer);
  const given = values as Record<string, unknown>;
  const options = Object.fromEntries(own.map((name) => [name, (given[name] as string[] | undefined) ?? []]));
  const sources = await Promise.all(paths.map((path) => openSource(path, encoding)));
  const [first] = sources;
  if (importer.guess && mapping.table === undefined && first)
    return importer.guess(first).catch((error: unknown) => {
      throw placedFault(first.name, error);
    });

  const how = { format, mapping, options, encoding, orderedAt: values["ordered-at"] };
  const fingerprint = await fingerprintOfImport(sources, how);
  const workspace = await openWorkspace(
    home,
    fingerprint,
    isDryRun,
    process.env["KEYHOUSE_SECRET"] || undefined,
  );
  let isDone = false;
  let isStopped = false;
  const stop = () => void (isStopped = true);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const begunAt = performance.now();
  const before = ledgerSummary(workspace.ledger.sql).lastSeq;
  const { hostKey, ...prepared } = workspace;
  const orderedAt = dayOf(values["ordered-at"]);
  const context = { options, orderedAt, table: mapping.table, currency: mapping.currency };
  const prepares = prepareBeside({ format, paths, encoding, context, hostKey });
  try {
    const report = await runImport({
      ...prepared,
      format,
      sources,
      prepares,
      mapping,
      fingerprint,
      by: values.by,
      onProgress: (step, done, of) =>
        say(
          barText(step === "read" ? "reading" : "recording", done, of, (performance.now() - begunAt) / 1000),
        ),
      isStopped: () => isStopped,
    });
    isDone = !report.isStopped;
    if (report.isStopped) process.exitCode = 1;
    if (isDryRun && values.events) {
      printEvents(workspace.ledger, before);
      return "";
    }
    return values.json ? JSON.stringify({ isDryRun, ...report }, null, 1) : importText(report, isDryRun);
  } finally {
    await prepares.close();
    await workspace.close(isDone);
  }
}

function listed(home: Home): string {
  if (!existsSync(home.ledger)) return "Nothing was imported yet.";
  const { ledger, close } = openLedger(home);
  try {
    return listImports(ledger).join("\n") || "Nothing was imported yet.";
  } finally {
    close();
  }
}

async function takenBack(home: Home, args: string[], say: (progress: string) => void): Promise<string> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean", default: false },
      by: { type: "string", default: COMMAND_LINE },
    },
  });
  const [importId, more] = positionals;
  if (importId === undefined || more !== undefined)
    throw new Error("Say which import, and one: `npm run import -- list` shows them.");
  const { ledger, close } = openLedger(home);
  try {
    const { source, state, orders, entitlements, seats } = previewTakeBack(ledger, importId);
    const what = `${orders} orders of ${source} with ${entitlements} entitlements and ${seats} seats that are taken`;
    if (state === "taken_back") return `Import ${importId} was taken back before.`;
    if (values["dry-run"]) return `Nothing was changed. Would be taken back: ${what}.`;
    const begunAt = performance.now();
    await takeBack(ledger, importId, values.by, (done) =>
      say(barText("taking back", done, orders, (performance.now() - begunAt) / 1000)),
    );
    return `Taken back: ${what}.\n\`npm run load\` takes them out of the lake.`;
  } finally {
    close();
  }
}

/** The events after a place, a line each. */
function printEvents({ sql, shard }: Ledger, after: number): void {
  for (let at = after; ;) {
    const rows = sql.all<OutboxRow>(
      "select seq, line, batch from event where seq > ? order by seq limit ?",
      at,
      EVENTS_A_STEP,
    );
    const last = rows.at(-1);
    if (!last) return;
    process.stdout.write(rows.flatMap((row) => linesOf(row, shard)).join("\n") + "\n");
    at = last.seq;
  }
}

const EVENTS_A_STEP = 1000;
