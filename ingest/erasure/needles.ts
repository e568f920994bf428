// Pure. The texts to search for, and what cannot be searched for because it would be found with others.

/** Shorter ones are found everywhere. */
const MIN_LENGTH = 6;

/** What is known of a person, and of everybody else. */
export interface Known {
  customerId: string;
  names: readonly string[];
  emails: readonly string[];
  /** Whether a text stands where it means somebody or something else: another customer's profile, the catalog, … */
  isShared: (text: string) => boolean;
}

/** What is searched for by its text, and how many texts are not, as they would be found with others too. */
export interface Telling {
  values: string[];
  isIdTelling: boolean;
  shared: number;
}

/** Chooses the texts that tell of this person alone. All of it is looked for by the customer's ID as well. */
export function tellingValues({ customerId, names, emails, isShared }: Known): Telling {
  const all = Array.from(new Set([...emails, ...names]));
  // IDs stay: a text that is in the ID is found wherever the customer is.
  const isInId = (text: string) => customerId.toLowerCase().includes(text.toLowerCase());
  const values = all.filter((text) => text.length >= MIN_LENGTH && !isInId(text) && !isShared(text));
  return { values, isIdTelling: all.some(isInId), shared: all.length - values.length };
}

/** A text in the ways in which files write it: as it is, in JSON, and in HTML. */
export function spellings(text: string): string[] {
  const html = text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return Array.from(new Set([text, JSON.stringify(text).slice(1, -1), html]));
}
