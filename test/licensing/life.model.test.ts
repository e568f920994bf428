// The whole life of entitlements, against everything that can be asked of them: see test/simulation.

import * as fc from "fast-check";
import { assert } from "fast-check";
import { describe, test } from "vitest";
import { metrics, policyKinds, scenario } from "../simulation/commands.ts";
import { play } from "../simulation/play.ts";

const RUNS = 300;

describe.each(metrics)("whatever is asked of an entitlement whose metric is %s", (metric) => {
  test.each(policyKinds)("all that is promised holds under a policy that is %s", (policyKind) => {
    assert(
      fc.property(scenario(metric, policyKind), (it) => void play(it)),
      { numRuns: RUNS },
    );
  });
});
