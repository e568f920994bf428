// Every page against WCAG 2.2, levels A and AA, as far as a program can tell: at three widths, light and dark, for both audiences; and
// by keyboard alone.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { audiences } from "../../reports/audience.ts";
import { navigation } from "../../reports/navigation.ts";
import { openBrowser, openPage, type Served, serve, settled } from "./support.ts";

interface Finding {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}
declare const axe: { run: (context: unknown, options: unknown) => Promise<{ violations: Finding[] }> };

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The rules that look at colors: for the others it is the same page in the dark. */
const OF_COLOR = ["color-contrast", "link-in-text-block"];

let browser: Browser;
let script: string;
const sites = new Map<string, Served>();

beforeAll(async () => {
  script = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
  for (const audience of audiences) sites.set(audience, await serve(inject("vendor")[audience]));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all(Array.from(sites.values(), (site) => site.close()));
});

const cases = audiences.flatMap((audience) =>
  navigation(audience).map(({ path }) => ({ audience, path: path === "/" ? "index" : path.slice(1) })),
);

/** What axe objects to at a width. */
async function objections(page: Page, width: number, rules: object): Promise<string[]> {
  await page.setViewportSize({ width, height: 900 });
  await settled(page);
  const { violations } = await page.evaluate(
    (runOnly) => axe.run(document, { runOnly, resultTypes: ["violations"] }),
    rules,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${width}: ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Controls that can be seen and that Tab does not come to, and those at which nothing shows that it is there. */
async function missed(page: Page): Promise<string[]> {
  const wanted = await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, summary, [tabindex='0']",
    );
    // Of radio buttons Tab comes to the one that is checked; arrow keys go on from there.
    const seen = [...controls].filter(
      (it) => it.checkVisibility() && !it.matches("input[type=radio]:not(:checked)"),
    );
    for (const [index, control] of seen.entries()) control.dataset["control"] = String(index);
    return seen.map((it) => it.textContent?.trim() || it.getAttribute("aria-label") || it.outerHTML);
  });
  const reached = new Set<string>();
  const marked = new Set<string>();
  // A date takes four: its parts, and what opens the calendar.
  for (let presses = 0; presses <= wanted.length + 8; presses++) {
    await page.keyboard.press("Tab");
    const { control, isMarked } = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const rings = [at, at.closest("label")].map((it) => it && getComputedStyle(it).outlineStyle !== "none");
      return { control: at.dataset["control"], isMarked: rings.includes(true) };
    });
    if (control === undefined) continue;
    reached.add(control);
    if (isMarked) marked.add(control);
  }
  return wanted
    .map((name, index) => ({ name, at: String(index) }))
    .filter(({ at }) => !marked.has(at))
    .map(({ name, at }) => `${reached.has(at) ? "no mark" : "not reached"}: ${name}`);
}

test.each(cases)(
  "$path of the $audience site: axe objects to nothing, light or dark, at any width, and Tab comes everywhere",
  async ({ audience, path }) => {
    const site = sites.get(audience)!;
    const { page, faults } = await openPage(browser, site);
    await page.goto(site.at(`${path}.html${path === "customers" ? "#customer=C-3" : ""}`));
    await page.evaluate(script);
    for (const width of [360, 768, 1440]) {
      expect(await objections(page, width, { type: "tag", values: TAGS })).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    for (const width of [360, 768, 1440])
      expect(await objections(page, width, { type: "rule", values: OF_COLOR })).toEqual([]);
    expect(await missed(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  },
);
