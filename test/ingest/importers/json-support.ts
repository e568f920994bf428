// Files of JSON that somebody damaged, and where reading them ends.

import * as fc from "fast-check";
import { type Place, SourceFault } from "../../../ingest/importers/importer.ts";

/** Any text at all, any JSON, and these files with some characters changed, left out or put in between. */
export function damaged(files: readonly string[]): fc.Arbitrary<string> {
  const changed = fc
    .tuple(fc.constantFrom(...files), fc.nat(), fc.string({ unit: "binary", maxLength: 4 }))
    .map(([file, at, more]) => {
      const place = at % file.length;
      return file.slice(0, place) + more + file.slice(place + (at % 5));
    });
  return fc.oneof(fc.string({ unit: "binary" }), changed, fc.json());
}

/** The places of all that was read, or that of the fault; what else is thrown goes on. */
export async function placesOf(read: Promise<readonly { place: Place }[]>): Promise<Place[]> {
  try {
    return (await read).map(({ place }) => place);
  } catch (error) {
    if (error instanceof SourceFault) return [error.place];
    throw error;
  }
}
