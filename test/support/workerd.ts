// A real workerd with a Worker in it: on a free port of this machine, with storage that is gone when it is closed.

import { fileURLToPath } from "node:url";
import { createTestHarness, type TestHarness, type TestHarnessOptions } from "wrangler";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Wrangler reads these as it starts: it tells nobody anything, and asks nobody for a sample of `request.cf`.
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

/** Starts a Worker. `url` is where it listens; `harness` reaches what it has, such as its bucket. */
export async function startWorker(
  worker: TestHarnessOptions["workers"][number],
): Promise<{ url: URL; harness: TestHarness }> {
  const harness = createTestHarness({ root, workers: [worker] });
  const { url } = await harness.listen();
  return { url, harness };
}
