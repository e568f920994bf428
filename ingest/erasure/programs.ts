// What an erasure has other programs do: the warehouse and the reports, as in every refresh, and the search of files.

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const namedSchema = z.object({
  kept: z.int(),
  snapshots: z.array(z.int()),
  files: z.array(z.object({ path: z.string() })),
  strays: z.array(z.object({ path: z.string() })),
  names: z.array(z.string()),
  emails: z.array(z.string()),
});
const erasedSchema = z.object({
  cleanFrom: z.int().nullable(),
  rewritten: z.array(z.int()),
  files: z.int(),
  removed: z.int(),
});
const searchedSchema = z.object({
  files: z.int(),
  columns: z.int(),
  finds: z.array(z.object({ path: z.string(), column: z.string(), rows: z.int() })),
});
const filesSchema = z.object({ searched: z.array(z.string()), holding: z.array(z.string()) });

export interface Programs {
  /** What of the lake names the customer. */
  find(customerId: string): Promise<z.infer<typeof namedSchema>>;
  /** Takes the customer out of the lake, whose next snapshot has the profiles up to a place. */
  erase(asked: {
    customerId: string;
    shard: number;
    profileSeq: number;
  }): Promise<z.infer<typeof erasedSchema>>;
  /** Where texts stand in the lake. */
  search(values: readonly string[]): Promise<z.infer<typeof searchedSchema>>;
  /** Which files of the home hold texts, of those whose paths begin so. */
  searchFiles(within: string, values: readonly string[]): Promise<z.infer<typeof filesSchema>>;
  /** Builds the site, and removes those before it. */
  report(): Promise<void>;
}

/** Runs them for a home. @throws Error with what a program said that failed */
export function programsOf(root: string): Programs {
  const lake = (asked: object) => run(root, "../../warehouse/cli.ts", ["erase"], JSON.stringify(asked));
  return {
    find: async (customerId) => namedSchema.parse(JSON.parse(await lake({ do: "find", customerId }))),
    erase: async (asked) => erasedSchema.parse(JSON.parse(await lake({ do: "erase", ...asked }))),
    search: async (values) => searchedSchema.parse(JSON.parse(await lake({ do: "search", values }))),
    searchFiles: async (within, values) => {
      const asked = JSON.stringify({ folder: root, within, values });
      return filesSchema.parse(JSON.parse(await run(root, "./search-files.ts", [], asked)));
    },
    report: async () => void (await run(root, "../../reports/build.ts", ["--alone"], "")),
  };
}

async function run(root: string, script: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    env: { ...process.env, KEYHOUSE_HOME: root },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { promise: code, resolve, reject } = Promise.withResolvers<number | null>();
  child.on("error", reject);
  child.on("close", resolve);
  // A program that ends before it has read all says why in its own words.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [said, fault, ended] = await Promise.all([text(child.stdout), text(child.stderr), code]);
  if (ended !== 0) throw new Error(fault.trim() || `${script} ended with ${ended}`);
  return said;
}
