import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { licenseModels } from "./matrix.ts";

test("LICENSE-MODELS.md says what the rules do; `npm run license-models` writes it anew", () => {
  const written = readFileSync(new URL("../../LICENSE-MODELS.md", import.meta.url), "utf8");
  expect(written).toBe(licenseModels());
});
