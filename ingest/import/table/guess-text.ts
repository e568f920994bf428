// Pure. A guess as the mapping that people edit: YAML, with comments.

import { columnNames, type ColumnName } from "./columns.ts";
import type { Guess } from "./guess.ts";
import { namesOf } from "./layout.ts";

const MAX_SHOWN = 3;
const MAX_SAMPLE_LENGTH = 40;
const MAX_RULES = 10;
/** Not shown: nobody needs to see them to know what a column holds. */
const PRIVATE = new Set<ColumnName>(["email", "user"]);

/** @param file whose guess it is, for people */
export function guessText({ table, doubts, samples, unread }: Guess, file: string): string {
  const lines = [
    `# A first guess of what the columns of ${oneLine(file)} hold: correct it, and give it with --map.`,
    "# What is unsure is marked with a question.",
    "table:",
    ...(table.delimiter === undefined ? [] : [`  delimiter: ${quoted(table.delimiter)}`]),
    ...(table.sheet === undefined ? [] : [`  sheet: ${quoted(table.sheet)}`]),
    `  headingRow: ${table.headingRow}${asked(doubts.headingRow)}`,
    `  dates: ${quoted(table.dates)}${asked(doubts.dates)}`,
    `  decimal: ${quoted(table.decimal)}${asked(doubts.decimal)}`,
    `  zone: ${quoted(table.zone)} # of its times, where it has some`,
    `  columns:${Object.keys(table.columns).length === 0 ? " {}" : ""}`,
    ...namesOf().flatMap((name) => columnLine(name, table.columns[name], samples[name], doubts[name])),
    ...(unread.length === 0 ? [] : [`  # Not read: ${unread.map(quoted).join(", ")}.`]),
    `  # Columns may hold as well: ${namesOf()
      .filter((name) => table.columns[name] === undefined)
      .join(", ")}.`,
    ...rules("products", "from", "sku", samples.product),
    ...rules("models", "from", "licenseModel", samples.model),
  ];
  return `${lines.join("\n")}\n`;
}

function columnLine(
  name: ColumnName,
  heading: string | undefined,
  samples: readonly string[] | undefined,
  doubt: string | undefined,
): string[] {
  if (heading === undefined)
    return doubt === undefined ? [] : [`    # ${name}: ""${asked(doubt)} (${columnNames[name]})`];
  const shown = PRIVATE.has(name) ? [] : (samples ?? []).slice(0, MAX_SHOWN).map(sample);
  const such = shown.length === 0 ? "" : ` # such as ${shown.join(", ")}`;
  const question = doubt === undefined ? "" : `${such === "" ? " #" : ";"} unsure? ${doubt}`;
  return [`    ${name}: ${quoted(heading)}${such}${question}`];
}

/** Rules for what was seen, to be filled in. */
function rules(name: string, from: string, to: string, values: readonly string[] | undefined): string[] {
  if (values === undefined || values.length === 0) return [];
  return [
    `# What it is in the catalog; \`*\` in a rule stands for any text.`,
    `# ${name}:`,
    ...values.slice(0, MAX_RULES).map((value) => `#   - { ${from}: ${quoted(value)}, ${to}: "" }`),
  ];
}

const asked = (doubt: string | undefined): string => (doubt === undefined ? "" : ` # unsure? ${doubt}`);

const sample = (text: string): string =>
  oneLine(text.length > MAX_SAMPLE_LENGTH ? `${text.slice(0, MAX_SAMPLE_LENGTH)}…` : text);

/** JSON's texts are YAML's, but for two characters that end a line in neither and look as if they did. */
const quoted = (text: string): string =>
  JSON.stringify(text)
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);

/** A comment ends with its line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
