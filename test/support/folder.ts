// A folder of its own for a test, gone when the test is over.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Makes an empty folder that is removed after the test that asked for it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "keyhouse-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
