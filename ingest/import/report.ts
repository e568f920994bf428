// Pure. What an import says at its end.

import type { ImportReport } from "./course.ts";
import { placeText } from "./place.ts";

/** How many of each kind a person is shown; `--json` has all. */
const MAX_SHOWN = 20;

/** What became of an import, as text. @param isDryRun whether nothing was recorded */
export function importText(report: ImportReport, isDryRun: boolean): string {
  const { importId, source, counts, added, unmapped, problems, isResumed, isStopped } = report;
  const head = isDryRun
    ? `Nothing was recorded. ${source} would become:`
    : counts.accepted === 0 && !isStopped
      ? `Nothing new: ${source}`
      : `${source}, import ${importId}${isResumed ? ", resumed" : ""}`;
  return [
    head,
    "",
    ...columns([
      ["read", counts.read, ""],
      ["accepted", counts.accepted, isDryRun ? "would be recorded" : "recorded"],
      ["duplicate", counts.duplicate, "known before, or the same again in these files"],
      ["conflict", counts.conflict, "known with another content: nothing was changed"],
      ["quarantined", counts.quarantined, "not understood or not mapped"],
    ]),
    ...section("Added to the catalog", [
      ...added.products.map(({ sku, name, brand }) => `product ${sku}: ${name}, of ${brand}`),
      ...added.licenseModels.map(
        ({ id, name, term, metric }) => `license model ${id}: ${name}, ${term.kind}, ${metric}`,
      ),
    ]),
    ...section(
      "Not mapped, most seats first: the first is the next rule to write",
      unmapped.map(
        ({ of, value, rights, seats, reason }) =>
          `${of} ${value || "(none)"}: ${count(rights)} ${rights === 1 ? "entry" : "entries"}, ${count(seats)} seats; ${reason}`,
      ),
    ),
    ...section(
      "Turned away",
      problems
        .toSorted((a, b) =>
          a.file < b.file ? -1 : a.file > b.file ? 1 : (a.place.line ?? 0) - (b.place.line ?? 0),
        )
        .map(({ file, place, code, detail }) => `${placeText(file, place)}: ${code}: ${detail}`),
    ),
    ...(isStopped ? ["", "Stopped. What was recorded stays; the same command goes on from there."] : []),
    ...(!isDryRun && counts.accepted > 0
      ? [
          "",
          `\`npm run load\` brings it to the lake; \`npm run import -- take-back ${importId}\` takes all of it back.`,
        ]
      : []),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MAX_SHOWN;
  return [
    "",
    `${title}:`,
    ...lines.slice(0, MAX_SHOWN).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${count(more)} more: --json lists them`] : []),
  ];
}

function columns(rows: readonly (readonly [string, number, string])[]): string[] {
  const width = Math.max(...rows.map(([, number]) => count(number).length));
  return rows.map(([name, number, meaning]) =>
    `  ${name.padEnd(12)}${count(number).padStart(width)}  ${meaning}`.trimEnd(),
  );
}

const count = (number: number): string => number.toLocaleString("en-US");

/** How far long work is: `[######----]  60 %  600,000 of 1,000,000  24,000 a second  17 s left`. */
export function barText(what: string, done: number, of: number, seconds: number): string {
  const share = of === 0 ? 1 : Math.min(1, done / of);
  const filled = Math.round(share * BAR);
  const speed = seconds > 0 ? done / seconds : 0;
  const left = speed > 0 ? Math.ceil((of - done) / speed) : 0;
  const bar = `[${"#".repeat(filled)}${"-".repeat(BAR - filled)}]`;
  return `${what} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${count(done)} of ${count(of)}  ${count(Math.round(speed))} a second  ${left} s left`;
}

const BAR = 24;
