// What a reader asks of the pages of platforms and of license models: of a scope, over time, by one thing and another.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "../../reports/build.ts";
import { removeHome, vendorHome } from "../reports/support.ts";
import { type Served, drawn, openBrowser, openPage, serve } from "./support.ts";

let home: string;
let browser: Browser;
let site: Served;

beforeAll(async () => {
  home = await vendorHome();
  site = await serve((await buildSite({ home })).folder);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
  await removeHome(home);
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
