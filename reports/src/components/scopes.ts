// Pure. What a page is narrowed to: a brand, a product or a region. One name in the address for all pages.

import type { Filter, Option } from "./filters.js";

/** A row of scopes.arrow. The name of a region is its ISO 3166 code, or null where orders tell no country. */
export interface ScopeRow {
  scope: string;
  kind: string;
  name: string | null;
}

const kinds = [
  { kind: "brand", group: "Brands" },
  { kind: "product", group: "Products" },
  { kind: "region", group: "Regions" },
];

const regions = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

/** A country in words: `DE` is Germany; what is no code stays as it is. */
export function regionName(code: string | null): string {
  if (code === null || code === "") return "No country";
  return /^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code;
}

/** A scope in words. */
export const scopeName = ({ kind, name }: ScopeRow): string =>
  kind === "region" ? regionName(name) : (name ?? "");

/**
 * The filter by scope; its name in the address is `of`, and what it gives is the scope, `""` for everything.
 * @param known those that the page's rows have, where they have not all
 */
export function scopeFilter(scopes: readonly ScopeRow[], known?: Iterable<string>): Filter & { name: "of" } {
  const told = known === undefined ? null : new Set(known);
  const options = kinds.flatMap(({ kind, group }) =>
    scopes
      .filter((row) => row.kind === kind && (told === null || told.has(row.scope)))
      .map((row): Option => ({ value: row.scope, name: scopeName(row), group })),
  );
  return { name: "of", label: "Show", options: [{ value: "", name: "Everything" }, ...options] };
}

/** What is shown, in words: `Germany`; nothing where all is. */
export function scopeWords(scopes: readonly ScopeRow[], scope: string): string {
  const row = scopes.find((known) => known.scope === scope);
  return row === undefined ? "" : scopeName(row);
}

/** The title of a figure of what is chosen: `Requests refused, by rule: Germany`. */
export const titleOf = (title: string, words: string): string =>
  words === "" ? title : `${title}: ${words}`;

/** A name as it stands within a sentence: `the United States`. */
export const articled = (name: string): string =>
  /^(United |Netherlands$|Philippines$|Bahamas$|Maldives$)/.test(name) ? `the ${name}` : name;

/** A sentence of what is chosen: `For Germany, no customer …`. */
export function sentenceOf(sentence: string, words: string): string {
  if (words === "") return sentence;
  return `For ${articled(words)}, ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
