// Pure. What the activation page can be narrowed to, and the files that have the answers. The build reads it too, and so it loads nothing.

/** Periods by when the order was; those of no months are all. */
export const periods = [
  { value: "", name: "All orders", months: null, words: "" },
  { value: "12", name: "Ordered in the last 12 months", months: 12, words: "ordered in the last 12 months" },
  { value: "24", name: "Ordered in the last 24 months", months: 24, words: "ordered in the last 24 months" },
] as const;

/** The tables of a choice, as the build names them. */
export const waitTables = [
  "summary",
  "test",
  "curve",
  "outcome",
  "cohort",
  "shelf",
  "shelf_product",
] as const;
export type WaitTable = (typeof waitTables)[number];

/** Every choice but the whole, which the page has from the start. */
export const choicesOf = (scopes: readonly { scope: string }[]): { scope: string; period: string }[] =>
  ["", ...scopes.map(({ scope }) => scope)]
    .flatMap((scope) => periods.map(({ value: period }) => ({ scope, period })))
    .filter(({ scope, period }) => scope !== "" || period !== "");

/** The file of a choice: its scope by its place, since a SKU may be anything. */
export const waitFile = (scopes: readonly { scope: string }[], scope: string, period: string): string =>
  `${scopes.findIndex((row) => row.scope === scope) + 1}-${period === "" ? "all" : period}.arrow`;
