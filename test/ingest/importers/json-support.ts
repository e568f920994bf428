// Files of JSON that somebody damaged, and where reading them ends.

import * as fc from "fast-check";
import { expect } from "vitest";
import { type Entry, type Place, SourceFault } from "../../../ingest/importers/importer.ts";

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
async function placesOf(read: Promise<readonly { place: Place }[]>): Promise<Place[]> {
  try {
    return (await read).map(({ place }) => place);
  } catch (error) {
    if (error instanceof SourceFault) return [error.place];
    throw error;
  }
}

/** That reading any of these files, however damaged, ends in entries or in a fault with a place. */
export const endsInPlaces = (
  files: readonly string[],
  read: (content: string) => Promise<readonly { place: Place }[]>,
) =>
  fc.asyncProperty(damaged(files), async (content) => {
    expect((await placesOf(read(content))).every(({ line = 0 }) => line > 0)).toBe(true);
  });

/** An entry of a storefront's export in short: what it is, and where. */
export function short({ place, ...entry }: Entry): string {
  const where = `${place.line}${place.at === undefined ? "" : ` ${place.at}`}`;
  switch (entry.kind) {
    case "message":
      return `${where} message ${(JSON.parse(entry.message.body) as { id: string | number }).id}`;
    case "reference":
      return `${where} ${entry.reference.of} ${entry.reference.key}`;
    case "problem":
      return `${where} ${entry.code}`;
    case "right":
    case "seat":
    case "use":
      return `${where} ${entry.kind}`;
  }
}
