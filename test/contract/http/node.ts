// The service on Node: the process of `npm start`, on a home of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeOf } from "../../../ingest/home.ts";
import { insertApiKey, makeApiKey } from "../../../ingest/ledger/api-keys.ts";
import { openSqlite } from "../../../ingest/ledger/sqlite.ts";
import { ledgerOf } from "../../support/home.ts";
import { startService } from "../../support/service.ts";
import { type Runtime, settings, writeSite } from "./runtime.ts";

export async function startOnNode(): Promise<Runtime> {
  const home = await mkdtemp(join(tmpdir(), "keyhouse-contract-"));
  await writeSite(homeOf({ KEYHOUSE_HOME: home }).site);
  const ends: (() => void)[] = [];
  const start = () => startService(home, settings, (end) => ends.push(end));
  let service = await start();
  return {
    url: () => new URL(service.url),
    lacks: [],
    async makeKey(scopes) {
      // What `npm run keys` does, beside the running service, without the time that a process takes.
      const sql = openSqlite(ledgerOf(home));
      const { presented, key } = await makeApiKey("contract", scopes);
      insertApiKey(sql, key, Date.now() * 1000);
      sql.close();
      return presented;
    },
    async crash() {
      await service.end("SIGKILL");
      service = await start();
    },
    async stop() {
      for (const end of ends) end();
      await service.end("SIGKILL");
      await rm(home, { recursive: true, force: true });
    },
  };
}
