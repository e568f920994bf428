// Writes what is in the outbox to segments, so that a load sees all of it: the first step of `npm run load`.

import { existsSync } from "node:fs";
import { homeOf, openLedger } from "../home.ts";
import { exportSegments } from "../segments/exporter.ts";
import { folderStore } from "../segments/folder.ts";

const home = homeOf(process.env);
// A home without a ledger is one that only loads: segments may come from elsewhere.
if (existsSync(home.ledger)) {
  const { ledger, close } = openLedger(home);
  await exportSegments(ledger.sql, ledger.shard, folderStore(home.segments));
  close();
}
