// Pure. Places, as people read them.

import type { Place } from "../importers/importer.ts";

/** Where something stands: `orders.csv, line 12, column 7 (Quantity)`. */
export function placeText(file: string, { line, column, at }: Place): string {
  const where = [
    file,
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(", ");
  return at === undefined ? where : `${where} (${at})`;
}
