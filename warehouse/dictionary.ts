// Pure. The dictionary of the lake: what every table and column means, for the terminal, for programs, and for the files.

import type { Answer } from "./format.ts";
import type { Model } from "./models.ts";
import { quote } from "./sql.ts";

type Column = Model["columns"][number];

/** The models that are tables of the lake, by name. */
export function tablesOf(models: readonly Model[]): Model[] {
  return models
    .filter(({ layer }) => layer === "base" || layer === "marts")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a table holds, in one text. */
export function tableText({ description, grain }: Model): string {
  return `${oneLine(description)} One row: ${grain}.`;
}

/** What a column holds, in one text. */
export function columnText({ description, unit, example }: Column): string {
  const parts = [oneLine(description), unit && `[${unit}]`, example !== undefined && `Example: ${example}`];
  return parts.filter(Boolean).join(" ");
}

/** All columns of tables as rows, for programs. */
export function dictionaryRows(models: readonly Model[]): Answer {
  const names = ["table", "table_description", "grain", "column", "type", "unit", "description", "example"];
  return {
    names: [...names, "is_key"],
    types: [...names.map(() => "VARCHAR"), "BOOLEAN"],
    rows: models.flatMap((model) =>
      model.columns.map((column) => [
        model.name,
        oneLine(model.description),
        model.grain,
        column.name,
        column.type,
        column.unit ?? null,
        oneLine(column.description),
        column.example ?? null,
        String(model.key.includes(column.name)),
      ]),
    ),
  };
}

/** Tables with what a row of each is, for a person. */
export function tablesText(models: readonly Model[]): string {
  const width = Math.max(...models.map(({ name }) => name.length));
  const lines = models.map(({ name, grain }) => `${name.padEnd(width)}  ${grain}`);
  return `${lines.join("\n")}\n\nColumns of one: --describe TABLE. Of all, for programs: --describe --format csv.\n`;
}

/** One table with its columns, for a person. */
export function describeText(model: Model): string {
  const key = model.key.length > 0 ? `, told apart by ${model.key.join(", ")}` : "";
  const columns = model.columns.map((column) => {
    const unit = column.unit === undefined ? "" : `, ${column.unit}`;
    const example = column.example === undefined ? [] : wrap(`e.g. ${column.example}`, "    ");
    return [
      `${column.name}  (${column.type}${unit})`,
      ...wrap(oneLine(column.description), "    "),
      ...example,
    ].join("\n");
  });
  return [
    model.name,
    ...wrap(oneLine(model.description), "  "),
    ...wrap(`One row: ${model.grain}${key}.`, "  "),
    "",
    ...columns,
    "",
  ].join("\n");
}

/** The dictionary of one table as the key-value metadata of its Parquet file: an option of DuckDB's `copy`. */
export function parquetMetadata(model: Model): string {
  const columns = model.columns.map(({ name, type, unit, description, example }) => ({
    name,
    type,
    unit,
    description: oneLine(description),
    example,
  }));
  const entries = [
    ["table", model.name],
    ["description", oneLine(model.description)],
    ["grain", model.grain],
    ["key", JSON.stringify(model.key)],
    ["columns", JSON.stringify(columns)],
  ];
  return `kv_metadata {${entries.map(([key, value]) => `${quote(`keyhouse.${key}`)}: ${quote(value ?? "")}`).join(", ")}}`;
}

/** Descriptions are folded over lines in their files. */
function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

/** A line of a terminal that is read with ease. */
const LINE_WIDTH = 100;

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length > indent.length && line.length + word.length >= LINE_WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
