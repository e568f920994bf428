// Every page against WCAG 2.2, levels A and AA, as far as a program can tell: at three widths, light and dark, for both audiences.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
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
