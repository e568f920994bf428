// The lakes that a run can load into: of lines, for the many; of the warehouse's own tables, for some.

import type { Event } from "../../../ingest/event.ts";
import type { CourseOptions, LoadResult } from "../../../warehouse/course.ts";
import { load } from "../../../warehouse/load.ts";
import { readModels } from "../../../warehouse/models.ts";
import { openLake } from "../../../warehouse/read.ts";
import { type Manifest, newestSnapshot } from "../../../warehouse/snapshot.ts";
import { lightLoad, linesOf } from "./light.ts";

export const lakeKinds = ["lines", "events", "marts"] as const;
export type LakeKind = (typeof lakeKinds)[number];

export interface Lake {
  load(options: CourseOptions): Promise<LoadResult>;
  newest(lake: string): Promise<Manifest>;
  /** The events of a snapshot in the order of their places, and where it ends: of the newest, or of a load's own. */
  read(lake: string, manifest: Manifest): Promise<{ lines: string[]; manifest: Manifest }>;
  /** What of the ledger's lines has to be there. */
  view(lines: readonly string[]): string[];
  /** Whether a load that is killed has to be ended, because it holds a database in this process. */
  hasToEnd: boolean;
}

async function newest(lake: string): Promise<Manifest> {
  const manifest = await newestSnapshot(lake);
  if (!manifest) throw new Error("a load has ended, and there is no snapshot");
  return manifest;
}

const lines: Lake = {
  load: lightLoad,
  newest,
  read: async (lake, manifest) => ({ lines: await linesOf(lake, manifest, "events"), manifest }),
  view: (ledger) => [...ledger],
  hasToEnd: false,
};

const models = await readModels();
const bare = { ...models, models: models.models.filter(({ layer }) => layer === "base") };

const inTables = (made: typeof models): Lake => ({
  load: (options) => load({ ...options, models: made }),
  newest,
  async read(root) {
    const lake = await openLake(root);
    if (!lake) throw new Error("a load has ended, and there is no snapshot");
    try {
      const rows = await lake.query<Record<"id" | "type", string> & { seq: number }>(
        "select seq, id, type from events order by shard, seq",
      );
      return { lines: rows.map(textOf), manifest: lake.manifest };
    } finally {
      lake.close();
    }
  },
  view: (ledger) => ledger.map((line) => textOf(JSON.parse(line) as Event)),
  hasToEnd: true,
});

const textOf = ({ seq, id, type }: { seq: number; id: string; type: string }) => `${seq} ${id} ${type}`;

/** Lines carried by hand; the base tables through DuckDB; all tables, tested. */
export const lakes: Record<LakeKind, Lake> = { lines, events: inTables(bare), marts: inTables(models) };
