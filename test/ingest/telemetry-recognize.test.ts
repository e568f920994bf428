// What is stored, what is known again, and what stands under an ID already: by the ledger's own tables.

import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { Ledger } from "../../ingest/ledger/ledger.ts";
import { packedFacts } from "../../ingest/ledger/pack.ts";
import { openSqlite } from "../../ingest/ledger/sqlite.ts";
import { type Facts, NEW, OTHER, SAME } from "../../ingest/ledger/telemetry/recognize.ts";
import { outboxLines } from "../support/outbox.ts";

const ledgerInMemory = () =>
  new Ledger({ sql: openSqlite(":memory:"), shard: 3, shards: 8, clock: () => 0, defer: setImmediate });

/** Facts of IDs with a content each; the hash of an ID is its number, or its length, so that many share one. */
function facts(...told: [id: string, content: string][]): Facts {
  const lines = told.map(([id, content]) => `"data":${JSON.stringify({ client_event_id: id, content })}`);
  let end = -1;
  return {
    ...packedFacts(new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""))),
    factEnds: Uint32Array.from(lines, (line) => (end += new TextEncoder().encode(line).length + 1)),
    names: Float64Array.from(told, ([id]) => Number(/\d+$/.exec(id)?.[0] ?? id.length)),
  };
}

const record = async (ledger: Ledger, ...told: Parameters<typeof facts>) => {
  const outcome = await ledger.execute("recordTelemetry", facts(...told));
  return outcome.ok ? [...outcome.value.novelties] : [];
};

const recorded = (ledger: Ledger) =>
  outboxLines(ledger.sql, 3).map((line) => {
    const { id, seq, shard, data } = JSON.parse(line);
    return { id: id as string, place: `${shard}/${seq}`, what: `${data.client_event_id}=${data.content}` };
  });

test("an ID is known again, with its content or another, whatever other ID has its hash", async () => {
  const ledger = ledgerInMemory();
  expect(await record(ledger, ["a", "1"], ["b", "1"], ["a", "1"], ["a", "2"], ["ü", "1"])).toEqual([
    NEW,
    NEW,
    SAME,
    OTHER,
    NEW,
  ]);
  expect(await record(ledger, ["c", "1"], ["b", "1"], ["b", "2"], ["d", "1"], ["ü", "1"])).toEqual([
    NEW,
    SAME,
    OTHER,
    NEW,
    SAME,
  ]);
  expect(recorded(ledger).map(({ what }) => what)).toEqual(["a=1", "b=1", "ü=1", "c=1", "d=1"]);
  expect(recorded(ledger).map(({ place }) => place)).toEqual(["3/1", "3/2", "3/3", "3/4", "3/5"]);
});

test("a call is one row, or several where it is long, and its events have IDs of their own that rise", async () => {
  const ledger = ledgerInMemory();
  // What hashes to is as long packed.
  const long = (i: number) =>
    Array.from({ length: 120 }, (_, k) => hash("sha512", `${i} ${k}`, "base64")).join("");
  const told = Array.from({ length: 300 }, (_, i): [string, string] => [`e-${i}`, long(i)]);
  await record(ledger, ...told);
  await record(ledger, ...told.slice(100), ["last", "one"]);
  const rows = ledger.sql.all<{ bytes: number }>("select octet_length(batch) as bytes from event");
  expect(rows.length).toBeGreaterThan(3);
  for (const { bytes } of rows) expect(bytes).toBeLessThan(2_000_000);
  const events = recorded(ledger);
  expect(events.map(({ what }) => what.split("=")[0])).toEqual([...told.map(([id]) => id), "last"]);
  const ids = events.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].toSorted());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("IDs that are made to have one hash are kept apart when they are too many, and those on record stay known", async () => {
  const ledger = ledgerInMemory();
  const told = Array.from({ length: 40 }, (_, i): [string, string] => [
    `${String.fromCharCode(97 + i)}-7`,
    "1",
  ]);
  expect(await record(ledger, ...told)).toEqual(told.map((_, i) => (i < 32 ? NEW : OTHER)));
  expect(await record(ledger, ["a-7", "1"], ["a-7", "2"], ["z-7", "1"])).toEqual([SAME, OTHER, SAME]);
});

test("what was undone is not known", async () => {
  const ledger = ledgerInMemory();
  await record(ledger, ["a", "1"]);
  ledger.sql.run("create trigger full before insert on event begin select raise(abort, 'full'); end");
  await expect(record(ledger, ["bb", "1"], ["ccc", "1"])).rejects.toThrow("full");
  ledger.sql.run("drop trigger full");
  expect(await record(ledger, ["bb", "1"], ["a", "1"], ["ccc", "2"])).toEqual([NEW, SAME, NEW]);
});
