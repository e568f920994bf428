// A data loader for Framework: `node loader.ts tables/refusals.arrow.sql` answers the query from the newest snapshot and
// writes Arrow to standard output. A preview runs it for each table; a build makes all tables itself (tables.ts).

import { readFile } from "node:fs/promises";
import { audienceOf } from "./audience.ts";
import { openHome, toArrow } from "./lake.ts";

const [path = ""] = process.argv.slice(2);
const { KEYHOUSE_HOME: home = "data", KEYHOUSE_REPORT_AUDIENCE: audience = "internal" } = process.env;
const lake = await openHome(home, audienceOf(audience));
process.stdout.write(toArrow(await lake.columns(await readFile(path, "utf8"))));
lake.close();
