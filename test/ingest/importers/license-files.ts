// What license files' tests have in common.

import type { Entry } from "../../../ingest/importers/importer.ts";

/** Midnight of a day. */
export const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000;

/** An entry in a few words: its line, and what it is. */
export function brief(entry: Entry): string {
  return `${entry.place.line}: ${what(entry)}`;
}

function what(entry: Entry): string {
  switch (entry.kind) {
    case "right": {
      const { product, version, quantity, lineNumber } = entry.right;
      return `${quantity} × ${product} ${version}${lineNumber > 1 ? ` as line ${lineNumber}` : ""}`;
    }
    case "problem":
      return entry.code;
    case "reference":
      return `what ${entry.reference.key} is`;
    case "seat":
    case "use":
    case "message":
      return entry.kind;
    default:
      return entry satisfies never;
  }
}

/** The one right of a text. */
export function onlyRight([entry, ...others]: readonly Entry[]) {
  if (entry?.kind !== "right" || others.length > 0)
    throw new Error(`not one right: ${JSON.stringify([entry, ...others])}`);
  return entry.right;
}
