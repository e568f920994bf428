// The service on Workers: what `wrangler deploy` would build, in a real workerd.

import { unstable_readConfig as readConfig } from "wrangler";
import { startWorker } from "../../support/workerd.ts";
import { MAKE_KEY, type Runtime, settings } from "./runtime.ts";

export async function startOnWorkers(): Promise<Runtime> {
  const { name, compatibility_date, ...config } = readConfig({ config: "wrangler.toml" });
  const { compatibility_flags, durable_objects, migrations, r2_buckets } = config;
  const { url, harness } = await startWorker({
    config: {
      name,
      compatibility_date: compatibility_date ?? "",
      compatibility_flags,
      durable_objects,
      migrations,
      r2_buckets,
      main: "test/contract/http/workers.entry.ts",
      vars: {
        ...settings,
        KEYHOUSE_SIGNING_KEY: "c0".repeat(32),
        KEYHOUSE_HOST_KEY: "c1".repeat(32),
        KEYHOUSE_ADMIN_KEY: "kh_admin_of-the-contract-on-this-machine-only",
      },
    },
  });
  const worker = harness.getWorker();
  return {
    url: () => url,
    async makeKey(scopes) {
      const made = await fetch(new URL(MAKE_KEY, url), { method: "POST", body: JSON.stringify(scopes) });
      return made.text();
    },
    async crash() {
      const ids = await worker.listDurableObjectIds("LEDGER");
      await Promise.all(ids.map((id) => worker.evictDurableObject("LEDGER", { id })));
    },
    stop: () => harness.close(),
  };
}
