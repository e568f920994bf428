// The service on Workers: what `wrangler deploy` would build, in a real workerd.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { insertApiKey, makeApiKey } from "../../../ingest/ledger/api-keys.ts";
import { shardName } from "../../../ingest/ledger/durable-object.ts";
import { deployedAssets, startWorker, wranglerConfig } from "../../support/workerd.ts";
import { type Runtime, settings, writeSite } from "./runtime.ts";

export async function startOnWorkers(): Promise<Runtime> {
  const assets = await deployedAssets();
  await writeSite(join(assets, "reports"));
  const { url, harness } = await startWorker({
    config: {
      ...wranglerConfig({ assets }),
      vars: {
        ...settings,
        KEYHOUSE_SHARDS: "8",
        KEYHOUSE_SIGNING_KEY: "c0".repeat(32),
        KEYHOUSE_HOST_KEY: "c1".repeat(32),
        KEYHOUSE_ADMIN_KEY: "kh_admin_of-the-contract-on-this-machine-only",
      },
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
    async stop() {
      await harness.close();
      await rm(assets, { recursive: true, force: true });
    },
  };
}
