// Pure. Places, as people read them.

import { type Place, SourceFault } from "../importers/importer.ts";

/** An entry as it stands there, with the file that it came of. */
export interface Staged {
  file: string;
  /** Which of the files it is, from 1: its name may name people. */
  fileNumber: number;
  place: Place;
  input: string;
}

/** Where something stands: `orders.csv, line 12, column 7 (Quantity)`. */
export function placeText(file: string, { line, column, at }: Place): string {
  const where = [
    file,
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(", ");
  return at === undefined ? where : `${where} (${at})`;
}

/** What cannot be read of a file, with where that is; anything else as it is. */
export function placedFault(file: string, error: unknown): unknown {
  return error instanceof SourceFault
    ? new SourceFault(error.place, `${placeText(file, error.place)}: ${error.message}`)
    : error;
}

/** An entry as plain data, which another thread can be told. */
export const plainly = ({ file, fileNumber, place, input }: Staged): Staged => ({
  file,
  fileNumber,
  place,
  input,
});
