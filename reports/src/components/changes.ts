// Pure. What the last whole month was like against the month before it, in words.

import { type Child, h } from "./dom.js";
import { count, counted, list, money, month, share } from "./format.js";

/** What is counted by month: money in minor units of its currency. */
export interface ChangeRow {
  measure:
    "sold" | "activated" | "recurring" | "lost" | "due" | "renewed" | "refused" | "overdraft" | "cloned";
  currency: string | null;
  month_at: number;
  month_before_at: number;
  /** Null where it is of fewer customers than may be told of. */
  number: number | null;
  number_before: number | null;
  /** Whom the number of the last whole month concerns. */
  customers: number;
}

/** A statement with its number in front, and where more is told. */
export interface Statement {
  number: string;
  words: string;
  path: string;
}

/** By how much a number moved, where there is something to compare it with: `, up 20% from 1,128`. */
export function against(
  now: number,
  before: number | null,
  format: (value: number) => string = count,
): string {
  if (before === null) return "";
  if (now === before) return `, as many as the month before`;
  if (before === 0) return `, after none the month before`;
  // A multiple is easier read than hundreds of percent.
  if (now > 2 * before)
    return `, ${(now / before).toFixed(1)} times the ${format(before)} of the month before`;
  const way = now > before ? "up" : "down";
  return `, ${way} ${share(Math.abs(now / before - 1))} from ${format(before)} the month before`;
}

/** A sentence names this many currencies; more are on the page that it leads to. */
const MAX_CURRENCIES = 2;

/** Four to six statements; one that there are no numbers for is left out. */
export function changesOf(rows: readonly ChangeRow[]): Statement[] {
  const row = (measure: ChangeRow["measure"]) =>
    rows.find((it) => it.measure === measure && it.number !== null);
  const said: (Statement | null)[] = [
    counting(row("sold"), "entitlement was sold", "entitlements were sold", "./license-models.html"),
    counting(
      row("activated"),
      "entitlement was activated for the first time",
      "entitlements were activated for the first time",
      "./activation.html",
    ),
    ...recurring(rows),
    renewals(row("due"), row("renewed")),
    counting(row("refused"), "request was turned away", "requests were turned away", "./compliance.html"),
    compliance(row("overdraft"), row("cloned")),
  ];
  return said.filter((it) => it !== null);
}

function counting(row: ChangeRow | undefined, one: string, many: string, path: string): Statement | null {
  if (row === undefined || row.number === null) return null;
  const now = row.number;
  return { number: count(now), words: ` ${now === 1 ? one : many}${against(now, row.number_before)}.`, path };
}

function recurring(rows: readonly ChangeRow[]): Statement[] {
  return rows
    .filter(({ measure, number }) => measure === "recurring" && number !== null)
    .slice(0, MAX_CURRENCIES)
    .map(({ currency, number, number_before: before }) => {
      const format = (amount: number) => money(amount, currency ?? "EUR");
      const lost = rows.find((row) => row.measure === "lost" && row.currency === currency);
      const ended =
        lost === undefined || lost.number === null
          ? ""
          : ` Ended or lessened: ${format(lost.number)}${against(lost.number, lost.number_before, format)}.`;
      return {
        number: format(number ?? 0),
        words: ` of recurring revenue a month${against(number ?? 0, before, format)}.${ended}`,
        path: "./revenue.html",
      };
    });
}

function renewals(due: ChangeRow | undefined, renewed: ChangeRow | undefined): Statement | null {
  if (!due?.number) return null;
  const rate = (renewed?.number ?? 0) / due.number;
  const before = due.number_before
    ? `, against ${share((renewed?.number_before ?? 0) / due.number_before)} of ${count(due.number_before)} the month before`
    : "";
  return {
    number: share(rate),
    words: ` of the ${counted(due.number, "term")} that ended ${due.number === 1 ? "was" : "were"} renewed so far${before}. Some renew late, so the newest rate still rises.`,
    path: "./revenue.html",
  };
}

function compliance(overdraft: ChangeRow | undefined, cloned: ChangeRow | undefined): Statement | null {
  const parts = [
    overdraft?.number
      ? `${counted(overdraft.number, "seat")} bound beyond those bought${against(overdraft.number, overdraft.number_before)}`
      : null,
    cloned?.number
      ? `${counted(cloned.number, "computer")} with a copied license${against(cloned.number, cloned.number_before)}`
      : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  const [first = ""] = parts;
  const number = /^[\d,]+/.exec(first)?.[0] ?? "";
  return { number, words: `${list(parts).slice(number.length)}.`, path: "./compliance.html" };
}

/** The month that is told of, or null where none is over yet. */
export const changedMonth = (rows: readonly ChangeRow[]): string | null =>
  rows[0] === undefined ? null : month(rows[0].month_at);

/**
 * A list of statements, each with a link to the page that tells more.
 * @param pageName what the site's navigation calls a page; null where it has none, for audiences have not all the same
 */
export function statements(
  items: readonly Statement[],
  pageName: (path: string) => string | null,
  isRanked = false,
): HTMLElement {
  return h(
    isRanked ? "ol" : "ul",
    { class: "statements" },
    items.map(({ number, words, path }): Child =>
      h("li", {}, h("strong", {}, number), words, linkTo(path, pageName(path), `${number}${words}`)),
    ),
  );
}

/** Where more is told; who hears the links one by one hears what each is about. */
const linkTo = (path: string, name: string | null, about: string): Child =>
  name === null ? null : [" ", h("a", { href: path, "aria-label": `See ${name}: ${about}` }, `See ${name}`)];
