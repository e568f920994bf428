// Writes the examples of the interface: what its story says, as it was answered.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { playStory } from "./story.ts";

const path = fileURLToPath(new URL("../../ingest/api/examples.json", import.meta.url));
const options = { ...(await resolveConfig(path)), filepath: path };
writeFileSync(path, await format(JSON.stringify(await playStory()), options));
