// Pure. Texts as parts of SQL.

/** A text as a SQL literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Texts as a SQL list of literals; not for an empty list, which DuckDB gives another type. */
export function quoteList(texts: readonly string[]): string {
  return `[${texts.map(quote).join(", ")}]`;
}
