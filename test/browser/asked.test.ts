// What readers ask of the pages: compared by what, of a scope and a period, over time.

import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { type Served, drawn, openBrowser, openPage, serve } from "./support.ts";

let browser: Browser;
let site: Served;

beforeAll(async () => {
  [site, browser] = [await serve(inject("vendor").internal), await openBrowser()];
});

afterAll(async () => {
  await browser.close();
  await site.close();
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
  const folder = await temporaryFolder();
  await cp(inject("vendor").internal, folder, { recursive: true });
  const own = await serve(folder);
  const { page, faults } = await openPage(browser, own);
  await page.goto(own.at("activation.html"));
  await drawn(page, 6);
  await rename(join(folder, "waits"), join(folder, "gone"));
  await page.getByLabel("Show").selectOption("product:CAD-LT");
  await page.locator(".lede").getByText("The reports were built anew since this page was opened").waitFor();
  expect(await page.locator("figure").count()).toBe(0);
  expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
  await page.getByLabel("Show").selectOption("");
  await drawn(page, 6);
  await page.context().close();
  await own.close();
});

test("what is chosen goes along to another page, and all that is told there is of it", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("platforms.html#of=product%3ACAD-LT"));
  await page.getByText(/^For Product CAD-LT, \d+% of active hosts run /).waitFor();
  await page.getByRole("link", { name: "Models" }).click();
  await page.getByText(/^For Product CAD-LT, “.*” is the most used license model/).waitFor();
  await drawn(page, 5);
  const titles = await page.locator("figure h3").allInnerTexts();
  expect(titles.length).toBeGreaterThanOrEqual(4);
  expect(titles.filter((title) => !title.endsWith(": Product CAD-LT"))).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("customers of a system are counted month by month, and of its versions not at all", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("platforms.html#as=customers"));
  const chart = page.getByRole("img", { name: "Customers by month and platform" });
  await chart.waitFor();
  expect(await chart.getAttribute("aria-description")).toMatch(/macOS: \d+ in October 2026/);
  await page.getByRole("radio", { name: "System version" }).check();
  await page.getByRole("img", { name: "Active hosts by week and platform" }).waitFor();
  expect(await page.getByRole("radio", { name: "Customers" }).count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("an address asks what would be lost with a version, and a choice changes both", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("platforms.html#ends=linux+"));
  const says = (text: string) =>
    page
      .locator("p")
      .filter({ hasText: `If support for ${text}` })
      .waitFor();
  const ends = page.getByRole("combobox", { name: "Support ends for" });
  // Linux of no stated version is no version that could end: the first stands in its place.
  await says("macOS 15 ended, 4 customers");
  await ends.selectOption({ label: "Windows 11" });
  await says("Windows 11 ended, 4 customers would have nothing left that runs");
  expect(page.url()).toMatch(/#ends=windows\+11$/);
  await page.reload();
  await says("Windows 11 ended");
  expect(await ends.inputValue()).toBe("windows 11");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("license models are measured and taken together as the address says", async () => {
  const { page, faults } = await openPage(browser, site);
  await page.goto(site.at("license-models.html#by=metric&measure=EUR"));
  await page.getByRole("heading", { name: "Booked in EUR by month" }).waitFor();
  await page.getByRole("img", { name: "License models by month" }).waitFor();
  const told = await page
    .getByRole("img", { name: "License models by month" })
    .getAttribute("aria-description");
  expect(told).toMatch(/^(Node locked|Floating): €/);
  await page.getByRole("radio", { name: "Customers" }).check();
  await page.getByRole("heading", { name: "Customers with an entitlement in force" }).waitFor();
  expect(page.url()).toMatch(/#by=metric&measure=customers$/);
  expect(faults).toEqual([]);
  await page.context().close();
});
