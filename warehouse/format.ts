// Pure. Rows of text as a table for a terminal, as CSV, or as JSON.

export const formats = ["table", "csv", "json"] as const;
export type Format = (typeof formats)[number];

export interface Answer {
  names: string[];
  /** DuckDB's types. */
  types: string[];
  rows: (string | null)[][];
}

/** A terminal shows no more with profit; the other formats give all rows. */
const MAX_TABLE_ROWS = 1_000;

/** Wider cells are cut in a table, so that a line of JSON does not push all other columns off the screen. */
const MAX_CELL_WIDTH = 60;

/** Prints an answer, with a line break at its end. */
export function formatAnswer(answer: Answer, format: Format): string {
  switch (format) {
    case "table":
      return table(answer);
    case "csv":
      return csv(answer);
    case "json":
      return json(answer);
  }
}

/** Whether values of a DuckDB type are numbers. */
export function isNumeric(type: string): boolean {
  return NUMERIC.test(type);
}

const NUMERIC =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|FLOAT|DOUBLE|DECIMAL)/;

function table({ names, types, rows }: Answer): string {
  const shown = rows.slice(0, MAX_TABLE_ROWS);
  const cells = [names, ...shown].map((row) => row.map(cell));
  const widths = names.map((_, column) =>
    Math.max(...cells.map((row) => Array.from(row[column] ?? "").length)),
  );
  const isNumber = types.map(isNumeric);
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => {
        const padding = " ".repeat((widths[column] ?? 0) - Array.from(text).length);
        return isNumber[column] ? padding + text : text + padding;
      })
      .join("  ")
      .trimEnd();
  const [heading = [], ...body] = cells;
  const count = rows.length === 1 ? "1 row" : `${rows.length} rows`;
  const more =
    rows.length > shown.length ? `; the first ${shown.length} are shown, --format csv gives all` : "";
  return [
    line(heading),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...body.map(line),
    `(${count}${more})`,
    "",
  ].join("\n");
}

function cell(value: string | null): string {
  // Anything that moves the cursor would tear the table, or worse: cells may hold what strangers sent.
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const text = Array.from((value ?? "").replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, " "));
  return text.length > MAX_CELL_WIDTH ? `${text.slice(0, MAX_CELL_WIDTH - 1).join("")}…` : text.join("");
}

/** RFC 4180; null is an empty field, an empty text is quoted. */
function csv({ names, rows }: Answer): string {
  const field = (value: string | null) => {
    if (value === null) return "";
    return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return [names, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** An array of objects. Numbers and booleans as such, unless JSON's readers would round them; all else as text. */
function json({ names, types, rows }: Answer): string {
  const value = (text: string | null, type: string | undefined) => {
    if (text === null) return null;
    if (type === "BOOLEAN") return text === "true";
    if (type?.endsWith("[]") || type?.startsWith("STRUCT")) return JSON.parse(text) as unknown;
    if (type === undefined || !isNumeric(type)) return text;
    const number = Number(text);
    const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
    return isExact ? number : text;
  };
  const objects = rows.map((row) =>
    Object.fromEntries(row.map((text, column) => [names[column] ?? "", value(text, types[column])])),
  );
  return `[${objects.map((object) => `\n${JSON.stringify(object)}`).join(",")}\n]\n`;
}
