// The lake's part of `npm run erase`, which starts it: the ledger's process does not load DuckDB.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { eraseFromLake, findInLake } from "../erase.ts";
import { LoadError } from "../error.ts";
import { load } from "../load.ts";
import { retentionOf } from "../retention.ts";
import { searchLake } from "../search.ts";
import { parseAsOf } from "../time.ts";
import { type Command, home, lakeRoot, parse, print, UsageError } from "./command.ts";
import { sourceOf } from "./load.ts";

const HELP = `npm run erase starts this. It reads what to do as JSON on standard input, so that no name stands in a list of
processes, and answers in JSON.
`;

const askedSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("find"), customerId: z.string() }),
  z.object({
    do: z.literal("erase"),
    customerId: z.string(),
    shard: z.int().nonnegative(),
    profileSeq: z.int().positive(),
  }),
  z.object({ do: z.literal("search"), values: z.array(z.string()) }),
]);
type Asked = z.infer<typeof askedSchema>;

async function run(args: string[]): Promise<void> {
  if (parse(args, {}).positionals.length > 0) throw new UsageError("erase takes no arguments.");
  const asked = askedSchema.safeParse(JSON.parse(await text(process.stdin)));
  if (!asked.success) throw new LoadError("What is to be erased does not fit: start it with npm run erase.");
  await print(JSON.stringify(await answer(asked.data)));
}

async function answer(asked: Asked): Promise<unknown> {
  const lake = lakeRoot();
  if (asked.do === "find") return findInLake(lake, asked.customerId);
  if (asked.do === "search") return searchLake(lake, asked.values);
  return inTurn(lake, () => erase(lake, asked));
}

function erase(lake: string, { customerId, shard, profileSeq }: Extract<Asked, { do: "erase" }>) {
  const now = () => new Date();
  return eraseFromLake({
    lake,
    customerId,
    shard,
    profileSeq,
    now,
    loadNext: async () => {
      const asOf = parseAsOf(now().toISOString());
      if (asOf === undefined) throw new TypeError("the clock gives no time");
      const segments = join(home(), "segments");
      const [source, retention] = [sourceOf(process.env), retentionOf(process.env)];
      return load({ segments, source, lake, asOf, now, retention });
    },
  });
}

/** As long as a load of a large lake takes. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Works while no other erasure does on the same lake: one whose `npm run erase` was killed goes on without it, and two that
 * replace the same manifest would undo one another. The system lets go of SQLite's lock when its holder dies.
 */
async function inTurn<T>(lake: string, work: () => Promise<T>): Promise<T> {
  if (!existsSync(lake)) return work();
  const lock = new DatabaseSync(join(lake, ".erase.lock"), { timeout: PATIENCE_MS });
  try {
    lock.exec("begin exclusive");
    return await work();
  } finally {
    lock.close();
  }
}

export const eraseCommand: Command = { help: HELP, run };
