// Writes LICENSE-MODELS.md.

import { writeFileSync } from "node:fs";
import { licenseModels } from "./matrix.ts";

writeFileSync(new URL("../../LICENSE-MODELS.md", import.meta.url), licenseModels());
