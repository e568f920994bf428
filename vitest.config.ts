import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/order.ts";

export default defineConfig({
  test: {
    // Tests run side by side on two cores, and some start a service, a load or a browser: generous, never awaited.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Two loads side by side on two cores: with two threads each, a fifth of the time went by in waiting for one another.
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
