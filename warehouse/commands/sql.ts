// `npm run sql`: answers a query from one snapshot, and says what tables and columns mean.

import { describeText, dictionaryRows, tablesOf, tablesText } from "../dictionary.ts";
import { LoadError } from "../error.ts";
import { type Format, formatAnswer } from "../format.ts";
import { readModels } from "../models.ts";
import { type Command, formatOf, parse, print, snapshotOf, UsageError, withLake } from "./command.ts";
import { verify } from "./snapshots.ts";

const HELP = `Usage: npm run sql -- [--snapshot N] [--format table|csv|json] "select …"
       npm run sql -- --describe [TABLE] [--format table|csv|json]
       npm run sql -- --verify [--snapshot N]

Answers one query from the newest snapshot, or from snapshot N: what was known then. Tables: show tables.
--describe says what each table and column means, with its unit and an example.
--verify reads every file of the snapshot and holds it against its hash.
For a spreadsheet, npm run export writes files that are safe to open there.
`;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, {
    format: { type: "string", default: "table" },
    snapshot: { type: "string" },
    describe: { type: "boolean" },
    verify: { type: "boolean" },
  });
  const format = formatOf(values["format"]);
  const snapshot = snapshotOf(values["snapshot"]);
  if (values["describe"] === true) return describe(positionals, format);
  if (values["verify"] === true) {
    if (positionals.length > 0) throw new UsageError("--verify takes no query.");
    return verify(snapshot);
  }
  const [sql, ...rest] = positionals;
  if (sql === undefined || rest.length > 0) throw new UsageError("Give one query, in quotes.");
  await withLake(snapshot, async (lake) => {
    if (!(await lake.isOneRead(sql)))
      throw new LoadError(
        "Only one query that reads is answered: select, describe, show, summarize, explain.",
      );
    await print(formatAnswer(await lake.texts(sql), format));
  });
}

async function describe([name, ...rest]: string[], format: Format): Promise<void> {
  if (rest.length > 0) throw new UsageError("--describe takes one table, or none for all.");
  const tables = tablesOf((await readModels()).models);
  const chosen = name === undefined ? tables : tables.filter((table) => table.name === name);
  if (chosen.length === 0)
    throw new LoadError(
      `There is no table ${name}. There are ${tables.map((table) => table.name).join(", ")}.`,
    );
  if (format !== "table") return print(formatAnswer(dictionaryRows(chosen), format));
  return print(name === undefined ? tablesText(chosen) : chosen.map(describeText).join("\n"));
}

export const sqlCommand: Command = { help: HELP, run };
