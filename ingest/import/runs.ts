// The imports that were run, and how one is taken back.

import { formatInstant } from "../../licensing/index.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ImportCounts } from "./events.ts";

interface ImportRow {
  import_id: string;
  source: string;
  files: string;
  state: "running" | "finished" | "taken_back";
  started_at: number;
  counts: string | null;
}

/** More than anyone reads. */
const MAX_LISTED = 1000;

/** The imports of a ledger, a line each, the newest first. */
export function listImports(ledger: Ledger): string[] {
  return ledger.sql
    .all<ImportRow>("select * from import order by started_at desc, import_id desc limit ?", MAX_LISTED)
    .map(({ import_id, source, files, state, started_at, counts }) => {
      const told = counts === null ? null : (JSON.parse(counts) as ImportCounts);
      const became = told
        ? `${told.accepted} accepted, ${told.duplicate} duplicate, ${told.conflict} in conflict, ${told.quarantined} quarantined`
        : "not finished: the same command goes on";
      const names = (JSON.parse(files) as string[]).join(", ");
      return `${import_id}  ${source}  ${formatInstant(started_at).slice(0, 19)}Z  ${state.replace("_", " ")}  ${became}  ${names}`;
    });
}

/** What taking an import back would end. */
export interface TakeBackPreview {
  source: string;
  state: ImportRow["state"];
  orders: number;
  /** Rights of its orders, and seats of them that are taken now. */
  entitlements: number;
  seats: number;
}

/** @throws Error where there is no such import */
export function previewTakeBack({ sql }: Ledger, importId: string): TakeBackPreview {
  const row = sql.get<ImportRow>("select * from import where import_id = ?", importId);
  if (!row)
    throw new Error(`There is no import ${importId}: \`npm run import -- list\` shows those that there are.`);
  const told = sql.get<{ orders: number; entitlements: number; seats: number | null }>(
    `select count(distinct orders.order_id) as orders, count(entitlement.entitlement_id) as entitlements,
       sum(entitlement.state ->> '$.seatsBound') as seats
     from orders left join entitlement on entitlement.order_id = orders.order_id
     where orders.import_id = ? and orders.taken_back_at is null`,
    importId,
  );
  return {
    source: row.source,
    state: row.state,
    orders: told?.orders ?? 0,
    entitlements: told?.entitlements ?? 0,
    seats: told?.seats ?? 0,
  };
}

/** Takes an import back, part by part; stopped, the same goes on. @returns how many orders were taken back */
export async function takeBack(
  ledger: Ledger,
  importId: string,
  by: string,
  onProgress: (done: number) => void,
): Promise<number> {
  for (let done = 0; ;) {
    const outcome = await ledger.execute("takeBackImport", { importId, by });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    done += outcome.value.takenBack;
    onProgress(done);
    if (outcome.value.isComplete) return done;
  }
}
