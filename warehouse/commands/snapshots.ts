// `npm run snapshots`: which snapshots there are, and whether their files are what was published.

import { LoadError } from "../error.ts";
import { formatAnswer } from "../format.ts";
import { filesOf, findSnapshot, snapshotRows, verifySnapshot } from "../snapshots.ts";
import { type Command, formatOf, lakeRoot, parse, print, snapshotOf, UsageError } from "./command.ts";

const HELP = `Usage: npm run snapshots -- [--format table|csv|json]
       npm run snapshots -- --verify [N]

Lists the snapshots that are kept, newest first: number, as-of time, when it was made, events, rows, bytes, warnings, and
whether all its files are there. Ask one with npm run sql -- --snapshot N "select …".
--verify reads every file of the newest snapshot, or of snapshot N, and holds it against the hash in its manifest.
KEYHOUSE_KEEP_SNAPSHOTS (default 10) and KEYHOUSE_KEEP_SNAPSHOTS_DAYS (default 0) say how long a load keeps them.
`;

async function run(args: string[]): Promise<void> {
  const { values, positionals } = parse(args, {
    format: { type: "string", default: "table" },
    verify: { type: "boolean" },
  });
  const format = formatOf(values["format"]);
  if (values["verify"] === true) {
    if (positionals.length > 1) throw new UsageError("--verify takes one snapshot's number, or none.");
    return verify(snapshotOf(positionals[0]));
  }
  if (positionals.length > 0) throw new UsageError(`snapshots takes no ${positionals.join(" ")}.`);
  await print(formatAnswer(await snapshotRows(lakeRoot()), format));
}

/** Holds a snapshot's files against its manifest. @throws LoadError naming those that differ */
export async function verify(number: number | undefined): Promise<void> {
  const lake = lakeRoot();
  const manifest = await findSnapshot(lake, number);
  if (!manifest) throw new LoadError(`There is no snapshot in ${lake} yet: run npm run load first.`);
  const faults = await verifySnapshot(lake, manifest);
  const files = filesOf(manifest);
  if (faults.length > 0)
    throw new LoadError(
      `Snapshot ${manifest.snapshot} is damaged: ${faults.length} of ${files.length} files differ from its manifest.\n` +
        `${faults.map(({ path, fault }) => `  ${path} is ${fault}`).join("\n")}\n` +
        `The lake can be made anew from the segments: move it away, and run npm run load.`,
    );
  const bytes = files.reduce((sum, { size_bytes: size }) => sum + size, 0);
  await print(
    `Snapshot ${manifest.snapshot} is sound: ${files.length} files, ${bytes} bytes, each with the hash in its manifest.\n`,
  );
}

export const snapshotsCommand: Command = { help: HELP, run };
