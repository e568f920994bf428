// Imports without a disk: a foreign scheme of our own making, whose file has a JSON line an entry.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportOptions, type ImportReport, runImport } from "../../../ingest/import/course.ts";
import { readMapping } from "../../../ingest/import/mapping.ts";
import { Preparation } from "../../../ingest/import/preparation.ts";
import { Staging } from "../../../ingest/import/staging.ts";
import { linesOf } from "../../../ingest/import/text.ts";
import {
  type Entry,
  type ForeignRight,
  type Importer,
  type ReadContext,
  SourceFault,
} from "../../../ingest/importers/importer.ts";
import { Ledger } from "../../../ingest/ledger/ledger.ts";
import { openSqlite, type SqliteFile } from "../../../ingest/ledger/sqlite.ts";
import { parseInstant } from "../../../licensing/index.ts";
import { sourceOf } from "../importers/support.ts";

export const at = (time: string): number => {
  const instant = parseInstant(time);
  if (instant === undefined) throw new TypeError(time);
  return instant;
};

/** The foreign scheme: each line is an entry, all but its place and its text. `"broken"` says that the file ends here. */
export const scheme: Importer = {
  about: "a JSON line an entry",
  maxBytes: 10_000_000,
  async *read(source) {
    for await (const { text, number } of linesOf(source)) {
      if (text === "broken") throw new SourceFault({ line: number }, "The file ends here.");
      yield { place: { line: number }, input: text, ...(JSON.parse(text) as object) } as Entry;
    }
  },
};

/** A right of the scheme, as it is if nothing else is said. */
export function right(more: Partial<ForeignRight> = {}): object {
  return {
    kind: "right",
    right: {
      order: "O-1",
      lineNumber: 1,
      product: "gui",
      model: { name: "Classic node lock", term: "perpetual", metric: "node-locked" },
      quantity: 5,
      customer: { id: "77", name: "Example GmbH" },
      orderedAt: at("2024-01-05T00:00:00Z"),
      endsAt: null,
      seats: [],
      ...more,
    } satisfies ForeignRight,
  };
}

export const fileOf = (...entries: (object | string)[]): string =>
  entries.map((entry) => `${typeof entry === "string" ? entry : JSON.stringify(entry)}\n`).join("");

const hashId = (id: string) => createHash("sha256").update(id).digest("hex").slice(0, 32);

export const MAPPING = `
products:
  - from: gui
    sku: ORBIT-GUI
    name: Orbit GUI
    brand: Orbit
`;

export interface Desk {
  sql: SqliteFile;
  ledger: Ledger;
  /** Brings files in, by a mapping. */
  bring(
    files: Record<string, string | Uint8Array>,
    more?: Partial<ImportOptions> & { yaml?: string; importer?: Importer; context?: Partial<ReadContext> },
  ): Promise<ImportReport>;
  /** How many events there are, of a type or of all. */
  events(type?: string): number;
}

/** A ledger, and what brings files into it. */
export function desk(path = ":memory:"): Desk {
  const sql = openSqlite(path);
  const clock = () => at("2026-11-24T12:00:00Z");
  const ledger = new Ledger({ sql, shard: 0, shards: 1, clock, defer: setImmediate });
  return {
    sql,
    ledger,
    async bring(files, { yaml = MAPPING, importer = scheme, context: told = {}, ...more } = {}) {
      const mapping = readMapping(yaml);
      if (!mapping.ok) throw new Error(mapping.faults.join("\n"));
      const sources = Object.entries(files).map(([name, content]) => sourceOf(content, name));
      const folder = mkdtempSync(join(tmpdir(), "keyhouse-import-"));
      const stagingPath = join(folder, "staging.sqlite");
      const staging = new Staging(stagingPath);
      const { table, currency } = mapping.mapping;
      const context = { options: {}, orderedAt: undefined, table, currency, ...told };
      const prepares = new Preparation(importer, sources, context, hashId);
      try {
        return await runImport({
          format: "scheme",
          sources,
          prepares,
          mapping: mapping.mapping,
          fingerprint: createHash("sha256")
            .update(JSON.stringify([files, yaml]))
            .digest("hex"),
          ledger,
          staging,
          stagingPath,
          by: "test",
          ...more,
        });
      } finally {
        await prepares.close();
        staging.close();
        rmSync(folder, { recursive: true });
      }
    },
    events: (type) =>
      sql.get<{ count: number }>(
        `select count(*) as count from event where ${type === undefined ? "?1 is null" : "line ->> '$.type' = ?1"}`,
        type ?? null,
      )?.count ?? 0,
  };
}
