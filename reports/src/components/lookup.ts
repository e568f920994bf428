// Pure. Finding one of many customers by the start of a word of the name, or of the ID, while only a small file is read.
//
// The build writes an index as a tree of prefixes. A prefix that few words start with is one file with all of them; one
// that many start with is a file with a few, and longer prefixes beside it. A page knows all prefixes, and so reads one
// file a keystroke, of a bounded size, whether there are two hundred customers or two hundred thousand.

/** A customer, as the index holds one. `bucket` says which files hold the history. */
export interface Entry {
  id: string;
  name: string | null;
  country: string | null;
  entitlements: number;
  bucket: number;
}

/** One file of the index. */
export interface IndexFile {
  /** Whether all words of this prefix are here; else they continue below longer prefixes. */
  isWhole: boolean;
  /** How many words begin with this prefix. */
  words: number;
  entries: Entry[];
}

/** Entries in a file at most: some 40 kB, read in one go. */
const MAX_WHOLE = 500;

/** Entries that a prefix of more words shows, until more letters are typed. */
export const MAX_SHOWN = 20;

/** A prefix is not taken further than this, even where more customers share it; those that do are cut with a notice. */
const MAX_PREFIX = 24;

/** Text as it is compared: lower case, without marks (`Ångström` is found by `angstrom`). */
export const fold = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The words by whose start an entry is found: those of the name, the whole ID, and the ID's parts. */
function wordsOf(entry: Pick<Entry, "id" | "name">): string[] {
  const split = (text: string) => fold(text).split(/[^\p{L}\p{N}]+/u);
  const words = [fold(entry.id), ...split(entry.id), ...split(entry.name ?? "")];
  return [...new Set(words.filter((word) => word !== ""))];
}

interface Word {
  word: string;
  entry: Entry;
}

/** Plans the files of an index. @returns one file a prefix; that of "" is always there */
export function planIndex(entries: readonly Entry[]): Map<string, IndexFile> {
  const files = new Map<string, IndexFile>();
  // In order of words, all that share a prefix stand together: each file is a range, and nothing is copied on the way down.
  const words = entries
    .flatMap((entry) => wordsOf(entry).map((word) => ({ word, entry })))
    .toSorted((a, b) => (a.word < b.word ? -1 : a.word > b.word ? 1 : 0));
  plan("", words, 0, words.length, files);
  return files;
}

function plan(
  prefix: string,
  words: readonly Word[],
  start: number,
  end: number,
  files: Map<string, IndexFile>,
): void {
  const entries = new Set<Entry>();
  for (let at = start; at < end && entries.size <= MAX_WHOLE; at++) entries.add(words[at]!.entry);
  const isWhole = entries.size <= MAX_WHOLE;
  files.set(prefix, {
    isWhole,
    words: end - start,
    entries: isWhole ? [...entries] : likeliest(prefix, words, start, end),
  });
  if (isWhole || prefix.length >= MAX_PREFIX) return;
  let at = start;
  // The prefix itself may be a word; it comes first, and nothing lies below it.
  while (at < end && words[at]!.word.length === prefix.length) at++;
  while (at < end) {
    const longer = words[at]!.word.slice(0, prefix.length + 1);
    let next = at + 1;
    while (next < end && words[next]!.word.startsWith(longer)) next++;
    plan(longer, words, at, next, files);
    at = next;
  }
}

/** Of many, those of whom the prefix is a whole word, then those with most entitlements: they are most likely meant. */
function likeliest(prefix: string, words: readonly Word[], start: number, end: number): Entry[] {
  const best = new Map<Entry, number>();
  for (let at = start; at < end; at++) {
    const { word, entry } = words[at]!;
    const rank = (word === prefix ? 1e9 : 0) + entry.entitlements;
    const before = best.get(entry);
    if (before === undefined || before < rank) best.set(entry, rank);
    // Thinned now and then, so that a prefix of a million words is not sorted whole.
    if (best.size > 4 * MAX_SHOWN) keepBest(best);
  }
  keepBest(best);
  return [...best.keys()];
}

function keepBest(best: Map<Entry, number>): void {
  const kept = Array.from(best).toSorted(([, a], [, b]) => b - a);
  best.clear();
  for (const [entry, rank] of kept.slice(0, MAX_SHOWN)) best.set(entry, rank);
}

/** The name of a prefix's file: its code units in hexadecimal, so that any letter is a safe file name. */
export const fileOf = (prefix: string): string =>
  `p${Array.from(prefix, (_, index) => prefix.charCodeAt(index).toString(16).padStart(4, "0")).join("")}.json`;

/** The prefixes of an index, each with what its file says of itself. */
export type Prefixes = ReadonlyMap<string, Pick<IndexFile, "isWhole" | "words">>;

/**
 * The prefix whose file answers a query best: that of the word which fewest others begin like. Of `customer 77` the second word
 * tells more than the first, where all are called so. Null where none can match.
 */
export function prefixFor(query: string, prefixes: Prefixes): string | null {
  const whole = prefixOf(fold(query).trim(), prefixes);
  const parts = queryWords(query).map((word) => prefixOf(word, prefixes));
  if (whole === null && parts.includes(null)) return null;
  const found = [whole, ...parts].filter((prefix) => prefix !== null);
  const words = (prefix: string) => prefixes.get(prefix)?.words ?? 0;
  return found.toSorted((a, b) => words(a) - words(b) || b.length - a.length)[0] ?? null;
}

function prefixOf(word: string, prefixes: Prefixes): string | null {
  for (let length = 0; ; length++) {
    const prefix = word.slice(0, length);
    const isWhole = prefixes.get(prefix)?.isWhole;
    if (isWhole === undefined) return length > MAX_PREFIX ? word.slice(0, MAX_PREFIX) : null;
    if (isWhole || length === word.length) return prefix;
  }
}

/** The entries that a query matches: every word of it starts a word of theirs. The ID itself comes first, then names. */
export function matching(entries: readonly Entry[], query: string): Entry[] {
  const whole = fold(query).trim();
  const words = queryWords(query);
  if (words.length === 0) return [];
  return entries
    .filter((entry) => {
      const own = wordsOf(entry);
      return (
        fold(entry.id).startsWith(whole) || words.every((word) => own.some((mine) => mine.startsWith(word)))
      );
    })
    .map((entry) => ({ entry, place: placeOf(entry, whole) }))
    .toSorted(
      (a, b) =>
        a.place - b.place ||
        b.entry.entitlements - a.entry.entitlements ||
        a.entry.id.localeCompare(b.entry.id),
    )
    .map(({ entry }) => entry);
}

const queryWords = (query: string) =>
  fold(query)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

function placeOf(entry: Entry, whole: string): number {
  if (fold(entry.id) === whole) return 0;
  if (fold(entry.name ?? "").startsWith(whole)) return 1;
  return fold(entry.id).startsWith(whole) ? 2 : 3;
}
