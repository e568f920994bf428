// One run of the whole path from a seed: what happens next is drawn, and looked at afterwards.

import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../../ingest/demo/random.ts";
import { makeApiKey } from "../../../ingest/ledger/api-keys.ts";
import { Ledger } from "../../../ingest/ledger/ledger.ts";
import { openSqlite } from "../../../ingest/ledger/sqlite.ts";
import { catalogSchema } from "../../../licensing/index.ts";
import { catalog } from "./clients.ts";
import { type LakeKind, lakes } from "./lakes.ts";
import { type Sabotage, World } from "./world.ts";

/** What a run came to, counted. */
export type Summary = World["counts"] & { facts: number };

/** A run that broke a promise: which, how to see it again, and what happened last. */
export class BrokenWhole extends Error {
  override name = "BrokenWhole";

  constructor(seed: number, kind: LakeKind, faults: readonly string[], trace: readonly string[]) {
    const last = trace.slice(-30).map((line) => `  ${line.slice(0, 300)}`);
    super(
      `${faults.join("\n")}\n\nwhat happened last:\n${last.join("\n")}\n\n` +
        `Repeat: npm run simulate -- --whole --seed ${seed} --lake ${kind}`,
    );
  }
}

/** Things that happen in a run; then everything ends well. */
const MOMENTS = 80;
/** Requests at once. */
const MAX_CLIENTS = 6;

/** What all runs begin with, and where their files are. */
export interface Ground {
  folder: string;
  template: { path: string; key: string };
  close(): void;
}

/** Makes a folder for runs, in memory where the machine has such: what a crash leaves there is the same. */
export async function makeGround(): Promise<Ground> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "keyhouse-simulation-"));
  const path = join(folder, "template.sqlite");
  const sql = openSqlite(path);
  const ledger = new Ledger({ sql, shard: 0, shards: 1, clock: () => 0, defer: setImmediate });
  const { presented, key } = await makeApiKey("simulation", ["admin"]);
  await ledger.execute("createApiKey", { key, by: "simulation" });
  const published = {
    catalog: catalogSchema.parse(catalog),
    by: "simulation",
    occurredAt: null,
    source: "api",
  };
  await ledger.execute("publishCatalog", published);
  sql.close();
  return {
    folder,
    template: { path, key: presented },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * Plays a run.
 * @throws BrokenWhole
 */
export async function playWhole(
  { folder, template }: Ground,
  seed: number,
  kind: LakeKind,
  sabotage: Sabotage = {},
): Promise<Summary> {
  const own = mkdtempSync(join(folder, "run-"));
  const random = createRandom(`whole ${seed}`);
  const world = new World({ folder: own, template, random, lake: lakes[kind], sabotage });
  try {
    for (let moment = 0; moment < MOMENTS && world.faults.length === 0; moment += 1) await happen(world);
    if (world.faults.length === 0) await world.settle();
    if (world.faults.length > 0) throw new BrokenWhole(seed, kind, world.faults, world.trace);
    return { ...world.counts, facts: world.clients.facts.size };
  } finally {
    world.close();
    rmSync(own, { recursive: true, force: true });
  }

  async function happen(it: World): Promise<void> {
    const { tasks } = it.scheduler;
    const ready = tasks.filter(({ isReady }) => isReady);
    const beside = ready.filter(it.isBeside);
    const running = (name: string) => tasks.filter((task) => task.name === name).length;
    const choices: [number, boolean, () => Promise<void> | void][] = [
      [10, tasks.length < MAX_CLIENTS, () => it.send()],
      [16, ready.length > 0, () => it.step(random.pick(ready))],
      [4, it.hasQueue(), () => it.commit()],
      [1, running("export") < 2, () => it.export()],
      [0.5, running("load") < 2, () => it.load()],
      [0.5, true, () => it.crash()],
      [0.8, beside.length > 0, () => it.kill(random.pick(beside))],
      [0.7, true, () => it.jump()],
    ];
    const possible = choices.filter(([, isPossible]) => isPossible);
    await random.weighted(possible, ([weight]) => weight)[2]();
  }
}
