import { describe, expect, test } from "vitest";
import {
  type Entry,
  MAX_SHOWN,
  fileOf,
  fold,
  matching,
  planIndex,
  prefixFor,
} from "../../reports/src/components/lookup.ts";

const entry = (id: string, name: string | null, entitlements = 1): Entry => ({
  id,
  name,
  country: "DE",
  entitlements,
  bucket: 0,
});

/** A vendor with many customers, many of whom share the beginning of their names. */
const many = Array.from({ length: 20_000 }, (_, n) =>
  entry(`C-${100_000 + n}`, `${["North", "Nordic", "Blue", "Kestrel"][n % 4]}${n % 500} Works GmbH`, n % 9),
);

/** What a reader sees, by the one file that the page reads. */
function find(entries: readonly Entry[], query: string): { ids: string[]; isWhole: boolean } {
  const files = planIndex(entries);
  const prefix = prefixFor(query, files);
  if (prefix === null) return { ids: [], isWhole: true };
  const file = files.get(prefix)!;
  return { ids: matching(file.entries, query).map(({ id }) => id), isWhole: file.isWhole };
}

const few = [entry("C-1", "Ångström Works AB"), entry("C-12", "Blue Works Ltd"), entry("C-2", null)];

describe("finds a customer", () => {
  test.each([
    ["by its ID, before those that only begin so", "C-1", ["C-1", "C-12"]],
    ["by a part of the ID", "12", ["C-12"]],
    ["in lower case and without marks", "angstrom", ["C-1"]],
    ["by the start of any word", "wor", ["C-1", "C-12"]],
    ["by several words, in any order", "works blue", ["C-12"]],
    ["that has no name", "c-2", ["C-2"]],
    ["only where every word fits", "blue gmbh", []],
    ["by nothing at all", "  ", []],
  ])("%s", (_promise, query, ids) => expect(find(few, query).ids).toEqual(ids));
});

test("reads files of a bounded size, however many customers there are", () => {
  const sizes = Array.from(planIndex(many).values(), (file) => file.entries.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  expect(sizes.length).toBeLessThan(many.length / 4);
});

test.each(["C-117431", "117431", "kestrel31 works"])(
  "of 20,000 customers, %s leads to whom it names",
  (query) => {
    const { ids, isWhole } = find(many, query);
    expect(isWhole).toBe(true);
    const named = many.filter(
      ({ id, name }) => fold(id) === fold(query) || id.endsWith(query) || fold(name!).startsWith(query),
    );
    expect(ids).toEqual(expect.arrayContaining(named.map(({ id }) => id)));
  },
);

test("a beginning that thousands share shows those with most entitlements, and says that there are more", () => {
  const { ids, isWhole } = find(many, "works");
  expect(isWhole).toBe(false);
  expect(ids).toHaveLength(MAX_SHOWN);
});

test("a word that no customer has is known without reading a file", () => {
  expect(find(many, "zebra")).toEqual({ ids: [], isWhole: true });
});

test("any letter makes a safe file name, and no two prefixes share one", () => {
  const names = ["", "a", "../", "ß", "😀", "aa"].map(fileOf);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^p[0-9a-f]*\.json$/);
});

test("where all share a word, the other words of a query find who is meant", () => {
  const alike = Array.from({ length: 5_000 }, (_, n) => entry(`C-${n}`, `Customer ${n}`));
  const { ids, isWhole } = find(alike, "customer 77");
  expect(isWhole).toBe(true);
  expect(ids).toContain("C-77");
  expect(ids).toHaveLength(11);
  const more = Array.from({ length: 200_000 }, (_, n) => entry(`C-${n}`, `Customer ${n}`));
  expect(find(more, "customer 77").ids).toHaveLength(MAX_SHOWN);
  expect(find(more, "customer 77123").ids).toEqual(["C-77123"]);
});
