// The warehouse at the terminal: `node warehouse/cli.ts load`, `… sql`, and so on; each is a file in `commands/`.

import { type Command, UsageError } from "./commands/command.ts";
import { eraseCommand } from "./commands/erase.ts";
import { exportCommand } from "./commands/export.ts";
import { loadCommand } from "./commands/load.ts";
import { monthEndCommand } from "./commands/month-end.ts";
import { snapshotsCommand } from "./commands/snapshots.ts";
import { sqlCommand } from "./commands/sql.ts";
import { LoadError } from "./error.ts";

const HELP = `Usage: node warehouse/cli.ts COMMAND [options]

  load        bring the lake up to the exported events       npm run load
  sql         answer a query from a snapshot                 npm run sql -- "select …"
  snapshots   list the snapshots, or verify one              npm run snapshots
  export      write a table for a spreadsheet                npm run export -- TABLE --format csv|xlsx|parquet
  month-end   write finance's files of a month               npm run month-end -- 2026-10
  erase       take a person out of all snapshots             npm run erase -- CUSTOMER

Each has --help. Data is under KEYHOUSE_HOME (default ./data).
`;

const commands: Record<string, Command> = {
  load: loadCommand,
  sql: sqlCommand,
  snapshots: snapshotsCommand,
  export: exportCommand,
  "month-end": monthEndCommand,
  erase: eraseCommand,
};

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
