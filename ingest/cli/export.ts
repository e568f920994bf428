// Writes what is in the outbox to segments, so that a load sees all of it: the first step of `npm run load`.

import { existsSync } from "node:fs";
import { homeOf, openLedger } from "../home.ts";
import { behindSegments } from "../segments/behind.ts";
import { bucketOf } from "../segments/bucket.ts";
import { exportSegments } from "../segments/exporter.ts";
import { folderStore } from "../segments/folder.ts";
import { SegmentFault } from "../segments/store.ts";

const home = homeOf(process.env);
// A home without a ledger is one that only loads: segments may come from elsewhere.
if (existsSync(home.ledger)) {
  const { ledger, close } = openLedger(home);
  const segments = bucketOf(process.env) ?? folderStore(home.segments);
  try {
    const behind = await behindSegments(ledger.sql, ledger.shard, segments);
    if (behind !== null) throw new SegmentFault(behind);
    await exportSegments(ledger.sql, ledger.shard, segments);
  } catch (error) {
    if (!(error instanceof SegmentFault)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    close();
  }
}
