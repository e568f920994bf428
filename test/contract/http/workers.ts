// The service on Workers: what `wrangler deploy` would build, in a real workerd.

import { insertApiKey, makeApiKey } from "../../../ingest/ledger/api-keys.ts";
import { shardName } from "../../../ingest/ledger/durable-object.ts";
import { startWorker } from "../../support/workerd.ts";
import { type Runtime, settings } from "./runtime.ts";

export async function startOnWorkers(): Promise<Runtime> {
  const { url, harness } = await startWorker({
    configPath: "wrangler.toml",
    vars: settings,
    secrets: {
      KEYHOUSE_SIGNING_KEY: "c0".repeat(32),
      KEYHOUSE_HOST_KEY: "c1".repeat(32),
      KEYHOUSE_ADMIN_KEY: "kh_admin_of-the-contract-on-this-machine-only",
    },
  });
  const worker = harness.getWorker();
  return {
    url: () => url,
    lacks: ["GET /metrics"],
    async makeKey(scopes) {
      // There is no shell on Workers to make one of less than everything: it is put where the service keeps its keys.
      const storage = await worker.getDurableObjectStorage("LEDGER", { name: shardName(0) });
      const written: Promise<unknown>[] = [];
      const run = (query: string, ...values: unknown[]) => void written.push(storage.exec(query, ...values));
      const { presented, key } = await makeApiKey("contract", scopes);
      insertApiKey({ run }, key, Date.now() * 1000);
      await Promise.all(written);
      return presented;
    },
    async crash() {
      const ids = await worker.listDurableObjectIds("LEDGER");
      await Promise.all(ids.map((id) => worker.evictDurableObject("LEDGER", { id })));
    },
    stop: () => harness.close(),
  };
}
