// The thread that writes a ledger's log back: see `checkpoints.ts`.

import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { answerWith } from "../thread-answer.ts";

const database = new DatabaseSync(workerData as string);
database.exec("pragma synchronous = full");
// Passive: it waits for nobody. https://sqlite.org/pragma.html#pragma_wal_checkpoint
const writeBack = database.prepare("pragma wal_checkpoint(passive)");

answerWith((): null => {
  writeBack.get();
  return null;
});
