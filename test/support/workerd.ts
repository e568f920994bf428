// A real workerd with a Worker in it: on a free port of this machine, with storage that is gone when it is closed.

import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  createTestHarness,
  experimental_readRawConfig as readConfig,
  type TestHarness,
  type TestHarnessOptions,
  type Unstable_RawConfig as WranglerConfig,
} from "wrangler";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

// Wrangler reads these as it starts: it tells nobody anything, and asks nobody for a sample of `request.cf`.
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

/**
 * What wrangler.toml says, for a Worker that differs from it in something that only a configuration can say.
 * @param assets a folder of assets instead of the repository's
 */
export function wranglerConfig({ assets }: { assets?: string } = {}): WranglerConfig {
  // Secrets are variables to it: what it requires of a deployment would be the same names a second time.
  const { secrets: _required, ...rawConfig } = readConfig({ config: join(root, "wrangler.toml") }).rawConfig;
  return assets === undefined
    ? rawConfig
    : { ...rawConfig, assets: { ...rawConfig.assets, directory: assets } };
}

/** A folder of its own with what a build of the Worker puts there. The caller removes it. */
export async function deployedAssets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keyhouse-assets-"));
  await run(process.execPath, [join(root, "ingest/cli/assets.ts"), folder]);
  return folder;
}

/** Starts a Worker. `url` is where it listens; `harness` reaches what it has, such as its bucket. */
export async function startWorker(
  worker: TestHarnessOptions["workers"][number],
): Promise<{ url: URL; harness: TestHarness }> {
  const harness = createTestHarness({ root, workers: [worker] });
  const { url } = await harness.listen();
  return { url, harness };
}
