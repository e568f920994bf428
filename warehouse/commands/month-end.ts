// `npm run month-end`: finance's files of a month, in one folder that appears whole.

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { checksOf } from "../checks.ts";
import type { TextStream } from "../duckdb.ts";
import { LoadError } from "../error.ts";
import { exportCsv, exportText, exportXlsx } from "../export.ts";
import type { Answer } from "../format.ts";
import { readModels } from "../models.ts";
import { identityRows, isOver, monthOf, partsOf, testRows } from "../month-end.ts";
import type { Lake } from "../read.ts";
import { hashOf, manifestPath } from "../snapshot.ts";
import {
  type Command,
  fromHere,
  lakeRoot,
  parse,
  print,
  snapshotOf,
  UsageError,
  withLake,
} from "./command.ts";
import { withProgress } from "../progress.ts";

const HELP = `Usage: npm run month-end -- YYYY-MM [--snapshot N] [--out DIR]

Writes the month's pack for finance into DIR (default: month-end-YYYY-MM here), each table as CSV and as xlsx:

  totals              what was booked in the month: orders, seats and money by currency and kind, without test orders
  order-lines         each sale, renewal, upgrade, extension, refund and credit that was booked in it
  revenue             what is recognized in the month, and deferred at its end, payment by payment
  entitlements-sold   what it entitles to; parts that were split off later are not sold twice
  open-quarantine     input that still waits to be understood: what may be missing above
  data-tests          each test of the tables, and whether it holds
  identity            the snapshot, its as-of time, and the hashes of the files that all this was read from

SHA256SUMS has the hash of each file of the pack: sha256sum -c SHA256SUMS. Months are UTC's. DIR must not be there yet.
`;

type Month = NonNullable<ReturnType<typeof monthOf>>;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, { out: { type: "string" }, snapshot: { type: "string" } });
  const [text, ...rest] = positionals;
  if (text === undefined || rest.length > 0) throw new UsageError("Give one month, such as 2026-10.");
  const month = monthOf(text);
  if (!month) throw new UsageError(`${text} is not a month, such as 2026-10.`);
  const folder = fromHere(typeof values["out"] === "string" ? values["out"] : `month-end-${text}`);
  const isTaken = await stat(folder).then(
    () => true,
    () => false,
  );
  if (isTaken) throw new LoadError(`${folder} is there already: name another folder with --out.`);

  await withLake(snapshotOf(values["snapshot"]), async (lake) => {
    const temporary = join(dirname(folder), `.${basename(folder)}-${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    try {
      const files = await withProgress((say) => writePack(lake, month, temporary, say));
      await rename(temporary, folder);
      await print(
        `${folder}: ${files} files of ${text}, snapshot ${lake.snapshot} as of ${lake.manifest.as_of}.\n`,
      );
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    if (!isOver(lake.manifest, month.endsAt))
      process.stderr.write(
        `Warning: ${text} was not over at the as-of time: these figures are provisional.\n`,
      );
  });
}

async function writePack(
  lake: Lake,
  month: Month,
  folder: string,
  say: (step: string) => void,
): Promise<number> {
  const parts = partsOf(month);
  const sources: [string, () => Promise<TextStream>][] = parts.map(({ name, sql }) => [
    name,
    () => lake.stream(sql),
  ]);
  const { models, digest } = await readModels();
  const checks = digest === lake.manifest.models ? models.flatMap(checksOf) : null;
  const manifestSha256 = await hashOf(manifestPath(lakeRoot(), lake.snapshot));
  const tables = Array.from(new Set(parts.map(({ table }) => table)));
  sources.push(
    ["data-tests", streamOf(testRows(lake.manifest, checks))],
    ["identity", streamOf(identityRows(lake.manifest, manifestSha256, month, tables))],
  );
  const sums: string[] = [];
  for (const [name, open] of sources)
    for (const format of ["csv", "xlsx"] as const) {
      const path = join(folder, `${name}.${format}`);
      const onRows = (rows: number) => say(`${name}.${format}: ${rows} rows`);
      const source = await open();
      const { sha256 } =
        format === "csv"
          ? await exportCsv(source, path, onRows)
          : await exportXlsx(source, name, path, onRows);
      sums.push(`${sha256}  ${name}.${format}\n`);
    }
  await exportText(sums.join(""), join(folder, "SHA256SUMS"));
  return sums.length + 1;
}

function streamOf({ names, types, rows }: Answer): () => Promise<TextStream> {
  async function* chunks() {
    yield rows;
  }
  return () => Promise.resolve({ names, types, chunks: chunks() });
}

export const monthEndCommand: Command = { help: HELP, run };
