// A small demo in a folder of its own: played, exported and loaded by the programs that `npm run demo` runs.

import { bringIn } from "../../ingest/demo/bring-in.ts";
import { legacyOf } from "../../ingest/demo/legacy.ts";
import { play } from "../../ingest/demo/player.ts";
import type { Outcome } from "../../ingest/demo/outcome.ts";
import { runProgram, startService, type Surroundings } from "../../ingest/demo/programs.ts";
import { playYear } from "../../ingest/demo/year.ts";

/** @param asOfs the as-of time of each load; every one makes a snapshot */
export async function playDemo(
  home: string,
  year: { seed: number; orders: number },
  asOfs: readonly string[],
): Promise<Outcome> {
  const surroundings: Surroundings = {
    env: {
      KEYHOUSE_HOME: home,
      KEYHOUSE_LOAD_EVERY: "off",
      KEYHOUSE_RATE_LIMITS: "off",
      LOG_LEVEL: "error",
      PORT: "0",
    },
    signal: new AbortController().signal,
  };
  const outcome = await playInto(year, surroundings);
  await bringIn(legacyOf(year, playYear(year)), surroundings);
  await runProgram("ingest/cli/export.ts", [], surroundings);
  for (const asOf of asOfs) await runProgram("warehouse/cli.ts", ["load", "--as-of", asOf], surroundings);
  return outcome;
}

async function playInto(
  year: { seed: number; orders: number },
  surroundings: Surroundings,
): Promise<Outcome> {
  const service = await startService(surroundings);
  try {
    if (!service.isEmpty) throw new Error("there is a ledger already");
    const made = await runProgram(
      "ingest/cli/keys.ts",
      ["api-key", "create", "--name", "demo", "--scope", "admin"],
      surroundings,
    );
    const key = made.trim().split("\n").at(-1) ?? "";
    return await play(playYear(year), { url: service.address, key });
  } finally {
    await service.stop();
  }
}
