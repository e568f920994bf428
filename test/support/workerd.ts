// A real workerd with a Worker in it: on a free port of this machine, with storage that is gone when it is closed.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createTestHarness,
  experimental_readRawConfig as readConfig,
  type TestHarness,
  type TestHarnessOptions,
  type Unstable_RawConfig as WranglerConfig,
} from "wrangler";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Wrangler reads these as it starts: it tells nobody anything, and asks nobody for a sample of `request.cf`.
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

/** What wrangler.toml says, for a Worker that differs from it in something that only a configuration can say. */
export const wranglerConfig = (): WranglerConfig =>
  readConfig({ config: join(root, "wrangler.toml") }).rawConfig;

/** Starts a Worker. `url` is where it listens; `harness` reaches what it has, such as its bucket. */
export async function startWorker(
  worker: TestHarnessOptions["workers"][number],
): Promise<{ url: URL; harness: TestHarness }> {
  const harness = createTestHarness({ root, workers: [worker] });
  const { url } = await harness.listen();
  return { url, harness };
}
