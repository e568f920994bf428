// In which order files of tests are begun.

import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms in which a file may take a minute, the slowest first: begun last, such a file would be waited for alone. */
const slow = ["faults", "simulation", "browser", "warehouse", "reports"];

/** Begins what takes long before what does not. */
export class LongestFirst extends BaseSequencer {
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
