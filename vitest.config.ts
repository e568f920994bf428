import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Tests start our programs as processes, and a third to more than half of what one takes to start is stripping types and compiling:
// Node keeps what came of it. Here and not in `env`, so that the workers themselves begin with it.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled");

/** Rooms in which a file may take a minute, the slowest first: begun last, such a file would be waited for alone. */
const slow = ["faults", "simulation", "browser", "warehouse", "reports"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = slow.findIndex((room) => moduleId.includes(`/test/${room}/`));
      return found === -1 ? slow.length : found;
    };
    // The sequencer's own order, which takes the largest files first.
    // oxlint-disable-next-line unicorn/no-array-sort
    const largestFirst = await super.sort(files);
    return largestFirst.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    // Tests run side by side on two cores, and some start a service, a load or a browser: generous, never awaited.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Loads side by side on two cores: with two threads each, a fifth of the time went by in waiting for one another.
    env: { KEYHOUSE_THREADS: "1" },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/browser/vendor.ts",
        },
      },
      {
        extends: true,
        test: { name: "rooms", include: ["test/**/*.test.ts"], exclude: ["test/browser/**"] },
      },
    ],
  },
});
