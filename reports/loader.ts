// A data loader for Framework: `node loader.ts tables/refusals.arrow.sql` answers the query from the newest snapshot and
// writes Arrow to standard output. A preview runs it for each table; a build makes all tables itself (tables.ts).

import { readFile } from "node:fs/promises";
import { audienceOf } from "./audience.ts";
import { openHome, toArrow } from "./lake.ts";
import { addWaits } from "./waits.ts";

const [path = ""] = process.argv.slice(2);
const { KEYHOUSE_HOME: home = "data", KEYHOUSE_REPORT_AUDIENCE: audience = "internal" } = process.env;
const lake = await openHome(home, audienceOf(audience));
const sql = await readFile(path, "utf8");
// They take seconds of a large lake, and few tables read them.
if (sql.includes("from waits.")) await addWaits(lake);
process.stdout.write(toArrow(await lake.columns(sql)));
lake.close();
