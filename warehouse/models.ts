// The models: SQL files with their descriptions, in the order in which they build on one another.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const severity = z.enum(["error", "warn"]).default("error");

const columnTestSchema = z.union([
  z.enum(["not_null", "unique"]),
  z.strictObject({ accepted_values: z.array(z.union([z.string(), z.number()])), severity }),
  z.strictObject({ relationships: z.strictObject({ to: z.string(), field: z.string() }), severity }),
]);

const descriptionSchema = z.strictObject({
  description: z.string(),
  /** What one row is, in words. */
  grain: z.string(),
  /** The columns that tell rows apart: tested to be unique and not null. Empty for a table of one row. */
  key: z.array(z.string()),
  /** The order of rows in the table's file, so that one customer's or one month's stand together; else the SQL's own. */
  sorted_by: z.array(z.string()).optional(),
  /**
   * Rows of one of these depend on nothing but what is of the same one: an order, a seat, a host, an event's ID. A load then
   * computes those that something happened to, and keeps the rest. Units are in units.ts.
   */
  unit: z.enum(["id", "order", "seat", "host"]).optional(),
  /** Kept in the lake though nobody is to read it: what a later load builds on. Marts always are. */
  stored: z.boolean().default(false),
  /** A time or day of the row: its month says which file the row is in. */
  partitioned_by: z.string().optional(),
  /**
   * Whether a row depends on nothing that happened after it, by `partitioned_by`, but for who has it now. What is of a unit is then
   * compared from the first change on.
   */
  looks_back: z.boolean().default(false),
  /** Times at which the as-of time changes a row, or what is built on it, though nothing happens. */
  turns_at: z.array(z.string()).default([]),
  /**
   * Rows of a period (the first column) depend on that period of what it reads. A load computes the periods from the first one
   * on that something changed in; the SQL makes none before `getvariable('from_at')`.
   */
  period: z.enum(["month", "week"]).optional(),
  /** Of a table by period, a query of the times from which on something changed; else the months of what it reads say. */
  changed_from: z.string().optional(),
  /** A view, read where it is needed, and no table. */
  is_view: z.boolean().default(false),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      unit: z.string().optional(),
      description: z.string(),
      /** A value as it may stand there, for who reads the dictionary. Every column of a base table and of a mart has one. */
      example: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
      tests: z.array(columnTestSchema).default([]),
    }),
  ),
  /** Identities: each a query of the rows that break it, and its name says what holds. */
  tests: z.array(z.strictObject({ name: z.string(), severity, sql: z.string() })).default([]),
});
export type Description = z.infer<typeof descriptionSchema>;

const layers = ["base", "staging", "intermediate", "marts"] as const;

export interface Model extends Description {
  name: string;
  layer: (typeof layers)[number];
  sql: string;
}

/** Whether its rows stand in the lake. */
export function isStored({ layer, stored }: Pick<Model, "layer" | "stored">): boolean {
  return layer === "marts" || stored;
}

export interface Models {
  /** SQL functions that models share. */
  macros: string;
  /** In building order: each after all that it reads. */
  models: Model[];
  /** SHA-256 over all of the files: another digest, other tables. */
  digest: string;
}

/** Those of this release do not change while a process runs, and it takes a tenth of a second to read their descriptions. */
let known: Promise<Models> | undefined;

/**
 * Reads all models.
 * @throws Error naming the file, where one is not as it should be
 */
export function readModels(folder?: string): Promise<Models> {
  if (folder !== undefined) return readFrom(folder);
  const reading = (known ??= readFrom(join(import.meta.dirname, "models")));
  reading.catch(() => (known = undefined));
  return reading;
}

async function readFrom(folder: string): Promise<Models> {
  const digest = createHash("sha256");
  const read = async (path: string) => {
    const text = await readFile(join(folder, path), "utf8");
    digest.update(`${path}\0${text}\0`);
    return text;
  };
  const macros = await read("macros.sql");
  const models: Model[] = [];
  for (const layer of layers) {
    const names = (await readdir(join(folder, layer))).filter((file) => file.endsWith(".sql")).toSorted();
    for (const file of names) {
      const name = file.slice(0, -".sql".length);
      const sql = await read(`${layer}/${file}`);
      const described = descriptionSchema.safeParse(parse(await read(`${layer}/${name}.yml`)));
      if (!described.success) throw new Error(`models/${layer}/${name}.yml: ${described.error.message}`);
      models.push({ name, layer, sql, ...described.data });
    }
  }
  return { macros, models: inBuildingOrder(models), digest: digest.digest("hex") };
}

/** Sorts models so that each stands after all that it reads. @throws Error where they read one another in a circle */
export function inBuildingOrder(models: readonly Model[]): Model[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const sorted = new Set<Model>();
  const visit = (model: Model, path: readonly string[]) => {
    if (sorted.has(model)) return;
    if (path.includes(model.name))
      throw new Error(`models read one another: ${[...path, model.name].join(" → ")}`);
    for (const name of readsOf(model)) {
      const read = byName.get(name);
      if (read) visit(read, [...path, model.name]);
    }
    sorted.add(model);
  };
  for (const model of models) visit(model, []);
  return Array.from(sorted);
}

/** What a model's SQL reads: the names after `from` and `join`. A step of its own that is named like another model hides it. */
export function readsOf({ name, sql }: { name: string; sql: string }): string[] {
  const code = sql.replaceAll(/--[^\n]*/g, "");
  const names = Array.from(
    code.matchAll(/\b(?:from|join)\s+([a-z_][a-z0-9_]*)\b(?!\s*\()/g),
    (match) => match[1] ?? "",
  );
  return Array.from(new Set(names)).filter((read) => read !== name);
}
