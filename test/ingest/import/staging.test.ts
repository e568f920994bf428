import { join } from "node:path";
import { expect, test } from "vitest";
import { Staging } from "../../../ingest/import/staging.ts";
import { temporaryFolder } from "../../support/folder.ts";

test("the same import is read by one process at a time, and the other is told", async () => {
  const path = join(await temporaryFolder(), "staging.sqlite");
  const [one, other] = [new Staging(path), new Staging(path)];
  one.begin(["a"]);
  expect(() => other.begin(["a"])).toThrow("The same import is at work in another process");
  one.finish();
  expect(other.entries).toBe(0);
  one.close();
  other.close();
});
