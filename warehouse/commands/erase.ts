// The lake's part of `npm run erase`, which starts it: the ledger's process does not load DuckDB.

import { text } from "node:stream/consumers";
import { join } from "node:path";
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
  const { customerId, shard, profileSeq } = asked;
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
      return load({
        segments,
        source: sourceOf(process.env),
        lake,
        asOf,
        now,
        retention: retentionOf(process.env),
      });
    },
  });
}

export const eraseCommand: Command = { help: HELP, run };
