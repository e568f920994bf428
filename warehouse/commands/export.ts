// `npm run export`: a table as a file, for people without SQL.

import { tablesOf } from "../dictionary.ts";
import { LoadError } from "../error.ts";
import { exportCsv, type Exported, exportParquet, exportXlsx } from "../export.ts";
import { type Model, readModels } from "../models.ts";
import type { Lake } from "../read.ts";
import { type Command, fromHere, parse, print, snapshotOf, UsageError, withLake } from "./command.ts";
import { withProgress } from "../progress.ts";

const exportFormats = ["csv", "xlsx", "parquet"] as const;
type ExportFormat = (typeof exportFormats)[number];

const HELP = `Usage: npm run export -- TABLE [--format csv|xlsx|parquet] [--where "…"] [--snapshot N] [--out FILE]

Writes the rows of a table, all or those that a condition of SQL chooses, to FILE (default: TABLE.FORMAT here). A file that
is there is replaced when the new one is whole.

  csv       for spreadsheets: UTF-8, texts that would be formulas have an apostrophe before them
  xlsx      numbers, times and texts typed; texts are never formulas; over 1,048,575 rows it has more than one sheet
  parquet   exact, for other programs

Tables: npm run sql -- --describe. Times are UTC. For pipes, npm run -s sql -- --format csv "…" gives values as they are.
`;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, {
    format: { type: "string", default: "csv" },
    out: { type: "string" },
    where: { type: "string" },
    snapshot: { type: "string" },
  });
  const format = exportFormats.find((name) => name === values["format"]);
  if (!format) throw new UsageError(`--format is one of ${exportFormats.join(", ")}.`);
  const [table, ...rest] = positionals;
  if (table === undefined || rest.length > 0) throw new UsageError("Give one table.");
  const snapshot = snapshotOf(values["snapshot"]);
  const where = typeof values["where"] === "string" ? values["where"] : undefined;
  const path = fromHere(typeof values["out"] === "string" ? values["out"] : `${table}.${format}`);
  const models = tablesOf((await readModels()).models);

  await withLake(snapshot, async (lake) => {
    const model = models.find(({ name }) => name === table && lake.manifest.tables[name] !== undefined);
    if (!model) {
      const there = models.filter(({ name }) => lake.manifest.tables[name] !== undefined);
      throw new LoadError(
        `There is no table ${table}. There are ${there.map(({ name }) => name).join(", ")}.`,
      );
    }
    const query = await queryOf(lake, table, where);
    const exported = await withProgress((say) => write(lake, query, model, format, path, say));
    const cut =
      exported.cellsCut === 0 ? "" : `; ${exported.cellsCut} texts were too long for Excel and are cut`;
    await print(
      `${path}: ${exported.rows} rows of ${table}, ${exported.size_bytes} bytes, snapshot ${lake.snapshot} as of ${lake.manifest.as_of}${cut}.\n`,
    );
  });
}

async function queryOf(lake: Lake, table: string, where: string | undefined): Promise<string> {
  if (where === undefined) return `from ${table}`;
  // On lines of its own: a comment at its end would hide what follows.
  const query = `select * from ${table} where (\n${where}\n)`;
  if (!(await lake.isOneRead(query)))
    throw new LoadError("--where is one condition, such as \"country = 'DE'\".");
  return query;
}

async function write(
  lake: Lake,
  query: string,
  model: Model,
  format: ExportFormat,
  path: string,
  say: (step: string) => void,
): Promise<Exported> {
  if (format === "parquet") return exportParquet(lake, query, model, path);
  const [counted] = await lake.query<{ rows: number }>(`select count(*) as rows from (${query})`);
  const onRows = (rows: number) => say(`${rows} of ${counted?.rows} rows`);
  const source = await lake.stream(query);
  return format === "csv" ? exportCsv(source, path, onRows) : exportXlsx(source, model.name, path, onRows);
}

export const exportCommand: Command = { help: HELP, run };
