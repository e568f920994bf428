// A second process on a ledger's file: it takes what is in a row, adds one, and puts it back, so many times.

import { openSqlite } from "../../ingest/ledger/sqlite.ts";

const [path = "", rounds = "0"] = process.argv.slice(2);
const sql = openSqlite(path);
for (let round = 0; round < Number(rounds); round += 1)
  sql.transaction(() => {
    const n = sql.get<{ n: number }>("select n from counter")?.n ?? 0;
    sql.run("update counter set n = ?", n + 1);
  });
sql.close();
