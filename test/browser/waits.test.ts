// What readers ask of how long customers wait: compared by what, and of which orders.

import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { removeHome, vendorHome } from "../reports/support.ts";
import { type Served, drawn, openBrowser, openPage, serve } from "./support.ts";

let home: string;
let folder: string;
let browser: Browser;
let site: Served;

beforeAll(async () => {
  home = await vendorHome();
  ({ folder } = await buildSite({ home }));
  [site, browser] = [await serve(folder), await openBrowser()];
});

afterAll(async () => {
  await browser.close();
  await site.close();
  await removeHome(home);
});

test("waiting is compared by what the reader chooses, with arrow keys too", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("activation.html"));
  await drawn(page, 2);
  await page.getByRole("radio", { name: "Product" }).focus();
  // One brand, one price band and one country are no choice to compare by.
  for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowRight");
  await page.getByRole("row", { name: /^Reseller/ }).waitFor();
  expect(await page.getByRole("row").count()).toBeGreaterThanOrEqual(3);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("waits are those of what the reader chooses, on all of the page, and the address keeps it", async () => {
  const { page, faults } = await openPage(browser, site);
  const said = () => page.locator(".lede").innerText();
  const shown = (own = page) =>
    own.getByRole("img", { name: "Share activated by day since delivery" }).getAttribute("aria-description");
  const until = (own: typeof page, words: string) => own.locator(".lede").getByText(words).waitFor();
  await page.goto(site.at("activation.html"));
  await drawn(page, 6);
  const [lede, chart] = [await said(), await shown()];
  await page.getByLabel("Show").selectOption("product:CAD-LT");
  await until(page, "Half of the entitlements of Product CAD-LT are activated");
  expect(await shown()).not.toBe(chart);
  expect(await page.locator("figcaption").first().innerText()).toContain("Entitlements of Product CAD-LT.");
  expect(await page.getByRole("radio", { name: "Product" }).count()).toBe(0);
  expect(await page.locator("main[data-loading]").count()).toBe(0);
  await page.getByLabel("Period").selectOption("12");
  await until(page, "of Product CAD-LT ordered in the last 12 months");
  expect(page.url()).toMatch(/#of=product%3ACAD-LT&period=12$/);
  const narrowed = await said();
  await page.reload();
  await drawn(page, 6);
  expect(await said()).toBe(narrowed);
  expect(await page.getByLabel("Show").inputValue()).toBe("product:CAD-LT");
  await page.getByLabel("Show").selectOption("");
  await page.getByLabel("Period").selectOption("");
  await until(page, "Half of all entitlements");
  await drawn(page, 6);
  expect([await said(), await shown()]).toEqual([lede, chart]);
  expect(page.url()).not.toContain("#");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a page of a site that is not there any more says so when a choice cannot be had", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("activation.html"));
  await drawn(page, 6);
  const waits = join(folder, "waits");
  await rename(waits, `${waits}-gone`);
  try {
    await page.getByLabel("Show").selectOption("product:CAD-LT");
    await page.locator(".lede").getByText("The reports were built anew since this page was opened").waitFor();
    expect(await page.locator("figure").count()).toBe(0);
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
  } finally {
    await rename(`${waits}-gone`, waits);
  }
  await page.getByLabel("Show").selectOption("");
  await drawn(page, 6);
  await page.context().close();
});
