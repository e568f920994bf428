import { expect, test } from "vitest";
import { Ledger } from "../../ingest/ledger/ledger.ts";
import { startRefresh } from "../../ingest/refresh.ts";
import { appWithOrder } from "./support.ts";

test("a stop whose last segments cannot be written says so, and is a stop", async () => {
  const { app } = await appWithOrder();
  const said: string[] = [];
  const away = { create: () => Promise.reject(new Error("the bucket is away")) };
  const refresher = startRefresh({
    ledger: new Ledger({ sql: app.sql, shard: 0, shards: 1, clock: () => 0, defer: setImmediate }),
    segments: away,
    everyMs: null,
    say: (line) => said.push(line),
  });
  await refresher.stop();
  expect(said).toEqual([expect.stringMatching(/the ledger keeps what is new.*the bucket is away/)]);
});
