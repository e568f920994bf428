// Every page against WCAG 2.2, levels A and AA, as far as a program can tell: at three widths, light and dark, for both audiences; and
// by keyboard alone.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audiences } from "../../reports/audience.ts";
import { buildSite } from "../../reports/build.ts";
import { navigation } from "../../reports/navigation.ts";
import { removeHome, vendorHome } from "../reports/support.ts";
import { openBrowser, openPage, type Served, serve } from "./support.ts";

interface Finding {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}
declare const axe: { run: (context: unknown, options: unknown) => Promise<{ violations: Finding[] }> };

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let home: string;
let browser: Browser;
let script: string;
const sites = new Map<string, Served>();

beforeAll(async () => {
  home = await vendorHome();
  script = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
  await Promise.all(
    audiences.map(async (audience) => {
      const out = join(home, `site-of-${audience}`);
      sites.set(audience, await serve((await buildSite({ home, audience, out })).folder));
    }),
  );
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await Promise.all(Array.from(sites.values(), (site) => site.close()));
  await removeHome(home);
});

const cases = audiences.flatMap((audience) =>
  navigation(audience).map(({ path }) => ({ audience, path: path === "/" ? "index" : path.slice(1) })),
);

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test.each(cases)(
    "$path of the $audience site has nothing that axe objects to",
    async ({ audience, path }) => {
      const site = sites.get(audience)!;
      const { page, faults } = await openPage(browser, site, { width: 360, colorScheme });
      const hash = path === "customers" ? "#customer=C-3" : "";
      await page.goto(site.at(`${path}.html${hash}`));
      await page.waitForLoadState("networkidle");
      await page.evaluate(script);
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => new Promise(requestAnimationFrame));
        const { violations } = await page.evaluate(
          (tags) =>
            axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
          TAGS,
        );
        expect(
          violations.flatMap(({ id, nodes }) =>
            nodes.map(
              ({ target, failureSummary }) => `${id} at ${width}: ${target.join(" ")}: ${failureSummary}`,
            ),
          ),
        ).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      }
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );
});

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
  const unmarked: string[] = [];
  for (let presses = 0; presses <= wanted.length + 1; presses++) {
    await page.keyboard.press("Tab");
    const { control, isMarked } = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const rings = [at, at.closest("label")].map((it) => it && getComputedStyle(it).outlineStyle !== "none");
      return { control: at.dataset["control"], isMarked: rings.includes(true) };
    });
    if (control === undefined) continue;
    reached.add(control);
    if (!isMarked) unmarked.push(`no mark: ${wanted[Number(control)]}`);
  }
  return [...wanted.filter((_, index) => !reached.has(String(index))), ...unmarked];
}

test.each(cases)(
  "$path of the $audience site is reached by Tab, all of it, and shows where one is",
  async (its) => {
    const { page } = await openPage(browser, sites.get(its.audience)!);
    await page.goto(
      sites.get(its.audience)!.at(`${its.path}.html${its.path === "customers" ? "#customer=C-3" : ""}`),
    );
    await page.waitForLoadState("networkidle");
    expect(await missed(page)).toEqual([]);
    await page.context().close();
  },
);
